"""Runs an Alembic history; called by each service's ``env.py``."""

from alembic import context
from sqlalchemy import Connection, MetaData
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine


async def run_migrations(metadata: MetaData) -> None:
    """Bring the configured database where the command says, in one transaction; ``--sql`` prints instead."""
    url = context.config.get_main_option("sqlalchemy.url") or ""
    if context.is_offline_mode():
        context.configure(url=url, target_metadata=metadata, literal_binds=True)
        with context.begin_transaction():
            context.run_migrations()
        return
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        await connection.run_sync(_run, metadata, make_url(url).get_backend_name() == "sqlite")
        await connection.commit()
    await engine.dispose()


def _run(connection: Connection, metadata: MetaData, is_sqlite: bool) -> None:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=is_sqlite, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
