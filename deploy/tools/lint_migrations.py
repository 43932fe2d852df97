"""``make lint-migrations``: squawk reads what each migration since the first release would tell PostgreSQL.

It looks for what would hold up the release that still runs: locks, rewritten tables, columns that vanish.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from crossing.cli.services import ServiceName, migrations_of
from crossing.kit.migrations import sql_of

_TOOLS = Path(__file__).parent
#: The last revision of each service before anything was in production: nothing could be held up.
_BEFORE = {ServiceName.ADMISSION: "0003", ServiceName.ADVANCE_RULING: "0003", ServiceName.REDRESS: "0002"}


def main() -> int:
    """Lint the migrations of every service; what squawk ends with."""
    squawk = _TOOLS / "node_modules/@squawk-cli/linux-x64/bin/squawk"
    if not squawk.exists():
        print("lint-migrations: squawk is not there: run make lint-migrations, which installs it", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        files = []
        for service, before in _BEFORE.items():
            files.append(Path(name) / f"{service.value}.sql")
            files[-1].write_text(sql_of(migrations_of(service), before))
        return subprocess.run([squawk, "--config", _TOOLS / "squawk.toml", *files], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
