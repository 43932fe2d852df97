"""What the roles of a PostgreSQL database may do: the service appends and reads, and changes only what is no record.

A table that the service may change says so: ``info=may(UPDATE)``. The roles are named for the database, and made
beforehand by ``deploy/postgres/roles.sh`` or whoever runs the server: ``NAME_owner`` runs this, ``NAME_app`` is the
service's, ``NAME_reader`` looks. What is granted is what is said here, however often it is said.
"""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import MetaData, Table, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from crossing.kit.database import create_engine
from crossing.kit.postgres import LOCKED, UNHURRIED, repeated

INSERT: Final = "INSERT"
UPDATE: Final = "UPDATE"
DELETE: Final = "DELETE"
_MAY: Final = "the service may"
_READER_MAY: Final = "the reader may"
#: What Alembic keeps: a service reads where its database stands, and does not say so itself.
_HISTORY: Final = "alembic_version"
_ROLES: Final = text("SELECT rolname FROM pg_roles WHERE rolname IN (:app, :reader)")
_TABLES: Final = text(
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
)


def may(*privileges: str) -> dict[str, Any]:
    """Information for a table whose rows the service may change: a read model, a queue, the head of a chain."""
    return {_MAY: privileges}


def reader_may(*privileges: str) -> dict[str, Any]:
    """Information for a table in which whoever looks writes down what was found."""
    return {_READER_MAY: privileges}


def allowed_on(table: Table) -> frozenset[str]:
    """What the service may do to the rows of a table."""
    return frozenset({"SELECT", "INSERT", *table.info.get(_MAY, ())})


async def grant(url: str, metadata: MetaData) -> list[str]:
    """Grant the roles of a database what they need; which of them there are. SQLite has none.

    Holds for tables that are made later, too, but for those that may be changed: say it again after a migration.
    Raises ``DBAPIError`` when the role of the URL does not own the database.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return []
    engine = create_engine(url, UNHURRIED)

    async def granted() -> list[str]:
        async with engine.begin() as connection:
            return await _grant(connection, metadata)

    try:
        return await repeated(granted, also=LOCKED)
    finally:
        await engine.dispose()


async def _grant(connection: AsyncConnection, metadata: MetaData) -> list[str]:
    database = (await connection.execute(text("SELECT current_database()"))).scalar_one()
    app, reader = f"{database}_app", f"{database}_reader"
    roles = sorted((await connection.execute(_ROLES, {"app": app, "reader": reader})).scalars())
    if not roles:
        return []
    tables = set((await connection.execute(_TABLES)).scalars())
    await connection.execute(text(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC'))
    for role in roles:
        for statement in _allowed(role, database, tables, metadata, app=role == app):
            await connection.execute(text(statement))
    return roles


def _allowed(role: str, database: str, tables: set[str], metadata: MetaData, *, app: bool) -> Iterator[str]:
    """The statements for one role, which is the service's, or that of whoever looks."""
    privileges = "SELECT, INSERT" if app else "SELECT"
    # A temporary table is how readiness finds a full disk.
    yield f'GRANT CONNECT{", TEMPORARY" if app else ""} ON DATABASE "{database}" TO "{role}"'
    yield f'GRANT USAGE ON SCHEMA public TO "{role}"'
    yield f'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {privileges} ON TABLES TO "{role}"'
    yield f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{role}"'
    yield f'GRANT {privileges} ON ALL TABLES IN SCHEMA public TO "{role}"'
    if app and _HISTORY in tables:
        yield f'REVOKE INSERT ON {_HISTORY} FROM "{role}"'
    for table in metadata.sorted_tables:
        if table.name in tables and (more := table.info.get(_MAY if app else _READER_MAY)):
            yield f'GRANT {", ".join(more)} ON {table.name} TO "{role}"'
