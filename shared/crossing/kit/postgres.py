"""PostgreSQL as a service holds on to it: every wait has an end, a dead connection is noticed, a failover is followed.

A link may fall silent without a word, and then no limit of the server's own ends anything: the driver's does.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Set
from contextlib import asynccontextmanager
from dataclasses import dataclass
from secrets import SystemRandom
from typing import Any, Final, TypeVar

import asyncpg
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from uuid_utils.compat import uuid7

_T = TypeVar("_T")
#: What PostgreSQL or its driver says of anything that went wrong.
DRIVER_ERRORS: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
#: After which a connection is of no more use.
_UNFIT: Final = (
    TimeoutError,
    asyncio.CancelledError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InternalClientError,
)
_CHANCE: Final = SystemRandom()
#: How long a driver takes leave of a server that may not hear it.
_FAREWELL_SECONDS: Final = 0.2
#: The driver waits so much longer than the server, whose word says more.
_GRACE_SECONDS: Final = 0.1
_RESTS: Final = (0.05, 0.15, 0.3)
#: How long a transaction may stand open with nothing asked; a request that takes an upload may be that slow.
_IDLE_SECONDS: Final = 60.0
_READ_ONLY: Final = "25006"
#: SQLSTATEs after which nothing was kept: serialization failure, deadlock, a server that went read-only, one that was
#: told to end, and one that takes nobody yet. After a crash (57P02) nobody knows: the client asks again with its key.
_REPEATABLE: Final = frozenset({"40001", "40P01", _READ_ONLY, "57P01", "57P03"})
#: A lock not had in time: whoever answers a request has no time for another wait, but a command has.
LOCKED: Final = frozenset({"55P03"})


@dataclass(frozen=True)
class Bounds:
    """How many connections a pool has, and how long anything may take; ``None`` means without end.

    ``pool_wait_seconds`` is spent waiting for a connection, or on making one, at all servers in turn;
    ``statement_seconds`` on one statement, of which ``lock_seconds`` waiting for what another holds.
    """

    pool_size: int = 10
    pool_wait_seconds: float = 2.0
    statement_seconds: float | None = 2.5
    lock_seconds: float = 1.0


USUAL: Final = Bounds()
#: For commands, which read or change whole tables while nobody waits for an answer.
UNHURRIED: Final = Bounds(pool_size=2, pool_wait_seconds=10.0, statement_seconds=None)


class _Link(asyncpg.Connection):  # type: ignore[misc]
    """A connection whose farewell is short: whoever gives up a silent server has no time left."""

    async def close(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the driver's own
        await super().close(timeout=None if timeout is None else min(timeout, _FAREWELL_SECONDS))


class _Entrance:
    """Connects to the first of the servers named that takes writes, beginning with the one that did so last."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._last = 0

    async def __call__(self, *, host: Any = None, port: Any = None, **options: Any) -> Any:
        """A connection; raises what the last server said, or ``OSError`` where none answers."""
        several = isinstance(host, list)
        places = list(zip(host, port, strict=True)) if several else [(host, port)]
        options["timeout"] = self._seconds / len(places)
        if several:
            options.setdefault("target_session_attrs", "read-write")
        for rest in (*_RESTS, None):
            for number in (*range(self._last, len(places)), *range(self._last)):
                try:
                    connection = await asyncpg.connect(host=places[number][0], port=places[number][1], **options)
                except (OSError, asyncpg.CannotConnectNowError, asyncpg.TargetServerAttributeNotMatched) as error:
                    refusal = error
                else:
                    self._last = number
                    return connection
            # A server that says nothing has used up the time that there was.
            if rest is None or isinstance(refusal, TimeoutError):
                break
            await asyncio.sleep(rest * _CHANCE.uniform(0.5, 1.0))
        raise refusal


def postgres_engine(url: str, bounds: Bounds, **settings: str) -> AsyncEngine:
    """An engine for PostgreSQL by asyncpg; a URL may name several servers, of which the one that takes writes is used.

    ``settings`` are further ones of the server, for the connections of this pool.
    ``postgresql+asyncpg://role:word@/database?host=first:5432&host=second:5432``
    """
    statement = bounds.statement_seconds
    told = {
        "application_name": str(uuid7()),
        "statement_timeout": _milliseconds(statement),
        "lock_timeout": _milliseconds(bounds.lock_seconds),
        "idle_in_transaction_session_timeout": _milliseconds(_IDLE_SECONDS),
        "jit": "off",  # a statement of ours is over before it would be compiled
        **settings,
    }
    options = {
        "async_creator_fn": _Entrance(bounds.pool_wait_seconds),
        "connection_class": _Link,
        "command_timeout": None if statement is None else statement + _GRACE_SECONDS,
        "server_settings": told,
    }
    engine = create_async_engine(
        url,
        pool_size=bounds.pool_size,
        max_overflow=0,
        pool_timeout=bounds.pool_wait_seconds,
        connect_args=options,
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    event.listen(engine.sync_engine, "handle_error", _note_lost)
    return engine


def _milliseconds(seconds: float | None) -> str:
    return str(round((seconds or 0) * 1000))


def _refuse_closed(connection: Any, _record: Any, _proxy: Any) -> None:
    """Replace a connection that the server closed meanwhile: the driver knows, where asking costs round trips."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _note_lost(context: ExceptionContext) -> None:
    """Give up every connection to a server that is silent, takes no writes any more, or has just taken leave."""
    error = context.original_exception
    if isinstance(error, TimeoutError) or getattr(error, "sqlstate", None) == _READ_ONLY or _taken_leave(error):
        context.is_disconnect = True


def _taken_leave(error: BaseException | None) -> bool:
    """Whether the driver sent nothing, because the server has said that it ends this connection."""
    said = error.__cause__ if error and error.__cause__ else error
    return isinstance(said, asyncpg.InternalClientError) and str(said).startswith("cannot switch to state")


@asynccontextmanager
async def driver_connection(engine: AsyncEngine) -> AsyncIterator[Any]:
    """The driver's own connection out of the pool; one whose command did not end is not given back."""
    async with engine.connect() as connection:
        raw = await connection.get_raw_connection()
        try:
            yield raw.driver_connection
        except _UNFIT:
            await connection.invalidate()
            raise


async def repeated(action: Callable[[], Awaitable[_T]], *, also: Set[str] = frozenset()) -> _T:
    """Do what is one transaction, and again a few times where the database says that nothing of it was kept.

    ``also`` are further SQLSTATEs that allow it. A commit whose outcome is unknown is not repeated: whoever asked does
    so with the same Idempotency-Key.
    """
    for rest in _RESTS:
        try:
            return await action()
        except (asyncpg.PostgresError, asyncpg.InternalClientError, DBAPIError) as error:
            if _sqlstate(error) not in _REPEATABLE | also and not _taken_leave(error):
                raise
        await asyncio.sleep(rest * _CHANCE.uniform(0.5, 1.0))
    return await action()


def _sqlstate(error: Exception) -> str | None:
    """The SQLSTATE that PostgreSQL gave an error, if it is one of its own."""
    said = error.orig if isinstance(error, DBAPIError) else error
    state: str | None = getattr(said, "sqlstate", None)
    return state
