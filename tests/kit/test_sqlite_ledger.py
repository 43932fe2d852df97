"""The ledger of the embedded suite: whoever is answered has been recorded, and nobody's mistake is another's loss."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, String, Table, create_engine

from crossing.kit.ledger import (
    AuditEntry,
    Conflict,
    Insert,
    SqliteLedger,
    audit_tables,
    chained,
    first_of_chain,
    open_ledger,
)
from crossing.kit.problems import Unavailable

pytestmark = pytest.mark.anyio


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with chains, notes, and a chain begun for one port."""
    metadata = MetaData()
    audit_tables(metadata)
    Table("notes", metadata, Column("id", String, primary_key=True), Column("text", String, nullable=False))
    engine = create_engine(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    metadata.create_all(engine)
    engine.dispose()
    return tmp_path / "ledger.sqlite"


@pytest.fixture
async def ledger(file: Path) -> AsyncIterator[SqliteLedger]:
    opened = open_ledger(f"sqlite+aiosqlite:///{file}")
    assert isinstance(opened, SqliteLedger)
    await opened.append(first_of_chain(entry("port")), None)
    yield opened
    await opened.close()


def note(identifier: str, text: Any = "text") -> Insert:
    return Insert("notes", {"id": identifier, "text": text})


def entry(subject: str, chain: str = "US-DETROIT") -> AuditEntry:
    return AuditEntry(chain, "2026-11-21T15:00:00.000000Z", "note.kept", "officer", subject, "0" * 64)


def notes(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM notes ORDER BY id")]


def entries(file: Path) -> list[tuple[int, str, str]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT seq, subject, hash FROM audit_entries ORDER BY seq").fetchall()


class Holding:
    """Holds the ledger's thread, so that what is appended meanwhile shares one commit."""

    def __init__(self, ledger: SqliteLedger) -> None:
        self.ledger = ledger

    async def __aenter__(self) -> None:
        loop = asyncio.get_running_loop()
        self._free = asyncio.Event()
        held = asyncio.Event()

        def hold() -> None:
            loop.call_soon_threadsafe(held.set)
            asyncio.run_coroutine_threadsafe(self._free.wait(), loop).result()

        self._held = loop.run_in_executor(self.ledger._thread, hold)
        await held.wait()

    async def __aexit__(self, *_: object) -> None:
        self._free.set()
        await self._held


async def together(ledger: SqliteLedger, *jobs: tuple[list[Insert], AuditEntry | None]) -> list[object]:
    """The outcome of each job, appended in one batch."""
    async with Holding(ledger):
        tasks = [asyncio.create_task(ledger.append(rows, made)) for rows, made in jobs]
        await asyncio.sleep(0)
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_what_was_appended_is_on_disk_when_append_returns(ledger: SqliteLedger, file: Path) -> None:
    await ledger.append([note("a")], entry("a"))
    assert notes(file) == ["a"]
    assert [row[:2] for row in entries(file)] == [(1, "port"), (2, "a")]


async def test_each_entry_s_hash_follows_from_the_one_before(ledger: SqliteLedger, file: Path) -> None:
    await together(ledger, *[([note(name)], entry(name)) for name in "abc"])
    found = entries(file)
    for (_, _, previous), (seq, subject, link) in zip(found, found[1:], strict=False):
        assert link == chained(previous, seq, entry(subject).body())


async def test_a_conflict_in_a_batch_hurts_only_its_own_job(ledger: SqliteLedger, file: Path) -> None:
    await ledger.append([note("taken")], entry("taken"))
    outcomes = await together(
        ledger,
        ([note("before")], entry("before")),
        ([note("new"), note("taken")], entry("conflicting")),
        ([note("after")], entry("after")),
    )
    assert outcomes[0] is outcomes[2] is None
    assert isinstance(outcomes[1], Conflict)
    assert outcomes[1].table == "notes"
    assert notes(file) == ["after", "before", "taken"]
    assert [row[:2] for row in entries(file)] == [(1, "port"), (2, "taken"), (3, "before"), (4, "after")]


@pytest.mark.parametrize("unwritable", ["\ud800", 2**70, object(), None])
async def test_a_value_that_cannot_be_written_hurts_only_its_own_job(
    ledger: SqliteLedger, file: Path, unwritable: object
) -> None:
    async with asyncio.timeout(10):
        outcomes = await together(
            ledger,
            ([note("before")], entry("before")),
            ([note("broken", unwritable)], entry("broken")),
            ([note("after")], entry("after")),
        )
    assert outcomes[0] is outcomes[2] is None
    assert isinstance(outcomes[1], Exception)
    assert notes(file) == ["after", "before"]
    assert [row[1] for row in entries(file)] == ["port", "before", "after"]
    await ledger.append([note("later")], entry("later"))
    assert "later" in notes(file)


async def test_a_chain_that_was_never_begun_is_a_conflict(ledger: SqliteLedger, file: Path) -> None:
    with pytest.raises(Conflict) as refusal:
        await ledger.append([note("a")], entry("a", chain="US-NOWHERE"))
    assert refusal.value.table == "chain_heads"
    assert notes(file) == []


async def test_a_caller_who_leaves_before_the_commit_has_begun_leaves_nothing(ledger: SqliteLedger, file: Path) -> None:
    async with Holding(ledger):
        first = asyncio.create_task(ledger.append([note("first")], entry("first")))
        await asyncio.sleep(0)  # the first job is taken by the thread that is held
        gone = asyncio.create_task(ledger.append([note("gone")], entry("gone")))
        stays = asyncio.create_task(ledger.append([note("stays")], entry("stays")))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
    await asyncio.gather(first, stays)
    assert notes(file) == ["first", "stays"]


async def test_a_caller_who_leaves_during_the_commit_spoils_it_for_nobody(ledger: SqliteLedger, file: Path) -> None:
    async with Holding(ledger):
        tasks = [asyncio.create_task(ledger.append([note(name)], entry(name))) for name in "abc"]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        tasks[1].cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert outcomes[0] is outcomes[2] is None
    assert isinstance(outcomes[1], asyncio.CancelledError)
    assert {"a", "c"} <= set(notes(file))
    assert len(entries(file)) == 1 + len(notes(file))
    await ledger.append([note("later")], entry("later"))


async def test_a_commit_that_fails_is_unavailable_for_every_job_and_nothing_is_kept(
    ledger: SqliteLedger, file: Path
) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        ledger._connection.execute("PRAGMA busy_timeout=50")
        other.execute("BEGIN IMMEDIATE")
        outcomes = await together(ledger, ([note("a")], entry("a")), ([note("b")], entry("b")))
        other.execute("ROLLBACK")
    assert [type(outcome) for outcome in outcomes] == [Unavailable, Unavailable]
    assert notes(file) == []
    await ledger.append([note("c")], entry("c"))
    assert notes(file) == ["c"]
    assert [row[:2] for row in entries(file)] == [(1, "port"), (2, "c")]


async def test_a_full_disk_is_unavailable_and_passes(ledger: SqliteLedger, file: Path) -> None:
    [(pages,)] = ledger._connection.execute("PRAGMA page_count").fetchall()
    ledger._connection.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(Unavailable):
        await ledger.append([note("big", "x" * 1_000_000)], entry("big"))
    ledger._connection.execute("PRAGMA max_page_count=1000000")
    await ledger.append([note("big", "x" * 1_000_000)], entry("big"))
    assert notes(file) == ["big"]


async def test_more_jobs_than_a_batch_holds_are_all_written_in_order(ledger: SqliteLedger, file: Path) -> None:
    names = [f"{number:03}" for number in range(200)]
    outcomes = await together(ledger, *[([note(name)], entry(name)) for name in names])
    assert outcomes == [None] * 200
    assert [row[1] for row in entries(file)] == ["port", *names]


async def test_closing_finishes_what_was_begun(file: Path) -> None:
    opened = open_ledger(f"sqlite+aiosqlite:///{file}")
    await opened.append(first_of_chain(entry("port")), None)
    task = asyncio.create_task(opened.append([note("last")], entry("last")))
    await asyncio.sleep(0)
    await opened.close()
    await task
    assert notes(file) == ["last"]


async def test_every_commit_is_on_disk_before_the_answer(ledger: SqliteLedger) -> None:
    """A power cut after the answer loses nothing: WAL with synchronous=FULL (2)."""
    pragmas = {
        name: ledger._connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def texts(file: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT id, text FROM notes ORDER BY id").fetchall()


def newest(identifier: str, text: Any) -> Insert:
    return Insert("notes", {"id": identifier, "text": text}, replacing=("id",))


async def test_a_row_of_a_read_model_takes_the_place_of_the_one_before(ledger: SqliteLedger, file: Path) -> None:
    await ledger.append([newest("a", "first"), note("b")], entry("a"))
    await ledger.append([newest("a", "second")], entry("a"))
    assert texts(file) == [("a", "second"), ("b", "text")]


async def test_the_last_of_a_batch_stands_and_a_conflict_beside_it_replaces_nothing(
    ledger: SqliteLedger, file: Path
) -> None:
    await ledger.append([note("taken")], None)
    outcomes = await together(
        ledger,
        ([newest("a", "first")], entry("a")),
        ([newest("a", "lost"), note("taken")], entry("a")),
        ([newest("a", "last")], entry("a")),
        ([newest("b", "only"), note("taken")], entry("b")),
    )
    assert [type(each) for each in outcomes] == [type(None), Conflict, type(None), Conflict]
    assert texts(file) == [("a", "last"), ("taken", "text")]
