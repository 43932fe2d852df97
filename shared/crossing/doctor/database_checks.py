"""Is the database there, safe, its own, and up to date?"""

from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from crossing.doctor.finding import Finding, Installation, not_checked, ok, setting, wrong
from crossing.kit.migrations import foreign_tables, is_current

_OLDEST_POSTGRES: Final = 15
_SKEW_SECONDS: Final = 5.0
_URL: Final = setting("database_url")
_LINK: Final = (
    "SELECT ssl, coalesce(inet_client_addr() <<= '127.0.0.0/8' OR inet_client_addr() = '::1', true)"
    " FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
)


async def database_answers(it: Installation) -> Finding:
    """It can be reached and lets the service in. Every other check of it waits for this one."""
    async with it.engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
    return ok("PostgreSQL" if it.on_postgres else "SQLite")


async def database_is_recent(it: Installation) -> Finding:
    """A version that the suite was tried on."""
    if not it.on_postgres:
        return not_checked("SQLite comes with Python")
    version = int(await _one(it, "SHOW server_version_num")) // 10_000
    if version < _OLDEST_POSTGRES:
        return wrong(f"PostgreSQL {version}", f"upgrade to {_OLDEST_POSTGRES} or later")
    return ok(f"PostgreSQL {version}")


async def link_to_the_database_is_encrypted(it: Installation) -> Finding:
    """What is asked and answered crosses the network by TLS."""
    if not it.on_postgres:
        return not_checked("there is no network between")
    encrypted, near = await _row(it, _LINK)
    if not encrypted and not near:
        return wrong("statements cross the network in the clear", f"end {_URL} with ?ssl=verify-full")
    return ok("by TLS" if encrypted else "on this machine")


async def commits_are_on_disk(it: Installation) -> Finding:
    """What is acknowledged is on the disk: a power cut loses nothing."""
    if not it.on_postgres:
        return ok("every commit waits for the disk")
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        if await _one(it, f"SHOW {name}") == "off":
            return wrong(f"{name} is off", f"set {name} = on for the server, the database and the role")
    return ok("every commit waits for the disk")


async def clocks_of_database_and_service_agree(it: Installation) -> Finding:
    """Within five seconds."""
    if not it.on_postgres:
        return not_checked("SQLite has the clock of its process")
    theirs = (await _one(it, "SELECT clock_timestamp()")).timestamp()
    apart = abs(theirs - it.now().timestamp())
    if apart > _SKEW_SECONDS:
        return wrong(f"they are {apart:.0f} seconds apart", "have both machines keep time by NTP")
    return ok(f"{apart:.1f} seconds apart")


async def database_is_the_service_s_own(it: Installation) -> Finding:
    """It holds this service's tables and not another's: two addresses may have been swapped."""
    if await foreign_tables(it.tables, it.engine):
        return wrong("it holds another service's tables", f"was {_URL} swapped with that of another service?")
    return ok("its own")


async def migrations_are_current(it: Installation) -> Finding:
    """The database stands at the head of the service's history, or ahead of it while a later release is brought in."""
    if not await is_current(it.migrations, it.engine):
        return wrong("the database is behind", f"run `crossing migrate {it.service}` as the role that owns the tables")
    return ok("at the head of the history")


async def _one(it: Installation, statement: str) -> Any:
    return (await _row(it, statement))[0]


async def _row(it: Installation, statement: str) -> Any:
    connection: AsyncConnection
    async with it.engine.connect() as connection:
        return (await connection.execute(text(statement))).one()


CHECKS: Final = (
    database_is_recent,
    link_to_the_database_is_encrypted,
    commits_are_on_disk,
    clocks_of_database_and_service_agree,
    database_is_the_service_s_own,
    migrations_are_current,
)
