"""Everything that happens to an application stands in the audit chain of its direction, and verifies."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.advance_ruling.desks import running_rulings
from tests.advance_ruling.histories import happen
from tests.conftest import MovingClock
from typer.testing import CliRunner

from advance_ruling.covered import covered_rows, rows_without_entry
from crossing.cli import app
from crossing.kit.database import create_engine
from crossing.kit.verify import Fault, verify_chains

pytestmark = pytest.mark.anyio


@pytest.fixture
async def history(tmp_path: Path, clock: MovingClock) -> AsyncIterator[Path]:
    """The database of a service after one application of each kind."""
    async with running_rulings(tmp_path, clock) as desk:
        await happen(desk, clock)
    yield tmp_path / "advance-rulings.sqlite"


async def verified(database: Path) -> tuple[int, list[Fault]]:
    engine = create_engine(f"sqlite+aiosqlite:///{database}")
    try:
        async with engine.connect() as connection:
            return await verify_chains(connection, covered_rows, rows_without_entry)
    finally:
        await engine.dispose()


CHANGES = {
    "a file": "UPDATE files SET publication = 'full' WHERE id = (SELECT min(id) FROM files)",
    "an application": "UPDATE applications SET created_by = 'nobody' WHERE id = (SELECT max(id) FROM applications)",
    "facts saved over a file": "UPDATE revisions SET content = replace(content, 'Blaine', 'Blayne')",
    "a step of the clock": "UPDATE revisions SET actor = 'me' WHERE event = 'expire'",
    "a document": "UPDATE evidence SET name = 'other.pdf' WHERE number = 1",
    "a ruling": "UPDATE ruling_versions SET valid_until = '2099-01-01'",
    "a revision taken out": "DELETE FROM revisions WHERE event = 'withdraw'",
    "a revision put in": 'INSERT INTO revisions SELECT application_id, revision + 50, "into", at, actor, party, event, state,'
    " entered, due_at, clock_used_s, clock_since, pattern, content, detail FROM revisions WHERE event = 'withdraw'",
}


async def test_a_sound_history_verifies_and_each_change_is_found(history: Path) -> None:
    read_entries, faults = await verified(history)
    assert faults == []
    assert read_entries > 40
    sound = history.read_bytes()
    for what, statement in CHANGES.items():
        with closing(sqlite3.connect(history)) as connection, connection:
            assert connection.execute(statement).rowcount > 0, what
        _, faults = await verified(history)
        assert faults, what
        history.write_bytes(sound)


async def test_the_command_verifies_the_chains_of_advance_rulings(history: Path) -> None:
    runner = CliRunner()
    options = ["audit", "verify", "--data", str(history.parent), "--service", "advance-ruling"]
    sound = await asyncio.to_thread(runner.invoke, app, options)
    assert sound.exit_code == 0, sound.output
    assert sound.output.endswith("audit entries, 0 at fault\n")
    with closing(sqlite3.connect(history)) as connection, connection:
        connection.execute(CHANGES["a document"])
    changed = await asyncio.to_thread(runner.invoke, app, options)
    assert changed.exit_code == 1
