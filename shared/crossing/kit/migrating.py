"""Runs an Alembic history; called by each service's ``env.py``."""

from collections.abc import Callable

from alembic import context
from sqlalchemy import Connection, MetaData

from crossing.kit.database import create_engine
from crossing.kit.postgres import UNHURRIED

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
        context.configure(url=url, target_metadata=metadata, literal_binds=True)
        with context.begin_transaction():
            context.run_migrations()
        return
    engine = create_engine(url, UNHURRIED)
    async with engine.begin() as connection:
        await connection.run_sync(_run, metadata, compared)
    await engine.dispose()


def _run(connection: Connection, metadata: MetaData, compared: Compared) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        include_name=compared,
        transactional_ddl=True,  # SQLite can, and then a history is applied whole or not at all
    )
    with context.begin_transaction():
        context.run_migrations()
