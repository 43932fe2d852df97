"""Whatever is done leaves an entry in the port's chain; whatever is changed, taken out or put in afterwards is found."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.admission.desks import running_suite
from tests.admission.histories import realistic_history
from tests.admission.rows import select
from tests.conftest import MovingClock

from admission.covered import covered_rows, rows_without_entry
from crossing.kit.database import create_engine
from crossing.kit.verify import verify_chains

pytestmark = pytest.mark.anyio

COVERED = [
    "examinations",
    "revisions",
    "presented_rulings",
    "stays",
    "ports",
    "terminals",
    "audit_entries",
    "chain_heads",
]
# Which entry speaks of a row: its subject, from the row's columns.
SUBJECTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "examinations": lambda row: f"examinations/{row['id']}/1",
    "revisions": lambda row: f"examinations/{row['examination_id']}/{row['revision']}",
    "presented_rulings": lambda row: f"examinations/{row['examination_id']}/{row['revision']}",
    "stays": lambda row: f"examinations/{row['examination_id']}/{row['revision']}",
    "ports": lambda row: f"ports/{row['id']}",
    "terminals": lambda row: f"ports/{row['port_id']}/terminals/{row['id']}",
}


@pytest.fixture(scope="module")
async def history(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Path]:
    """The folder of a suite that has stopped, after a realistic history."""
    folder = tmp_path_factory.mktemp("history")
    async with running_suite(folder, MovingClock(datetime(2026, 11, 21, 15, 0, tzinfo=UTC))) as desk:
        await realistic_history(desk)
    with closing(sqlite3.connect(folder / "admission.sqlite")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
    yield folder


@contextmanager
def tampered(history: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the database, open to somebody who goes round the service."""
    shutil.copy(history / "admission.sqlite", tmp_path)
    with closing(sqlite3.connect(tmp_path / "admission.sqlite")) as connection, connection:
        yield connection


async def faults(folder: Path) -> list[tuple[str, int, str]]:
    engine = create_engine(f"sqlite+aiosqlite:///{folder / 'admission.sqlite'}")
    try:
        async with engine.connect() as connection:
            _, found = await verify_chains(connection, covered_rows, rows_without_entry)
    finally:
        await engine.dispose()
    return [(fault.chain, fault.seq, fault.message) for fault in found]


async def test_a_realistic_history_verifies_and_every_row_has_its_entry(history: Path) -> None:
    assert await faults(history) == []
    events = {row[0] for row in select(history, "SELECT event FROM audit_entries")}
    assert events == {
        "chain.begun",
        "port.opened",
        "terminal.registered",
        "examination.opened",
        "examination.facts_added",
        "examination.referred",
        "examination.decided",
        "examination.superseded",
        "examination.withdrawn",
        "history.read",
    }
    chains = select(history, "SELECT chain, count(*), max(seq) FROM audit_entries GROUP BY chain ORDER BY chain")
    assert chains == [("CA-YUL", 4, 4), ("US-DETROIT", 13, 13), ("subjects", 1, 1)]


def flips(value: Any) -> list[bytes | int | str]:
    """A value with one byte changed: one bit at each end, and one that makes a text no UTF-8 any more."""
    if value is None:
        return ["x"]
    if isinstance(value, int):
        return [value ^ 0x40]
    raw = value.encode()
    return [
        bytes([raw[0] ^ 1]) + raw[1:],
        raw[:-1] + bytes([raw[-1] ^ 1]),
        raw[: len(raw) // 2] + bytes([raw[len(raw) // 2] ^ 0x80]) + raw[len(raw) // 2 + 1 :],
    ]


@pytest.mark.parametrize("table", COVERED)
async def test_one_byte_changed_in_any_column_is_found_and_its_entry_named(
    history: Path, tmp_path: Path, table: str
) -> None:
    flipped = 0
    missed: list[str] = []
    with tampered(history, tmp_path) as connection:
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute(f"SELECT rowid AS place, * FROM {table} ORDER BY rowid")]
    for number, column in enumerate(sorted(set(rows[0]) - {"place"})):
        row = rows[number % len(rows)]
        named = entry_of(history, table, row)
        for value in flips(row[column]):
            with tampered(history, tmp_path) as connection:
                cast = "CAST(? AS TEXT)" if isinstance(value, bytes) else "?"
                connection.execute(f"UPDATE {table} SET {column} = {cast} WHERE rowid = ?", (value, row["place"]))
            flipped += 1
            found = await faults(tmp_path)
            if not any(fault[: len(named)] == named for fault in found):
                missed.append(f"{table}.{column} of {named}: {value!r}: {found}")
    print(f"{table}: flipped={flipped} missed={len(missed)}")
    assert flipped > len(rows[0])
    assert not missed, "\n".join(missed)


def entry_of(history: Path, table: str, row: dict[str, Any]) -> tuple[str] | tuple[str, int]:
    """Chain and number of the entry that a fault in a row must name; of a head, the chain."""
    if table == "chain_heads":
        return (row["chain"],)
    if table == "audit_entries":
        return row["chain"], row["seq"]
    [found] = select(history, "SELECT chain, seq FROM audit_entries WHERE subject = ?", SUBJECTS[table](row))
    return found[0], found[1]


async def test_a_deleted_entry_is_missed_where_it_stood(history: Path, tmp_path: Path) -> None:
    for seq in range(1, 14):
        with tampered(history, tmp_path) as connection:
            connection.execute("DELETE FROM audit_entries WHERE chain = 'US-DETROIT' AND seq = ?", (seq,))
        found = await faults(tmp_path)
        assert ("US-DETROIT", seq) in {fault[:2] for fault in found}, seq


async def test_two_entries_that_changed_places_are_both_found(history: Path, tmp_path: Path) -> None:
    with tampered(history, tmp_path) as connection:
        for old, new in ((5, 99), (6, 5), (99, 6)):
            connection.execute("UPDATE audit_entries SET seq = ? WHERE chain = 'US-DETROIT' AND seq = ?", (new, old))
    assert {("US-DETROIT", 5), ("US-DETROIT", 6)} <= {fault[:2] for fault in await faults(tmp_path)}


@pytest.mark.parametrize("kept", [0, 1, 12])
async def test_a_chain_that_was_cut_short_does_not_agree_with_its_head(
    history: Path, tmp_path: Path, kept: int
) -> None:
    with tampered(history, tmp_path) as connection:
        connection.execute("DELETE FROM audit_entries WHERE chain = 'US-DETROIT' AND seq > ?", (kept,))
    assert ("US-DETROIT", 13, "the head of the chain does not agree with its last entry") in await faults(tmp_path)


async def test_a_chain_without_its_head_is_found(history: Path, tmp_path: Path) -> None:
    with tampered(history, tmp_path) as connection:
        connection.execute("DELETE FROM chain_heads WHERE chain = 'CA-YUL'")
    assert ("CA-YUL", 0, "the chain has no head") in await faults(tmp_path)


async def test_a_deleted_row_is_missed_by_the_entry_that_covers_it(history: Path, tmp_path: Path) -> None:
    for table, subject in SUBJECTS.items():
        with tampered(history, tmp_path) as connection:
            connection.row_factory = sqlite3.Row
            row = dict(connection.execute(f"SELECT rowid AS place, * FROM {table} ORDER BY rowid LIMIT 1").fetchone())
            connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (row["place"],))
        named = entry_of(history, table, row)
        assert (*named, f"a row it covers was changed: {event_of(history, *named)} {subject(row)}") in await faults(
            tmp_path
        )


def event_of(history: Path, chain: str, seq: int) -> str:
    [(event,)] = select(history, "SELECT event FROM audit_entries WHERE chain = ? AND seq = ?", chain, seq)
    return str(event)


async def test_a_decision_put_in_beside_the_service_is_found(history: Path, tmp_path: Path) -> None:
    """The latest revision says how an examination stands: a forged one would admit whom an officer refused."""
    with tampered(history, tmp_path) as connection:
        connection.execute(
            "INSERT INTO revisions SELECT examination_id, revision + 1, port_id, kind, state, at, actor, terminal_id,"
            " country, day, seeking, overlays, facts, findings, pack_digest, classes, determination_digest, detail"
            " FROM revisions WHERE kind = 'superseded'"
        )
        [(forged,)] = connection.execute(
            "SELECT examination_id || '/' || max(revision) FROM revisions WHERE kind = 'superseded'"
        )
    assert await faults(tmp_path) == [("US-DETROIT", 0, f"no entry covers examinations/{forged}")]


async def test_a_ruling_put_in_beside_the_service_is_found(history: Path, tmp_path: Path) -> None:
    with tampered(history, tmp_path) as connection:
        connection.execute(
            "INSERT INTO presented_rulings SELECT examination_id, revision + ?, position + 2, port_id, number, outcome,"
            " token, claims, assessment FROM presented_rulings WHERE revision = 1 AND position = 0",
            (0,),
        )
        connection.execute(
            "INSERT INTO presented_rulings SELECT id, 9, 0, port_id, NULL, 'equal', '', NULL, '{}' FROM examinations"
            " ORDER BY id LIMIT 1"
        )
    messages = [fault[2] for fault in await faults(tmp_path)]
    assert [each.partition(":")[0] for each in messages if "no entry" not in each] == ["a row it covers was changed"]
    assert [each.endswith("/9") for each in messages if "no entry" in each] == [True]


@pytest.mark.parametrize("table", ["ports", "terminals", "examinations"])
async def test_any_other_row_put_in_beside_the_service_is_found(history: Path, tmp_path: Path, table: str) -> None:
    with tampered(history, tmp_path) as connection:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        values = ", ".join(f"{column} || '-2'" if column == "id" else column for column in columns)
        connection.execute(f"INSERT INTO {table} SELECT {values} FROM {table} LIMIT 1")
    [fault] = await faults(tmp_path)
    assert fault[2].startswith("no entry covers")
    assert fault[2].partition("-2")[1]


async def test_an_entry_put_in_at_the_end_does_not_follow(history: Path, tmp_path: Path) -> None:
    with tampered(history, tmp_path) as connection:
        connection.execute(
            "INSERT INTO audit_entries SELECT chain, seq + 1, at, event, actor, subject, content_digest, hash"
            " FROM audit_entries WHERE chain = 'CA-YUL' AND seq = 4"
        )
    assert ("CA-YUL", 5) in {fault[:2] for fault in await faults(tmp_path)}


async def test_verifying_waits_for_nobody_who_writes(history: Path, tmp_path: Path) -> None:
    shutil.copy(history / "admission.sqlite", tmp_path)
    with closing(sqlite3.connect(tmp_path / "admission.sqlite", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("BEGIN IMMEDIATE")
        async with asyncio.timeout(20):
            assert await faults(tmp_path) == []
