"""Runs an Alembic history; called by each service's ``env.py``."""

from collections.abc import Callable
from typing import Any, Final

from alembic import context
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from crossing.kit.database import create_engine
from crossing.kit.postgres import UNHURRIED

#: Partitions, and the constraints that PostgreSQL makes for each: they follow from the table they belong to.
_PARTITIONS: Final = text(
    "SELECT relname FROM pg_class WHERE relispartition UNION SELECT conname FROM pg_constraint"
    " JOIN pg_class ON pg_class.oid = confrelid WHERE contype = 'f' AND relispartition"
)
Compared = Callable[[str | None, str, object], bool]


async def run_migrations(metadata: MetaData, *, made_by_hand: str | None = None) -> None:
    """Bring the configured database where the command says, in one transaction; ``--sql`` prints instead.

    Tables whose names begin with ``made_by_hand`` are no part of the metadata: a search that each engine has its own
    way of keeping.
    """

    def compared(name: str | None, kind: str, _parents: object) -> bool:
        return not (made_by_hand and kind == "table" and name and name.startswith(made_by_hand))

    url = context.config.get_main_option("sqlalchemy.url") or ""
    if context.is_offline_mode():
        context.configure(url=url, target_metadata=metadata, literal_binds=True, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
        return
    engine = create_engine(url, UNHURRIED)
    try:
        async with engine.connect() as connection:
            beside: set[str] = set()
            if connection.dialect.name == "sqlite":
                await _let_tables_be_made_anew(connection)
            else:
                beside = set((await connection.execute(_PARTITIONS)).scalars())
                await connection.rollback()
            await connection.run_sync(
                _run, metadata, lambda name, kind, at: name not in beside and compared(name, kind, at)
            )
            await connection.commit()
    finally:
        await engine.dispose()


async def _let_tables_be_made_anew(connection: AsyncConnection) -> None:
    """SQLite changes a table by making it anew, while others hold to it; that they still do is checked in the end."""
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.execute("PRAGMA foreign_keys=OFF")


def _run(connection: Connection, metadata: MetaData, compared: Compared) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=is_sqlite,
        compare_type=True,
        include_name=compared,
        transactional_ddl=True,  # SQLite can, and then a history is applied whole or not at all
        transaction_per_migration=not is_sqlite,
    )
    with context.begin_transaction():
        context.run_migrations()
        if is_sqlite and (orphans := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            raise IntegrityError(f"{len(orphans)} rows of {orphans[0][0]} belong to nothing", None, ValueError())
