"""One read of everything that is kept of a subject, by its keys, on the driver's own connection.

It is done at every examination, where a statement through SQLAlchemy would cost more than the look-up itself.
"""

import asyncio
import sqlite3
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from crossing.kit.database import open_sqlite
from crossing.kit.postgres import DRIVER_ERRORS, driver_connection

#: Of what grows with every journey, the last so many are looked at.
_RECENT: Final = 20
#: SQLite asks after so many steps of its own whether to go on.
_STEPS: Final = 1_000
#: How long SQLite may wait for another process, which happens only where a crash is being cleared up.
_BUSY_MILLISECONDS: Final = 10
#: After which PostgreSQL is told to stop looking for somebody who was let through meanwhile.
_GIVEN_UP_SECONDS: Final = 1.0
_FAULTS: Final = (*DRIVER_ERRORS, SQLAlchemyError, sqlite3.Error, OSError)

#: What is read of each table besides its id, its version and the two keys.
_COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "remedies": {
        name: name
        for name in ("case_id", "control_number", "kind", "membership", "record_kind", "record_id", "content")
    }
    | {
        "applied_at": "applied_at",
        "record_version": "CAST(record_version AS TEXT)",
        "used_at": "(SELECT min(used_at) FROM remedy_uses WHERE remedy_id = remedies.id)",
    },
    "lookouts": {
        name: name for name in ("list", "owner_unit", "kind", "reason", "surname", "given_names", "born_on", "ends_on")
    }
    | {"withdrawn": "CAST(withdrawn AS TEXT)"},
    "members": {name: name for name in ("programme", "state", "valid_until", "classes", "endorsements")},
    "exits": {name: name for name in ("country", "left_on")},
    "stays": {name: name for name in ("country", "class_id", "from_on", "until")},
}
_SAME: Final = ("source", "id", "version", "person_key", "document_key")
_ID: Final = {"members": "number", "stays": "examination_id"}
_WIDTH: Final = max(map(len, _COLUMNS.values()))


#: A table's name with a row of it.
Found = tuple[str, Mapping[str, Any]]


class NoAnswer(Exception):
    """The database did not answer in time, or not at all; the argument names the kind of fault."""


class SubjectReader(Protocol):
    """Reads what is kept of a subject."""

    async def read(self, person: str, document: str | None, membership: str | None, seconds: float) -> list[Found]:
        """Rows by table, newest version only, within so many seconds; raises ``NoAnswer``."""

    async def aclose(self) -> None:
        """Let go of the database."""


def _select(table: str, condition: str) -> str:
    identifier, version = _ID.get(table, "id"), "revision" if table == "stays" else "version"
    padding = ["NULL"] * (_WIDTH - len(_COLUMNS[table]))
    columns = ", ".join(
        [f"'{table}'", identifier, version, "person_key", "document_key", *_COLUMNS[table].values(), *padding]
    )
    if table not in ("remedies", "stays"):
        newer = f"newer.{identifier} = {table}.{identifier} AND newer.version > {table}.version"
        condition = f"({condition}) AND NOT EXISTS (SELECT 1 FROM {table} AS newer WHERE {newer})"
    return f"SELECT {columns} FROM {table} WHERE {condition}"


def _recent(table: str, day: str) -> list[str]:
    """The last rows of a table by either key: each a walk along an index, however often a person travels."""
    found = [_select(table, f"{key} = ${number}") for number, key in ((1, "person_key"), (2, "document_key"))]
    return [f"SELECT * FROM ({each} ORDER BY {day} DESC LIMIT {_RECENT}) AS recent" for each in found]


_KEYS: Final = "person_key = $1 OR document_key = $2"
_STATEMENT: Final = " UNION ALL ".join(
    [
        _select("remedies", f"{_KEYS} OR membership = $3"),
        _select("lookouts", _KEYS),
        _select("members", f"{_KEYS} OR number = $3"),
        *_recent("exits", "left_on"),
        *_recent("stays", "from_on"),
    ]
)


def _named(rows: Sequence[Sequence[Any]]) -> list[Found]:
    """Rows with their columns' names; what both keys find is found once."""
    found = {(row[0], row[1], row[2]): row for row in rows}
    return [(row[0], dict(zip((*_SAME, *_COLUMNS[row[0]]), row, strict=False))) for row in found.values()]


class SqliteReader:
    """Reads on a connection of its own, where it stands: nobody who writes is waited for.

    A hop to a thread costs seven times the read, and on a busy loop more than the time there is.
    """

    def __init__(self, url: str) -> None:
        self._connection = open_sqlite(url)
        for pragma in ("query_only = ON", f"busy_timeout = {_BUSY_MILLISECONDS}"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._statement = _STATEMENT.replace("$", "?")
        self._deadline = 0.0
        self._connection.set_progress_handler(lambda: time.monotonic() > self._deadline, _STEPS)

    async def read(self, person: str, document: str | None, membership: str | None, seconds: float) -> list[Found]:
        """See ``SubjectReader.read``."""
        self._deadline = time.monotonic() + seconds
        try:
            return _named(self._connection.execute(self._statement, (person, document, membership)).fetchall())
        except sqlite3.Error as error:
            raise NoAnswer(type(error).__name__) from error

    async def aclose(self) -> None:
        """See ``SubjectReader.aclose``."""
        self._connection.close()


class PostgresReader:
    """Reads with one statement on the pool's own connection."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def read(self, person: str, document: str | None, membership: str | None, seconds: float) -> list[Found]:
        """See ``SubjectReader.read``."""
        reading = asyncio.ensure_future(self._read(person, document, membership))
        # Not cancelled: a connection that is being made breaks when it is, and the next check may have it.
        await asyncio.wait({reading}, timeout=seconds)
        if not reading.done():
            reading.add_done_callback(_let_go)
            raise NoAnswer("TimeoutError")
        try:
            return _named(reading.result())
        except _FAULTS as error:
            raise NoAnswer(type(error).__name__) from error

    async def _read(self, *keys: str | None) -> list[Any]:
        async with driver_connection(self._engine) as driver:
            rows: list[Any] = await driver.fetch(_STATEMENT, *keys, timeout=_GIVEN_UP_SECONDS)
            return rows

    async def aclose(self) -> None:
        """See ``SubjectReader.aclose``; the engine is its owner's to dispose of."""


def _let_go(reading: "asyncio.Task[list[Any]]") -> None:
    """Take note of how a read ended that nobody waits for any more."""
    if not reading.cancelled():
        reading.exception()


def subject_reader(url: str, engine: AsyncEngine) -> SubjectReader:
    """The reader for a database, whose engine stands already."""
    return SqliteReader(url) if make_url(url).get_backend_name() == "sqlite" else PostgresReader(engine)
