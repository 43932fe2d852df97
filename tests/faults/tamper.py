"""G4: somebody who owns the database changes what was recorded; the verifier must find every change.

Single bits are flipped in every column of the ledger: most of them in rows held in memory, each judged by the
verifier's own functions; some of every column in the file itself, where all chains are verified. Whoever knows the
scheme cuts chains off or writes them anew with good hashes, which only signed checkpoints show.
"""

import asyncio
import json
import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from joserfc.jwk import KeySet
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.faults import tampered_history
from tests.faults.forging import CHAIN, CUT, FORGERIES
from tests.faults.report import Report

from admission.covered import covered_rows, rows_without_entry
from crossing.kit.checkpoints import Checkpoint, against, keep, kept, new_key, read_key, take
from crossing.kit.database import create_engine, writing
from crossing.kit.ledger import GENESIS, AuditEntry, Insert, chained, content_digest
from crossing.kit.vault import open_store
from crossing.kit.verify import Fault, verify_chains, wrong_content, wrong_link

FULL = (
    {"flips": 1_000_000, "in_database": 300},
    {"flips": 10_000, "in_database": 0, "plant": "no checkpoints"},
    {"flips": 10_000, "in_database": 0, "plant": "a column left out"},
)
SHORT = ({"flips": 10_000, "in_database": 20},)
LEDGER = (
    "examinations",
    "revisions",
    "presented_rulings",
    "remedy_uses",
    "stays",
    "ports",
    "terminals",
    "remedies",
    "lookouts",
    "members",
    "exits",
    "port_notices",
    "port_notice_readings",
    "audit_entries",
    "chain_heads",
)
#: Bits of text and numbers in the rows and the entry of an examination that was opened, somewhat less than there are.
_BITS_OF_ONE = 25_000
_ENTRY = ("chain", "at", "event", "actor", "subject", "content_digest")
_LEFT_OUT = "detail"


@dataclass(frozen=True)
class Entry:
    """An audit entry with what the verifier judges it by; ``unseen`` is a column that a planted verifier leaves out."""

    previous: str
    seq: int
    stored: str
    entry: AuditEntry
    rows: Sequence[Insert]
    unseen: str | None = None

    def is_found_wrong(self) -> bool:
        rows = [_without(row, self.unseen) for row in self.rows] if self.unseen else self.rows
        return bool(wrong_link(self.previous, self.seq, self.stored, self.entry) or wrong_content(self.entry, rows))

    def places(self) -> Iterator[tuple[int | None, str, int]]:
        """Row (none for the entry itself), column and number of bits of every value that an entry rests on."""
        for name in _ENTRY:
            yield None, name, _bits(getattr(self.entry, name))
        yield from ((None, "seq", _bits(self.seq)), (None, "hash", _bits(self.stored)))
        for number, row in enumerate(self.rows):
            yield from ((number, name, _bits(value)) for name, value in row.values.items())

    def flipped(self, number: int | None, name: str, bit: int) -> "Entry":
        """The same with one bit changed."""
        if number is not None:
            row = self.rows[number]
            rows = list(self.rows)
            rows[number] = Insert(row.table, {**row.values, name: _flipped(row.values[name], bit)})
            return replace(self, rows=rows)
        if name == "seq":
            return replace(self, seq=self.seq ^ 1 << bit)
        if name == "hash":
            return replace(self, stored=_flipped(self.stored, bit))
        return replace(self, entry=replace(self.entry, **{name: _flipped(getattr(self.entry, name), bit)}))


def _bits(value: str | int | None) -> int:
    return 31 if isinstance(value, int) else len((value or "").encode()) * 8


def _flipped(value: Any, bit: int) -> Any:
    if isinstance(value, int):
        return value ^ 1 << bit
    return _flipped_bytes(value.encode(), bit).decode("utf-8", "replace")


def _flipped_bytes(content: bytes, bit: int) -> bytes:
    place, mask = bit // 8, 1 << bit % 8
    return content[:place] + bytes([content[place] ^ mask]) + content[place + 1 :]


def _without(row: Insert, column: str) -> Insert:
    return Insert(row.table, {name: value for name, value in row.values.items() if name != column})


def run(*, flips: int, in_database: int, seed: int = 21, plant: str | None = None) -> Report:
    """Flip that many bits in memory and so many in the database, and forge in every way there is."""
    folder = Path(tempfile.mkdtemp(prefix="crossing-tamper-"))
    try:
        return asyncio.run(_run(folder, flips, in_database, random.Random(seed), seed, plant))
    finally:
        shutil.rmtree(folder)


async def _run(
    folder: Path, flips: int, in_database: int, chance: random.Random, seed: int, plant: str | None
) -> Report:
    file, small = folder / "service" / "admission.sqlite", folder / "small.sqlite"
    checkpoints = await _history(folder, file, small, max(20, flips // _BITS_OF_ONE))
    stated = [] if plant == "no checkpoints" else checkpoints
    entries = await _entries(file, unseen=_LEFT_OUT if plant == "a column left out" else None)
    tried, missed = _flip_in_memory(entries, flips, chance)
    in_file = await _flip_in_file(small, in_database, chance)
    by_chain, by_checkpoint = await _forge(folder, file, stated)
    found = [name for name in FORGERIES if name in by_chain or name in by_checkpoint]
    said = [f"missed in {name}: {count}" for name, count in (missed + in_file).items()]
    said += [f"not found: {name}" for name in FORGERIES if name not in found]
    said.append(f"found by checkpoints only: {', '.join(name for name in found if name not in by_chain)}")
    total = tried + in_database + len(FORGERIES)
    lost = sum(missed.values()) + sum(in_file.values()) + len(FORGERIES) - len(found)
    return Report(
        fault="G4 tampering with the record",
        done=f"{tried:,} bits flipped in rows, {in_database} in the database, {len(FORGERIES)} forgeries",
        acknowledged=total,
        found=total - lost,
        lost=lost,
        held=not lost and tried >= flips,
        detail="; ".join(said),
        seed=seed,
    )


async def _history(folder: Path, file: Path, small: Path, examinations: int) -> list[Checkpoint]:
    """Make a history, a copy of its beginning, and three checkpoints on the way, read back from where they are kept."""
    store, key = open_store(str(folder / "elsewhere")), folder / "checkpoint.key"
    public = new_key(key)
    made: list[Checkpoint] = []

    async def meanwhile() -> None:
        if not made:
            _copy(file, small)
        async with _connected(file) as connection:
            made.append(await take(connection, "admission", f"2026-11-21T15:00:0{len(made)}.000000Z"))
        await keep(made[-1], read_key(key), [store])

    await tampered_history.make(folder / "service", examinations, meanwhile)
    found, refused = await kept(store, "admission", KeySet.import_key_set(json.loads(public.read_text())))
    assert (found, refused) == (made, [])
    return found


def _copy(file: Path, to: Path) -> None:
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


@asynccontextmanager
async def _connected(file: Path) -> AsyncIterator[AsyncConnection]:
    engine = create_engine(f"sqlite+aiosqlite:///{file}")
    try:
        async with writing(engine) as connection:
            yield connection
    finally:
        await engine.dispose()


async def _entries(file: Path, unseen: str | None) -> list[Entry]:
    """Every entry of every chain, each sound; ``unseen`` is a column digested as if it had never been covered."""
    found = []
    async with _connected(file) as connection:
        read = (await connection.execute(text("SELECT * FROM audit_entries ORDER BY chain, seq"))).mappings().all()
        for row in read:
            previous = found[-1].stored if row["seq"] > 1 else GENESIS
            entry = AuditEntry(**{name: row[name] for name in _ENTRY})
            rows = await covered_rows(connection, entry.event, entry.subject)
            found.append(Entry(previous, row["seq"], row["hash"], entry, rows))
            assert not found[-1].is_found_wrong()
    return [_not_seeing(each, unseen) for each in found] if unseen else found


def _not_seeing(entry: Entry, column: str) -> Entry:
    digest = content_digest([_without(row, column) for row in entry.rows])
    said = replace(entry.entry, content_digest=digest)
    stored = chained(entry.previous, entry.seq, said.body())
    return replace(entry, entry=said, stored=stored, unseen=column)


def _flip_in_memory(entries: Sequence[Entry], flips: int, chance: random.Random) -> tuple[int, Counter[str]]:
    """Flip single bits, so many by chance or every one; answers how many, and the columns of those missed."""
    places = [(entry, *place) for entry in entries for place in entry.places()]
    share = min(1.0, 1.05 * flips / sum(bits for *_, bits in places))
    tried, missed = 0, Counter[str]()
    for entry, number, name, bits in places:
        for bit in range(bits):
            if share < 1.0 and chance.random() > share:
                continue
            tried += 1
            if not entry.flipped(number, name, bit).is_found_wrong():
                missed["audit_entries" if number is None else entry.rows[number].table, name] += 1
    return tried, Counter({".".join(place): count for place, count in missed.items()})


async def _flip_in_file(file: Path, flips: int, chance: random.Random) -> Counter[str]:
    """Flip bits in the database itself, column after column of every table, and verify all of it each time."""
    missed: Counter[str] = Counter()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        columns = [(table, row[1]) for table in LEDGER for row in connection.execute(f"PRAGMA table_info({table})")]
        chance.shuffle(columns)
        for number in range(flips):
            table, column = columns[number % len(columns)]
            found = connection.execute(
                f"SELECT rowid, CAST({column} AS BLOB), typeof({column}) FROM {table} WHERE {column} <> ''"
                " ORDER BY random() LIMIT 1"
            ).fetchone()
            if found is None:
                continue  # nothing stands in this column
            place, content, kind = found
            value = _flipped_bytes(content, chance.randrange(len(content) * 8))
            if value.isdigit() and kind == "integer" and int(value) == int(content):
                continue  # another spelling of the same number
            changed = f"UPDATE {table} SET {column} = CAST(? AS {kind}) WHERE rowid = ?"
            connection.execute(changed, (value, place))
            async with _connected(file) as verified:
                if not (await verify_chains(verified, covered_rows, rows_without_entry))[1]:
                    missed[f"{table}.{column} in the database"] += 1
            connection.execute(changed, (content, place))
    return missed


async def _forge(folder: Path, file: Path, stated: Sequence[Checkpoint]) -> tuple[list[str], list[str]]:
    """Forge in every way; the names of what the chains show by themselves, and of what the checkpoints show."""
    by_chain, by_checkpoint = [], []
    for name, forge in FORGERIES.items():
        _copy(file, copy := folder / "forged.sqlite")
        async with _connected(copy) as connection:
            await forge(connection)
        async with _connected(copy) as connection:
            if (await verify_chains(connection, covered_rows, rows_without_entry))[1]:
                by_chain.append(name)
            faults = await against(connection, stated)
        if name == "end cut off with head and rows" and stated:
            assert [_behind(fault) for fault in faults] == [True], faults
        if faults:
            by_checkpoint.append(name)
        copy.unlink()
    return by_chain, by_checkpoint


def _behind(fault: Fault) -> bool:
    """Whether a fault says how far a database that was cut off, or restored from an old copy, has fallen behind."""
    return fault.chain == CHAIN and f"the chain is {CUT} entries behind its checkpoint of" in fault.message
