"""The ``crossing`` command."""

from typer import Typer

from crossing.cli.audit import audit
from crossing.cli.backups import backup, restore
from crossing.cli.checkpoints import checkpoint, new_key
from crossing.cli.determine import determine_file
from crossing.cli.doctor import doctor
from crossing.cli.gateway import gateway
from crossing.cli.jobs import jobs
from crossing.cli.lacking import lacking
from crossing.cli.partitions import partitions
from crossing.cli.production import migrate, service
from crossing.cli.redress import redress
from crossing.cli.rules import rules
from crossing.cli.rulings import rulings
from crossing.cli.serving import demo, serve, token
from crossing.cli.subjects import exits, lookouts, members
from crossing.cli.working import worker

app = Typer(name="crossing", help="Crossing: admission decided with cited reasons.", no_args_is_help=True)
app.add_typer(rules, name="rules")
app.add_typer(audit, name="audit")
audit.command("key")(new_key)
audit.command("checkpoint")(checkpoint)
audit.command("lacking")(lacking)
app.add_typer(jobs, name="jobs")
app.add_typer(rulings, name="rulings")
app.add_typer(lookouts, name="lookouts")
app.add_typer(members, name="members")
app.add_typer(exits, name="exits")
app.add_typer(redress, name="redress")
app.add_typer(gateway, name="gateway")
app.command("determine")(determine_file)
app.command("doctor")(doctor)
app.command("serve")(serve)
app.command("token")(token)
app.command("demo")(demo)
app.command("service")(service)
app.command("worker")(worker)
app.command("migrate")(migrate)
app.command("partitions")(partitions)
app.command("backup")(backup)
app.command("restore")(restore)
