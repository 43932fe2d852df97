"""Everything that happens to an application stands in the audit chain of its direction, and verifies."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from tests.advance_ruling.cases import (
    DENIAL,
    FILES,
    complete,
    drafted,
    findings,
    opened,
    read,
    sent,
    submitted,
    took,
    traveller,
    under_review,
)
from tests.advance_ruling.conftest import signed_in
from tests.advance_ruling.desks import do_jobs, running_rulings
from tests.conftest import Desk, MovingClock
from typer.testing import CliRunner

from advance_ruling.covered import covered_rows, rows_without_entry
from crossing.cli import app
from crossing.kit.database import create_engine
from crossing.kit.identity import Role
from crossing.kit.verify import Fault, verify_chains

pytestmark = pytest.mark.anyio


@pytest.fixture
async def history(tmp_path: Path, clock: MovingClock) -> AsyncIterator[Path]:
    """The database of a service after one application of each kind."""
    async with running_rulings(tmp_path, clock) as desk:
        await happen(desk, clock)
    yield tmp_path / "advance-rulings.sqlite"


async def happen(desk: Desk, clock: MovingClock) -> None:
    """An issuance, a denial by the clock with a review, a withdrawal, something missing, and a file of three."""
    applicant = signed_in(desk, Role.APPLICANT, "test-applicant")
    adjudicator = signed_in(desk, Role.ADJUDICATOR, "test-adjudicator")
    reader = signed_in(desk, Role.ADJUDICATOR, "test-second-reader")
    async with applicant, adjudicator, reader:
        application = await under_review(applicant, adjudicator)
        await took(adjudicator, application, "findings", findings(), method="PUT")
        await took(adjudicator, application, "issuance")
        denied = await under_review(applicant, adjudicator)
        await took(adjudicator, denied, "findings", findings(US_TN_13="not_met"), method="PUT")
        await took(adjudicator, denied, "denial-proposal", DENIAL)
        await took(reader, denied, "second-reading", {"agrees": True, "reason": "So it is."})
        await three_travellers(applicant)
        await took(applicant, await complete(applicant), "withdrawal")
        missing = await submitted(applicant, await drafted(applicant))
        assert (await sent(applicant, missing, "degree")).status_code == 201
        clock.move(timedelta(days=31))
        await do_jobs(desk)
        assert (await read(applicant, missing["id"]))["state"] == "declined"
        assert (await read(applicant, application["id"]))["state"] == "in_force"
        await took(applicant, denied, "review-request", {"reason": "Read it again."})


async def three_travellers(applicant: httpx.AsyncClient) -> None:
    """A file with two drafts, a third added, and common facts saved over all of them."""
    file = await opened(applicant, travellers=[traveller(), traveller()])
    file = (await applicant.post(f"{FILES}/{file['id']}/travellers", json=traveller())).json()
    headers = {"If-Match": f'"{file["version"]}"'}
    saved = await applicant.patch(f"{FILES}/{file['id']}", json={"request": {"ports": ["Blaine"]}}, headers=headers)
    assert saved.status_code == 200, saved.text


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
    options = ["audit", "verify", "--data", str(history.parent), "--service", "advance-rulings"]
    sound = await asyncio.to_thread(runner.invoke, app, options)
    assert sound.exit_code == 0, sound.output
    assert sound.output.endswith("audit entries, 0 at fault\n")
    with closing(sqlite3.connect(history)) as connection, connection:
        connection.execute(CHANGES["a document"])
    changed = await asyncio.to_thread(runner.invoke, app, options)
    assert changed.exit_code == 1
