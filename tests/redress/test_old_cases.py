"""Cases that departures opened before cases followed a procedure go on, covered by the audit chain as ever."""

import asyncio
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import create_engine, text
from tests.conftest import MovingClock
from tests.redress.conftest import running_redress
from tests.redress.keeping import Cases, events, instant

from crossing.kit.json_text import json_text
from crossing.kit.ledger import AuditEntry, Insert, chained, content_digest, first_of_chain
from crossing.kit.migrations import alembic_config
from redress.settings import MIGRATIONS

pytestmark = pytest.mark.anyio
OPENED = "2026-11-20T15:00:00.000000Z"
OLD: dict[str, Any] = {
    "id": "01a20203-589b-755d-8f73-8fa02fc3653f",
    "control_number": "ABCDEFGHJ",
    "priority": "P0",
    "kind": "ruling_departed",
    "opened_at": OPENED,
    "examination_id": "01a20203-589b-755d-8f73-8fa02fc36540",
    "ruling": "US-TN-2026-000001",
    "detail": json_text(
        {
            "number": "US-TN-2026-000001",
            "version": 1,
            "ground": "inadmissibility_found",
            "reason": "A conviction of 2019 is recorded.",
            "document": None,
            "proposed_by": "test-officer",
            "confirmed_by": "test-second-officer",
            "examination": "01a20203-589b-755d-8f73-8fa02fc36540",
            "port": "US-DETROIT",
            "language": "fr",
        }
    ),
}


def opened_before(folder: Path) -> None:
    """The database of a service as it was: one case, with the entry that covered it."""
    file = folder / "redress.sqlite"
    command.upgrade(alembic_config(MIGRATIONS, f"sqlite+aiosqlite:///{file}"), "0001")
    begun = first_of_chain(AuditEntry("cases", OPENED, "chain.begun", "system", "chains/cases", content_digest([])))
    digest = content_digest([Insert("cases", OLD)])
    entry = AuditEntry("cases", OPENED, "case.opened", "/admission", f"cases/{OLD['id']}", digest)
    link = chained(str(begun[0].values["hash"]), 2, entry.body())
    rows = [*begun, Insert("cases", OLD), Insert("audit_entries", {**asdict(entry), "seq": 2, "hash": link})]
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        for row in rows:
            names = ", ".join(row.values)
            marks = ", ".join(f":{name}" for name in row.values)
            connection.execute(text(f"INSERT INTO {row.table} ({names}) VALUES ({marks})"), dict(row.values))
        connection.execute(text("UPDATE chain_heads SET seq = 2, hash = :link"), {"link": link})
    engine.dispose()


async def test_an_old_case_goes_on_where_a_new_one_would_stand(tmp_path: Path, clock: MovingClock) -> None:
    await asyncio.to_thread(opened_before, tmp_path)
    async with running_redress(tmp_path, clock, run_worker=False) as service:
        cases = Cases(service, clock)
        case = await cases.read(OLD["id"])
        assert (case.state, events(case), case.latest.clock_since) == ("accepted", ["open"], OPENED)
        assert [each["who"] for each in case.content["conflicts"]] == ["test-officer", "test-second-officer"]
        assert instant(case.content["deemed_at"]) == instant(OPENED) + timedelta(days=120)
        head = await cases.head(OLD["id"])
        assert (head.state, head.priority, bool(head.open)) == ("accepted", "P0", True)
        await cases.work()
        assert events(await cases.read(OLD["id"])) == ["open", "escalate"]
        assert await cases.faults() == []


@pytest.mark.parametrize(
    "changed",
    [
        "UPDATE revisions SET content = '{}'",
        "UPDATE cases SET ruling = NULL",
        "DELETE FROM revisions",
        "INSERT INTO staff VALUES ('me', 1, 'unit', NULL, '[]', 'now', 'me')",
    ],
)
async def test_what_is_put_in_or_changed_beside_the_ledger_is_found(
    tmp_path: Path, clock: MovingClock, changed: str
) -> None:
    await asyncio.to_thread(opened_before, tmp_path)
    async with running_redress(tmp_path, clock, run_worker=False) as service:
        cases = Cases(service, clock)
        assert await cases.faults() == []
        async with service.state.engine.begin() as connection:
            await connection.execute(text(changed))
        assert await cases.faults() != []
