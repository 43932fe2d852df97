"""Database connections: SQLite in the embedded suite, PostgreSQL in production, the same code above."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import MetaData, event, text
from sqlalchemy.engine import Connection, Dialect, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.types import String, TypeDecorator
from starlette.requests import Request

from crossing.kit.postgres import USUAL, Bounds, postgres_engine

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
_BUSY_MILLISECONDS = 2_000
_WRITES = "crossing_writes"


def new_metadata() -> MetaData:
    """Tables of one service, with one way of naming constraints."""
    return MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant in UTC, stored as RFC 3339 text with microseconds, so that both engines keep and sort it alike."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else format_instant(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


def format_instant(instant: datetime) -> str:
    """An instant as RFC 3339 text in UTC: ``2026-11-21T14:03:07.000123Z``; ``ValueError`` without a time zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def create_engine(url: str, bounds: Bounds = USUAL, **settings: str) -> AsyncEngine:
    """An engine for a URL that names its driver; the bounds and settings are those of PostgreSQL."""
    if make_url(url).get_backend_name() != "sqlite":
        return postgres_engine(url, bounds, **settings)
    engine = create_async_engine(url, pool_size=4, max_overflow=0, pool_timeout=2)
    event.listen(engine.sync_engine, "connect", prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


@asynccontextmanager
async def pool_beside(url: str, bounds: Bounds) -> AsyncIterator[AsyncEngine]:
    """A pool for what is asked while a request holds a connection: of one pool, all might wait for one another."""
    engine = create_engine(url, bounds)
    try:
        yield engine
    finally:
        await engine.dispose()


def prepare_sqlite(connection: Any, _record: Any = None) -> None:
    """Set up a SQLite connection: WAL, every commit on disk, waiting for the one writer, foreign keys held.

    Text that is no UTF-8 any more is handed over with marks in its place: whoever verifies names it, nobody stops.
    """
    connection.isolation_level = None
    getattr(connection, "driver_connection", connection).text_factory = _text
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={_BUSY_MILLISECONDS}",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITES) else "BEGIN")


def writing(engine: AsyncEngine) -> AbstractAsyncContextManager[AsyncConnection]:
    """A transaction that changes rows: on SQLite it waits for the one writer before it reads what it will change."""
    return engine.execution_options(**{_WRITES: True}).begin()


def open_sqlite(url: str) -> sqlite3.Connection:
    """A connection of the standard library's driver to the file of a SQLite URL, prepared as the engine's are."""
    database = make_url(url).database
    connection = sqlite3.connect(database or ":memory:", check_same_thread=False, timeout=_BUSY_MILLISECONDS / 1000)
    prepare_sqlite(connection)
    return connection


_MARK = text("SELECT pg_logical_emit_message(true, 'crossing', '')")


async def surely_kept(connection: AsyncConnection) -> None:
    """Return once all that ``connection`` sees is kept wherever a commit has to be; ends its transaction.

    A commit that waits for a standby can be seen as soon as its own request has given up waiting. Whoever answers that
    something was done before waits here: what is committed later is on the standby later.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(_MARK)
        await connection.commit()


async def reading(request: Request) -> AsyncIterator[AsyncConnection]:
    """Dependency: a connection for reading.

    On PostgreSQL each statement sees what is committed by then, in a transaction or not; without one, two round trips
    are saved.
    """
    engine: AsyncEngine = request.app.state.engine
    async with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execution_options(isolation_level="AUTOCOMMIT")
        yield connection
