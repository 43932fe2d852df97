"""The months to come have partitions before they come; what none takes is kept all the same."""

import asyncio
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from admission.subjects.tables import lookouts
from crossing.cli import app
from crossing.kit.clock import system_clock
from crossing.kit.database import create_engine, format_instant
from crossing.kit.partitions import bound_of, ensure_partitions, table_of

pytestmark = pytest.mark.anyio
METADATA = lookouts.metadata
PARTITIONED = ["audit_entries", "examinations", "revisions"]
PORT = "INSERT INTO ports VALUES ('CA-MONTREAL', 'CA', 'air', 'air', 'Montréal', 'America/Toronto', '2026')"
ENTRY = "INSERT INTO audit_entries VALUES ('CA-MONTREAL', :seq, :at, 'made', 'agent', 'nothing', '', '')"
WHERE = "SELECT tableoid::regclass::text FROM audit_entries ORDER BY seq"


@pytest.fixture
async def url(database_url: str) -> str:
    """A database with admission's tables, and one entry of a month that none had foreseen."""
    engine = create_engine(database_url)
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
        await connection.execute(text(PORT))
        await connection.execute(text(ENTRY), {"seq": 1, "at": "2026-12-24T18:00:00.000000Z"})
    await engine.dispose()
    return database_url


async def test_months_are_made_once_and_one_that_has_begun_goes_on_where_it_is(url: str) -> None:
    made = {each.table: each for each in await ensure_partitions(url, METADATA, 2, date(2026, 11, 22))}
    assert sorted(made) == PARTITIONED
    assert made["revisions"].partitions == ["revisions_2026_11", "revisions_2026_12", "revisions_2027_01"]
    assert made["audit_entries"].partitions == ["audit_entries_2026_11", "audit_entries_2027_01"]
    assert made["audit_entries"].in_default == ["2026-12"]
    later = await ensure_partitions(url, METADATA, 2, date(2026, 12, 22))
    assert {name for each in later for name in each.partitions} == {f"{name}_2027_02" for name in PARTITIONED}
    assert not [each for each in later if each.in_default]


async def test_an_entry_goes_to_its_month_or_else_to_the_default(url: str) -> None:
    await ensure_partitions(url, METADATA, 2, date(2026, 11, 22))
    engine = create_engine(url)
    async with engine.begin() as connection:
        for seq, at in enumerate(("2026-11-30T23:59:59.999999Z", "2027-01-01T00:00:00.000000Z", "2039-01-01"), 2):
            await connection.execute(text(ENTRY), {"seq": seq, "at": at})
        found = (await connection.execute(text(WHERE))).scalars().all()
    await engine.dispose()
    default = "audit_entries_default"
    assert found == [default, "audit_entries_2026_11", "audit_entries_2027_01", default]
    assert {table_of(name) for name in found} == {"audit_entries"}


def test_the_bounds_of_a_month_sort_with_the_ids_and_instants_of_that_month() -> None:
    assert bound_of("at", date(2027, 1, 1)) == "2027-01-01T00:00:00.000000Z"
    bound = bound_of("id", date(2027, 1, 1))
    milliseconds = int(bound.replace("-", "")[:12], 16)  # RFC 9562 (§5.7)
    assert datetime.fromtimestamp(milliseconds / 1000, UTC) == datetime(2027, 1, 1, tzinfo=UTC)
    assert UUID(bound).version == 7
    assert str(UUID(int=UUID(bound).int - 1)) < bound <= f"{bound[:13]}-7000-8000-000000000000"


async def test_sqlite_has_none_to_make() -> None:
    assert await ensure_partitions("sqlite+aiosqlite://", METADATA, 2, date(2026, 11, 22)) == []


async def test_the_command_makes_them_and_fails_where_a_month_has_none(url: str) -> None:
    engine = create_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text(ENTRY), {"seq": 2, "at": format_instant(system_clock())})
    await engine.dispose()
    command = ["partitions", "admission", "--database-url", url]
    answer = await asyncio.to_thread(CliRunner().invoke, app, [*command, "--months", "0"])
    assert answer.exit_code == 1
    assert answer.stdout.splitlines()[-1] == "partitions: admission: 3 tables, 2 partitions made, 1 without their own"
    answer = await asyncio.to_thread(CliRunner().invoke, app, command)
    assert "examinations: examinations_" in answer.stdout
