"""Lists and subject checks on PostgreSQL: a long list in one append, one read, and an answer when there is none."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from tests.admission.cases import engineer, opened
from tests.admission.desks import running_service, service_of
from tests.admission.subjects.lists import bring, document_of, lookout, member
from tests.admission.subjects.orders import NUMBER, applied
from tests.conftest import Desk, MovingClock

from admission.covered import covered_rows, rows_without_entry
from admission.subjects.bring import bring as bring_entries
from admission.subjects.entries import LookoutIn
from crossing.kit.verify import verify_chains

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """Admission on PostgreSQL, which has time enough for a check on a busy machine."""
    clock = MovingClock(datetime(2026, 11, 21, 15, 0, tzinfo=UTC))
    async with running_service(tmp_path, clock, database_url=database_url, subject_check_seconds=5.0) as made:
        yield made


async def test_a_subject_is_found_as_on_sqlite(desk: Desk) -> None:
    await bring(desk, "lookouts", lookout("by-name"), lookout("b", surname="Roy", document=document_of()))
    await bring(desk, "lookouts", lookout("by-name", reason="overstay"))
    await bring(desk, "members", member())
    await bring(desk, "exits", {"id": "E", "country": "US", "left_on": "2026-01-02", "port": "x", "surname": "Roy"})
    await applied(desk, "identity_disambiguated", record=("lookout", "by-name", 2))
    async with desk.client() as officer:
        subject = (await opened(officer, engineer(redress_control_number=NUMBER)))["subject"]
    hits = {hit["id"]: (hit["version"], hit["match"], bool(hit["suppressed"])) for hit in subject["lookouts"]}
    assert hits == {"by-name": (2, "name", True), "b": (1, "document", False)}
    assert (subject["look_closer"], subject["member"]["valid"]) == (True, True)
    async with service_of(desk).state.engine.connect() as connection:
        assert (await verify_chains(connection, covered_rows, rows_without_entry))[1] == []


async def test_a_list_longer_than_a_statement_has_parameters_is_kept_whole(desk: Desk) -> None:
    state = service_of(desk).state
    entries = [
        LookoutIn.model_validate(lookout(f"L-{number}", surname="Ünal", owner_unit='é’"\\')) for number in range(3_000)
    ]
    async with state.engine.connect() as connection:
        given = {"secret": state.identity_key, "actor": 'é’"\\', "at": "2026-11-21T15:00:00.000000Z"}
        brought = await bring_entries(state.ledger, connection, "lookouts", entries, **given)
        assert (brought.added, brought.changed) == (3_000, 0)
        assert (await bring_entries(state.ledger, connection, "lookouts", entries, **given)).unchanged == 3_000
        assert (await verify_chains(connection, covered_rows, rows_without_entry))[1] == []


async def test_a_locked_list_keeps_nobody_waiting(database_url: str, tmp_path: Path) -> None:
    clock = MovingClock(datetime(2026, 11, 21, 15, 0, tzinfo=UTC))
    async with running_service(tmp_path, clock, database_url=database_url) as desk, desk.client() as officer:
        beside = await asyncpg.connect(database_url.replace("+asyncpg", ""))
        async with beside.transaction():
            await beside.execute("LOCK TABLE lookouts IN ACCESS EXCLUSIVE MODE")
            examination = await opened(officer, engineer())
        await beside.close()
        assert examination["subject"]["checked"] is False
        assert examination["determination"]["recommended"]["action"] == "admit"
