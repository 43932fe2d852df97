"""The ledger of production keeps the promises of the embedded one: all of an append or nothing, in an unbroken chain."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import Column, ForeignKey, MetaData, String, Table, text

from crossing.kit.database import create_engine
from crossing.kit.ledger import (
    AuditEntry,
    Conflict,
    Insert,
    PostgresLedger,
    audit_tables,
    chained,
    first_of_chain,
    open_ledger,
)
from crossing.kit.problems import Unavailable

pytestmark = pytest.mark.anyio


WAITING = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


class Kept:
    """A ledger, and what its database holds."""

    def __init__(self, ledger: PostgresLedger, url: str) -> None:
        self.ledger = ledger
        self.url = url

    async def select(self, statement: str) -> list[Any]:
        async with self.ledger.engine.connect() as connection:
            return [tuple(row) for row in await connection.execute(text(statement))]


@pytest.fixture
async def kept(database_url: str) -> AsyncIterator[Kept]:
    metadata = MetaData()
    audit_tables(metadata)
    Table("notes", metadata, Column("id", String(20), primary_key=True), Column("text", String(20), nullable=False))
    Table("lines", metadata, Column("note", String(20), ForeignKey("notes.id"), primary_key=True))
    engine = create_engine(database_url)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await engine.dispose()
    ledger = open_ledger(database_url)
    assert isinstance(ledger, PostgresLedger)
    await ledger.append(first_of_chain(entry("port")), None)
    yield Kept(ledger, database_url)
    await ledger.close()


def note(identifier: str, said: Any = "text") -> Insert:
    return Insert("notes", {"id": identifier, "text": said})


def entry(subject: str, chain: str = "CA-MONTRÉAL") -> AuditEntry:
    return AuditEntry(chain, "2026-11-21T15:00:00.000000Z", "note.kept", "agent-é", subject, "0" * 64)


async def test_each_entry_s_hash_is_the_one_that_the_verifier_works_out(kept: Kept) -> None:
    for name in ("a", "b’é", "c|\\'\""):
        await kept.ledger.append([note(name)], entry(name))
    found = await kept.select("SELECT seq, subject, hash FROM audit_entries ORDER BY seq")
    for (_, _, previous), (seq, subject, link) in zip(found, found[1:], strict=False):
        assert link == chained(previous, seq, entry(subject).body())
    assert await kept.select("SELECT seq, hash FROM chain_heads") == [(4, found[-1][2])]


async def test_a_chain_that_was_never_begun_is_a_conflict_and_keeps_nothing(kept: Kept) -> None:
    with pytest.raises(Conflict) as refusal:
        await kept.ledger.append([note("a")], entry("a", chain="US-NOWHERE"))
    assert refusal.value.table == "chain_heads"
    assert await kept.select("SELECT id FROM notes") == []
    assert await kept.select("SELECT count(*) FROM audit_entries") == [(1,)]


async def test_a_key_that_is_taken_is_a_conflict_and_keeps_nothing(kept: Kept) -> None:
    await kept.ledger.append([note("a")], entry("a"))
    with pytest.raises(Conflict) as refusal:
        await kept.ledger.append([note("b"), note("a")], entry("again"))
    assert refusal.value.table == "notes"
    assert await kept.select("SELECT id FROM notes") == [("a",)]
    assert await kept.select("SELECT max(seq) FROM audit_entries") == [(2,)]


async def test_what_belongs_to_nothing_is_a_conflict_that_names_no_table(kept: Kept) -> None:
    with pytest.raises(Conflict) as refusal:
        await kept.ledger.append([Insert("lines", {"note": "nowhere"})], entry("a"))
    assert refusal.value.table == ""
    assert await kept.select("SELECT max(seq) FROM audit_entries") == [(1,)]


@pytest.mark.parametrize("unwritable", ["\ud800", "x" * 21, object(), "a\x00b"])
async def test_a_value_that_cannot_be_written_is_a_fault_and_no_silence(kept: Kept, unwritable: Any) -> None:
    """A 503 would make the terminal repeat for ever what can never be stored."""
    with pytest.raises(Exception) as refusal:  # noqa: PT011 - the driver has many words for it
        await kept.ledger.append([note("a", unwritable)], entry("a"))
    assert not isinstance(refusal.value, Unavailable | Conflict)
    assert await kept.select("SELECT count(*) FROM notes") == [(0,)]
    await kept.ledger.append([note("b")], entry("b"))


async def test_side_by_side_appends_make_one_unbroken_chain(kept: Kept) -> None:
    await asyncio.gather(*(kept.ledger.append([note(str(number))], entry(str(number))) for number in range(60)))
    found = await kept.select("SELECT seq, subject, hash FROM audit_entries ORDER BY seq")
    assert [row[0] for row in found] == list(range(1, 62))
    for (_, _, previous), (seq, subject, link) in zip(found, found[1:], strict=False):
        assert link == chained(previous, seq, entry(subject).body())


async def test_a_caller_who_leaves_while_the_chain_is_held_leaves_nothing(kept: Kept) -> None:
    other = create_engine(kept.url)
    async with other.connect() as holding:
        await holding.execute(text("SELECT * FROM chain_heads FOR UPDATE"))
        task = asyncio.create_task(kept.ledger.append([note("gone")], entry("gone")))
        while not await kept.select(WAITING):
            await asyncio.sleep(0)
        task.cancel()
        assert isinstance((await asyncio.gather(task, return_exceptions=True))[0], asyncio.CancelledError)
        # The server hears of it by a connection of its own; until then the chain stays held.
        while await kept.select(WAITING):
            await asyncio.sleep(0)
    await other.dispose()
    await kept.ledger.append([note("stays")], entry("stays"))
    assert await kept.select("SELECT id FROM notes") == [("stays",)]
    assert await kept.select("SELECT max(seq) FROM audit_entries") == [(2,)]


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    ledger = open_ledger("postgresql+asyncpg://crossing@127.0.0.1:9/nowhere")
    with pytest.raises(Unavailable):
        await ledger.append([note("a")], entry("a"))
    await ledger.close()


def newest(identifier: str, said: str) -> Insert:
    return Insert("notes", {"id": identifier, "text": said}, replacing=("id",))


async def test_a_row_of_a_read_model_takes_the_place_of_the_one_before(kept: Kept) -> None:
    await kept.ledger.append([newest("a", "first"), note("b")], entry("a"))
    await kept.ledger.append([newest("a", "second")], entry("a"))
    assert await kept.select("SELECT id, text FROM notes ORDER BY id") == [("a", "second"), ("b", "text")]


async def test_a_conflict_beside_it_replaces_nothing(kept: Kept) -> None:
    await kept.ledger.append([newest("a", "first"), note("b")], entry("a"))
    with pytest.raises(Conflict):
        await kept.ledger.append([newest("a", "lost"), note("b")], entry("a"))
    assert await kept.select("SELECT id, text FROM notes ORDER BY id") == [("a", "first"), ("b", "text")]
