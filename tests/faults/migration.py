"""F14: a database is migrated while the service decides, beside a report that holds its tables for seconds.

The release at hand is the old one: a next release's history, made here, has one step more, which changes a table that every
request writes to. Planted: a migration that waits for the table as long as it takes; whoever comes after it waits, too.
"""

import asyncio
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import asyncpg
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError
from tests.faults.accounts import account_of
from tests.faults.forked import ForkedService
from tests.faults.journeys import examine
from tests.faults.load import Load
from tests.faults.report import Report
from tests.stage import ServiceProcess, Stage, stage

from admission.settings import MIGRATIONS
from crossing.kit.migrations import alembic_config, upgrade
from crossing.kit.postgres import UNHURRIED

PATIENT: Final = "a migration that waits as long as it takes"
FULL: Final[Sequence[dict[str, Any]]] = (
    {"held_seconds": 5.0, "acknowledged": 2_000},
    {"held_seconds": 5.0, "plant": PATIENT},
)
SHORT: Final[Sequence[dict[str, Any]]] = ({"held_seconds": 2.0},)

_MOST_ATTEMPTS: Final = 20
_STEP: Final = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{following}", "{head}", None, None


def upgrade():
    op.add_column("revisions", sa.Column("remark", sa.Text()))


def downgrade():
    op.drop_column("revisions", "remark")
"""


def run(*, held_seconds: float, acknowledged: int = 50, callers: int = 8, plant: str | None = None) -> Report:
    """Migrate under load, ``acknowledged`` requests before and after, tables held ``held_seconds`` in the midst of it."""
    with stage("admission") as world, _planted(plant):
        admission = world.service("admission", kind=ForkedService).start().wait()
        world.open_ports(admission)
        return asyncio.run(_under_load(world, admission, held_seconds, acknowledged, callers))


async def _under_load(
    world: Stage, admission: ServiceProcess, held_seconds: float, acknowledged: int, callers: int
) -> Report:
    url, history = world.database_url("admission"), _history_of_the_next_release(world.folder)
    load = Load(admission.address, world.token(), examine, callers=callers)
    async with load.running():
        await load.acknowledge(acknowledged)
        began = time.monotonic()
        async with asyncio.TaskGroup() as both:
            both.create_task(_report_that_takes_long(url, held_seconds))
            migrating = both.create_task(asyncio.to_thread(_migrate, history, url))
        took = time.monotonic() - began
        await load.acknowledge(acknowledged)
    account = await account_of("admission", url, load)
    told = len(load.acknowledged)
    # Taken back and taken again, that step and the last one of this release keep what was decided.
    await asyncio.to_thread(command.downgrade, alembic_config(history, url), "-2")
    await asyncio.to_thread(upgrade, history, url)
    again = await account_of("admission", url, load)
    felt = [f"{count} times {what}" for what, count in load.unavailable.items()]
    faults = [*felt, *account.faults, *(f"after going back and forth: {each}" for each in again.faults)]
    return Report(
        fault="F14 migration in traffic",
        done=f"a step of the next release under load, its table held for {held_seconds:g} s",
        acknowledged=told,
        found=min(account.found, again.found),
        lost=max(account.lost, again.lost),
        held=not faults,
        detail="; ".join(faults)
        or f"no answer but of success, slowest {load.slowest_seconds:.2f} s; migrated at attempt {migrating.result()} after {took:.1f} s",
    )


def _history_of_the_next_release(folder: Path) -> Path:
    """A copy of the history with one step more."""
    history = folder / "history"
    shutil.copytree(MIGRATIONS, history, ignore=shutil.ignore_patterns("__pycache__"))
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""
    following = f"{int(head) + 1:04}"
    (history / "versions" / f"{following}_add_remark.py").write_text(_STEP.format(following=following, head=head))
    return history


def _migrate(history: Path, url: str) -> int:
    """Begin as often as an orchestrator begins a job anew; the attempts it took."""
    for attempt in range(1, _MOST_ATTEMPTS):
        try:
            upgrade(history, url)
        except DBAPIError:  # a table was held for too long
            continue
        return attempt
    upgrade(history, url)
    return _MOST_ATTEMPTS


async def _report_that_takes_long(url: str, seconds: float) -> None:
    """Read every table, and hold on to what was read."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        async with connection.transaction():
            for table in ("examinations", "revisions", "audit_entries", "ports"):
                await connection.fetchval(f"SELECT count(*) FROM {table}")
            await asyncio.sleep(seconds)
    finally:
        await connection.close()


@contextmanager
def _planted(plant: str | None) -> Iterator[None]:
    if plant is None:
        yield
        return
    with patch("crossing.kit.migrating.UNHURRIED", replace(UNHURRIED, lock_seconds=60.0)):
        yield
