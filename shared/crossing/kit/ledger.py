"""The ledger: everything a service decides is appended, in one transaction and one round trip, with its audit entry.

Rows are only ever inserted, but for read models, which can be made anew from them. Audit entries form a hash chain for
each port (never one for all), so that ports do not wait for one another. ``append`` returns after the commit; a caller
that is answered has been recorded.
"""

import asyncio
import hashlib
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Final, Protocol

import asyncpg
import orjson
from sqlalchemy import Column, Integer, MetaData, String, Table
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from crossing.kit.database import create_engine, open_sqlite
from crossing.kit.grants import UPDATE, may
from crossing.kit.json_text import json_text
from crossing.kit.partitions import table_of, with_default
from crossing.kit.postgres import DRIVER_ERRORS, USUAL, Bounds, driver_connection, repeated
from crossing.kit.problems import Unavailable

GENESIS: Final = "0" * 64
_LARGEST_BATCH = 64
#: PostgreSQL takes 32,767 parameters in a statement; more rows than this go as JSON.
_MOST_MARKED: Final = 500
#: What SQLite's driver says of a value it cannot store: a mistake of one job, and no other's.
_UNWRITABLE = (sqlite3.ProgrammingError, sqlite3.InterfaceError, ValueError, TypeError, OverflowError)


@dataclass(frozen=True)
class Insert:
    """A row to append.

    With ``replacing``, the columns of a key, it takes the place of the row that has that key: for tables that can be
    made anew from what was appended, and that no audit entry covers.
    """

    table: str
    values: Mapping[str, Any]
    replacing: tuple[str, ...] = ()


@dataclass(frozen=True)
class AuditEntry:
    """What is written of an event: who, when, what, and the digest of the rows it covers. ``chain`` is a port's id."""

    chain: str
    at: str
    event: str
    actor: str
    subject: str
    content_digest: str

    def body(self) -> str:
        """The text that the chain's hash covers."""
        return json_text([self.chain, self.at, self.event, self.actor, self.subject, self.content_digest])


class Conflict(Exception):
    """A row cannot stand in ``table``: its key is taken, or what it belongs to is missing (then no table is named)."""

    def __init__(self, table: str) -> None:
        super().__init__(table)
        self.table = table


class Ledger(Protocol):
    """Where rows and audit entries are appended."""

    async def append(self, rows: Sequence[Insert], entry: AuditEntry | None) -> None:
        """Append rows and their audit entry together; raises ``Conflict`` or ``Unavailable``, and nothing is kept."""

    async def close(self) -> None:
        """Finish what was begun and let go of the database."""


def audit_tables(metadata: MetaData) -> None:
    """Declare the tables of the chains: their heads and their entries."""
    Table(
        "chain_heads",
        metadata,
        Column("chain", String(64), primary_key=True),
        Column("seq", Integer, nullable=False),
        Column("hash", String(64), nullable=False),
        info=may(UPDATE),
    )
    entries = Table(
        "audit_entries",
        metadata,
        Column("chain", String(64), primary_key=True),
        Column("seq", Integer, primary_key=True),
        Column("at", String(27), primary_key=True),  # of the key only because it says the partition
        Column("event", String(64), nullable=False),
        Column("actor", String(128), nullable=False),
        Column("subject", String(128), nullable=False, index=True),
        Column("content_digest", String(64), nullable=False),
        Column("hash", String(64), nullable=False),
        postgresql_partition_by="RANGE (at)",
    )
    with_default(entries)


def first_of_chain(entry: AuditEntry) -> list[Insert]:
    """The rows that begin a chain with its first entry."""
    link = chained(GENESIS, 1, entry.body())
    return [
        Insert("chain_heads", {"chain": entry.chain, "seq": 1, "hash": link}),
        Insert("audit_entries", {**asdict(entry), "seq": 1, "hash": link}),
    ]


async def begin_chain(ledger: Ledger, chain: str, at: str) -> None:
    """Begin an audit chain, unless an earlier start did; raises ``Unavailable``."""
    entry = AuditEntry(chain, at, "chain.begun", "system", f"chains/{chain}", content_digest([]))
    with suppress(Conflict):
        await ledger.append(first_of_chain(entry), None)


def content_digest(rows: Sequence[Insert]) -> str:
    """Digest over the rows an audit entry covers: SHA-256 over their tables, columns and values."""
    text = orjson.dumps([[row.table, dict(row.values)] for row in rows], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()


def chained(previous: str, seq: int, body: str) -> str:
    """The hash of an entry: SHA-256 over the hash before it, its number and its text."""
    return hashlib.sha256(f"{previous}|{seq}|{body}".encode()).hexdigest()


def open_ledger(url: str, bounds: Bounds = USUAL) -> Ledger:
    """The ledger of a database, with connections of its own: who reads while appending can never wait for itself."""
    if make_url(url).get_backend_name() == "sqlite":
        return SqliteLedger(open_sqlite(url))
    # Otherwise each row that holds to one in a table of partitions is planned for anew, which costs half the append.
    return PostgresLedger(create_engine(url, bounds, plan_cache_mode="force_generic_plan"))


Job = tuple[Sequence[Insert], AuditEntry | None]
_ENTRY_COLUMNS: Final = ("chain", "at", "event", "actor", "subject", "content_digest")
_ENTRY: Final = attrgetter(*_ENTRY_COLUMNS)


class SqliteLedger:
    """Appends through one connection and one thread; what arrives while a commit runs shares the next one."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._waiting: deque[tuple[Sequence[Insert], AuditEntry | None, asyncio.Future[None]]] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def append(self, rows: Sequence[Insert], entry: AuditEntry | None) -> None:
        """See ``Ledger.append``."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((rows, entry, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        await done

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), _LARGEST_BATCH))]
            batch = [each for each in taken if not each[2].cancelled()]
            jobs = [(rows, entry) for rows, entry, _ in batch]
            results = await loop.run_in_executor(self._thread, self._commit, jobs)
            for (_, _, done), result in zip(batch, results, strict=True):
                if done.cancelled():
                    continue
                if result is None:
                    done.set_result(None)
                else:
                    done.set_exception(result)

    def _commit(self, jobs: Sequence[Job]) -> list[Exception | None]:
        """Commit all jobs at once; where one of them cannot stand, each by itself, so that the others do."""
        try:
            try:
                self._together(jobs)
                return [None] * len(jobs)
            except (sqlite3.IntegrityError, *_UNWRITABLE):
                self._connection.execute("ROLLBACK")
                return self._one_by_one(jobs)
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            return [_unavailable(error) for _ in jobs]

    def _together(self, jobs: Sequence[Job]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._insert([row for rows, _ in jobs for row in rows], [entry for _, entry in jobs if entry])
        self._connection.execute("COMMIT")

    def _one_by_one(self, jobs: Sequence[Job]) -> list[Exception | None]:
        execute = self._connection.execute
        results: list[Exception | None] = []
        execute("BEGIN IMMEDIATE")
        for rows, entry in jobs:
            execute("SAVEPOINT job")
            try:
                self._insert(rows, [entry] if entry else [])
                results.append(None)
            except (sqlite3.IntegrityError, *_UNWRITABLE) as error:
                execute("ROLLBACK TO job")
                results.append(_sqlite_conflict(error) if isinstance(error, sqlite3.IntegrityError) else error)
            execute("RELEASE job")
        execute("COMMIT")
        return results

    def _insert(self, rows: Sequence[Insert], entries: Sequence[AuditEntry]) -> None:
        """Insert rows, those of a table together, and entries at the heads of their chains."""
        alike: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[tuple[Any, ...]]] = {}
        for row in rows:
            kind = (row.table, tuple(row.values), row.replacing)
            alike.setdefault(kind, []).append(tuple(row.values.values()))
        for kind, values in alike.items():
            self._connection.executemany(_insertion(*kind), values)
        if entries:
            self._link(entries)

    def _link(self, entries: Sequence[AuditEntry]) -> None:
        heads: dict[str, tuple[int, str]] = {}
        linked = []
        for entry in entries:
            seq, previous = heads.get(entry.chain) or self._head(entry.chain)
            link = chained(previous, seq + 1, entry.body())
            heads[entry.chain] = seq + 1, link
            linked.append((*_ENTRY(entry), seq + 1, link))
        moved = [(seq, link, chain) for chain, (seq, link) in heads.items()]
        self._connection.executemany("UPDATE chain_heads SET seq = ?, hash = ? WHERE chain = ?", moved)
        self._connection.executemany(_insertion("audit_entries", (*_ENTRY_COLUMNS, "seq", "hash")), linked)

    def _head(self, chain: str) -> tuple[int, str]:
        """Number and hash of a chain's last entry; raises ``sqlite3.IntegrityError`` where it was never begun."""
        head = self._connection.execute("SELECT seq, hash FROM chain_heads WHERE chain = ?", (chain,)).fetchone()
        if head is None:
            raise sqlite3.IntegrityError("FOREIGN KEY constraint failed: chain_heads.chain")
        return head[0], head[1]

    async def close(self) -> None:
        """See ``Ledger.close``."""
        if self._writer:
            await self._writer
        self._thread.shutdown()
        self._connection.close()


@cache
def _insertion(table: str, columns: tuple[str, ...], replacing: tuple[str, ...] = ()) -> str:
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({_named(columns)}) VALUES ({marks}){_replacement(columns, replacing)}"


def _replacement(columns: Iterable[str], replacing: tuple[str, ...]) -> str:
    """What a statement says of a row whose key is taken, in the words of both engines."""
    if not replacing:
        return ""
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in replacing)
    return f" ON CONFLICT ({_named(replacing)}) DO UPDATE SET {changed}"


def _named(columns: Iterable[str]) -> str:
    """Names of columns as a statement lists them; in quotes, since one may be a word of SQL's own."""
    return ", ".join(f'"{name}"' for name in columns)


def _sqlite_conflict(error: sqlite3.IntegrityError) -> Exception:
    table = str(error).partition(": ")[2].partition(".")[0]
    return Conflict(table)


def _unavailable(error: Exception) -> Exception:
    problem = Unavailable(headers={"Retry-After": "1"})
    problem.__cause__ = error
    return problem


class PostgresLedger:
    """Appends with a single statement on the pool's own connection: the server chains, and nothing is read first."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def append(self, rows: Sequence[Insert], entry: AuditEntry | None) -> None:
        """See ``Ledger.append``."""
        statement, values = _one_statement(rows, entry)

        async def execute() -> None:
            async with driver_connection(self.engine) as driver:
                await driver.execute(statement, *values)

        try:
            await repeated(execute)
        except asyncpg.NotNullViolationError as error:
            # No head, no number: the chain was never begun.
            table = table_of(error.table_name or "")
            raise Conflict("chain_heads" if table == "audit_entries" else table) from None
        except asyncpg.ForeignKeyViolationError:
            raise Conflict("") from None
        except asyncpg.IntegrityConstraintViolationError as error:
            raise Conflict(table_of(error.table_name or "")) from None
        except (asyncpg.DataError, ValueError):
            raise  # a value that cannot be stored is a mistake of the caller's, which no repeat would cure
        except (*DRIVER_ERRORS, SQLAlchemyError, OSError) as error:
            raise _unavailable(error) from error

    async def close(self) -> None:
        """See ``Ledger.close``."""
        await self.engine.dispose()


def _insertions(rows: Sequence[Insert], mark: Callable[[Any], str]) -> list[str]:
    return [
        f"i{number} AS (INSERT INTO {row.table} ({_named(row.values)})"
        f" VALUES ({', '.join(mark(value) for value in row.values.values())})"
        f"{_replacement(row.values, row.replacing)})"
        for number, row in enumerate(rows)
    ]


def _insertions_as_json(rows: Sequence[Insert], mark: Callable[[Any], str]) -> list[str]:
    """Insertions of more rows than a statement has parameters for: those of a table are one value, in JSON."""
    alike: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[Mapping[str, Any]]] = {}
    for row in rows:
        alike.setdefault((row.table, tuple(row.values), row.replacing), []).append(row.values)
    return [
        f"i{number} AS (INSERT INTO {table} ({_named(columns)}) SELECT {_named(columns)}"
        f" FROM json_populate_recordset(NULL::{table}, {mark(json_text([dict(each) for each in values]))}::json)"
        f"{_replacement(columns, replacing)})"
        for number, ((table, columns, replacing), values) in enumerate(alike.items())
    ]


def _one_statement(rows: Sequence[Insert], entry: AuditEntry | None) -> tuple[str, list[Any]]:
    values: list[Any] = []

    def mark(value: Any) -> str:
        values.append(value)
        return f"${len(values)}"

    many = len(rows) > _MOST_MARKED
    parts = _insertions_as_json(rows, mark) if many else _insertions(rows, mark)
    if entry is None:
        return f"WITH {', '.join(parts)} SELECT 1", values
    body, chain = mark(entry.body()), mark(entry.chain)
    parts.append(
        "head AS (UPDATE chain_heads SET seq = seq + 1, hash = encode(sha256(convert_to("
        f"hash || '|' || (seq + 1)::text || '|' || {body}::text, 'UTF8')), 'hex')"
        f" WHERE chain = {chain} RETURNING seq, hash)"
    )
    columns = ("at", "event", "actor", "subject", "content_digest")
    kept = ", ".join(f"{mark(getattr(entry, column))}::text" for column in columns)
    # Where there is no head, its number is null, which the table refuses: then nothing of the statement is kept.
    return (
        f"WITH {', '.join(parts)} INSERT INTO audit_entries (chain, seq, {', '.join(columns)}, hash)"
        f" VALUES ({chain}::text, (SELECT seq FROM head), {kept}, (SELECT hash FROM head))",
        values,
    )
