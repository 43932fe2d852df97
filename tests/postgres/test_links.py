"""What becomes of a request when the server, or the link to it, is away: it ends in time, and the next one is served."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy import Column, MetaData, String, Table, text
from sqlalchemy.exc import DBAPIError
from tests.debian_postgres import free_port
from tests.faults.slow_link import slow_link
from tests.postgres.test_postgres_ledger import WAITING, entry, note

from crossing.kit.database import create_engine
from crossing.kit.ledger import Ledger, audit_tables, first_of_chain, open_ledger
from crossing.kit.postgres import Bounds
from crossing.kit.problems import Unavailable

pytestmark = pytest.mark.anyio
BOUNDS = Bounds(pool_size=2, pool_wait_seconds=1.2, statement_seconds=0.6, lock_seconds=0.3)
#: Twice what the bounds allow a statement and a farewell: a machine may be slow, a link without a bound never answers.
SOON = 1.8
COUNT = text("SELECT count(*) FROM notes")


@pytest.fixture
async def url(database_url: str) -> str:
    """A database with a chain that was begun."""
    metadata = MetaData()
    audit_tables(metadata)
    Table("notes", metadata, Column("id", String(20), primary_key=True), Column("text", String(20), nullable=False))
    engine = create_engine(database_url)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await engine.dispose()
    async with opened(database_url) as ledger:
        await ledger.append(first_of_chain(entry("port")), None)
    return database_url


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Ledger]:
    ledger = open_ledger(url, BOUNDS)
    try:
        yield ledger
    finally:
        await ledger.close()


def through(url: str, port: int) -> str:
    """The database behind another port."""
    before, _, rest = url.rpartition(":")
    return f"{before}:{port}/{rest.partition('/')[2]}"


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2].partition("/")[0])


async def asked(url: str, statement: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        rows: list[asyncpg.Record] = await connection.fetch(statement)
        return rows
    finally:
        await connection.close()


@pytest.fixture
def soon() -> Callable[[], bool]:
    started = time.monotonic()
    return lambda: time.monotonic() - started < SOON


async def test_a_link_that_falls_silent_ends_what_is_written_and_serves_again(url: str) -> None:
    async with slow_link(port_of(url)) as link, opened(through(url, link.port)) as ledger:
        await ledger.append([note("before")], entry("before"))
        link.flows.clear()
        for name in ("first", "second"):  # neither waits for what the other left behind
            started = time.monotonic()
            with pytest.raises(Unavailable):
                await ledger.append([note(name)], entry(name))
            assert time.monotonic() - started < SOON
        link.flows.set()
        await ledger.append([note("after")], entry("after"))
    assert {"before", "after"} <= {row["id"] for row in await asked(url, "SELECT id FROM notes")}


async def test_a_link_that_falls_silent_ends_what_is_read_and_serves_again(url: str) -> None:
    async with slow_link(port_of(url)) as link:
        engine = create_engine(through(url, link.port), BOUNDS)
        async with engine.connect() as connection:
            await connection.execute(COUNT)
        link.flows.clear()
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            async with engine.connect() as connection:
                await connection.execute(COUNT)
        assert time.monotonic() - started < SOON
        link.flows.set()
        async with engine.connect() as connection:
            assert (await connection.execute(COUNT)).scalar_one() == 0
        await engine.dispose()


async def test_connections_that_the_server_ended_are_replaced_before_anybody_notices(url: str) -> None:
    engine = create_engine(url, BOUNDS)
    async with opened(url) as ledger, engine.connect() as one, engine.connect() as other:
        for connection in (one, other):
            await connection.execute(COUNT)
        await ledger.append([note("before")], entry("before"))
        await one.close()
        await other.close()
        ours = "datname = current_database() AND pid <> pg_backend_pid()"
        await asked(url, f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {ours}")
        await ledger.append([note("after")], entry("after"))
        async with engine.connect() as again:
            assert (await again.execute(COUNT)).scalar_one() == 2
    await engine.dispose()


async def test_of_several_servers_the_one_that_takes_writes_is_found(url: str, soon: Callable[[], bool]) -> None:
    start, _, database = url.partition("@")
    nobody, there = free_port(), port_of(url)
    database = database.rpartition("/")[2]
    async with slow_link(there) as silent:
        silent.flows.clear()
        hosts = "&".join(f"host=127.0.0.1:{port}" for port in (nobody, silent.port, there))
        async with opened(f"{start}@/{database}?{hosts}") as ledger:
            await ledger.append([note("found")], entry("found"))
            assert soon()
    assert [row["id"] for row in await asked(url, "SELECT id FROM notes")] == ["found"]


REFUSING = """
CREATE SEQUENCE tries;
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('tries') < 3 THEN RAISE EXCEPTION 'once more' USING ERRCODE = '%s'; END IF; RETURN NEW; END $$;
CREATE TRIGGER refuse BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION refuse();
"""


async def refusing(url: str, state: str) -> None:
    """Have the first two insertions refused with an SQLSTATE."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute(REFUSING % state)
    await connection.close()


@pytest.mark.parametrize("state", ["40001", "40P01", "25006", "57P01"])
async def test_what_the_server_took_back_is_written_by_the_third_try(url: str, state: str) -> None:
    await refusing(url, state)
    async with opened(url) as ledger:
        await ledger.append([note("kept")], entry("kept"))
    assert [tuple(row) for row in await asked(url, "SELECT id FROM notes")] == [("kept",)]
    assert [tuple(row) for row in await asked(url, "SELECT max(seq), count(*) FROM audit_entries")] == [(2, 2)]


async def test_what_may_have_been_kept_is_tried_once(url: str) -> None:
    await refusing(url, "57P02")
    async with opened(url) as ledger:
        with pytest.raises(Unavailable):
            await ledger.append([note("unknown")], entry("unknown"))
    assert [tuple(row) for row in await asked(url, "SELECT last_value FROM tries")] == [(1,)]


async def test_what_another_holds_is_waited_for_no_longer_than_agreed(url: str, soon: Callable[[], bool]) -> None:
    other = create_engine(url)
    async with opened(url) as ledger, other.begin() as holding:
        await holding.execute(text("SELECT * FROM chain_heads FOR UPDATE"))
        with pytest.raises(Unavailable):
            await ledger.append([note("waits")], entry("waits"))
        assert soon()
        assert not await asked(url, WAITING)
    await other.dispose()


async def test_a_statement_that_takes_too_long_is_ended_by_the_server(url: str) -> None:
    engine = create_engine(url, BOUNDS)
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError) as refusal:
            await connection.execute(text("SELECT pg_sleep(60)"))
    assert getattr(refusal.value.orig, "sqlstate", None) == "57014"
    await engine.dispose()
