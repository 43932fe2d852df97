"""Alembic histories: each service carries its own inside its package, and says whether its database is at its head."""

import asyncio
import io
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from crossing.kit.database import create_engine
from crossing.kit.partitions import table_of
from crossing.kit.postgres import LOCKED, repeated

_LOOK_SECONDS: Final = 5.0


def alembic_config(folder: Path, url: str) -> Config:
    """The configuration of a history in ``folder`` for a database."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def upgrade(folder: Path, url: str) -> None:
    """Bring a database to the head of its history; creates the folder of a SQLite file.

    Begins again a few times where a table was busy for longer than a migration may wait for it, since whoever comes
    after a migration that waits would wait, too.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)

    async def upgraded() -> None:
        await asyncio.to_thread(command.upgrade, alembic_config(folder, url), "head")

    asyncio.run(repeated(upgraded, also=LOCKED))


def sql_of(folder: Path, after: str) -> str:
    """The history after a revision as the statements that PostgreSQL is given, for review by people and a linter."""
    config = alembic_config(folder, "postgresql+asyncpg://")
    config.output_buffer = written = io.StringIO()
    command.upgrade(config, f"{after}:head", sql=True)
    return written.getvalue()


async def is_current(folder: Path, engine: AsyncEngine) -> bool:
    """Whether a database stands at the head of its history, or beyond: a later release migrates before it starts.

    Revisions are numbered, so that their names sort.
    """
    head = ScriptDirectory(str(folder)).get_current_head() or ""

    def current(connection: Connection) -> str | None:
        return MigrationContext.configure(connection).get_current_revision()

    async with engine.connect() as connection:
        return (await connection.run_sync(current) or "") >= head


async def foreign_tables(tables: MetaData, engine: AsyncEngine) -> bool:
    """Whether a database holds rather another service's tables than these; raises what keeps it from answering."""
    async with engine.connect() as connection:
        there = set(await connection.run_sync(lambda plain: inspect(plain).get_table_names()))
    own = there & tables.tables.keys()
    return len({table_of(name) for name in there} - own - {"alembic_version"}) > len(own)


async def holds_others(tables: MetaData, url: str) -> bool:
    """``foreign_tables`` of the database at a URL; ``False`` while it does not answer."""
    engine = create_engine(url)
    try:
        async with asyncio.timeout(_LOOK_SECONDS):
            return await foreign_tables(tables, engine)
    except (SQLAlchemyError, OSError, TimeoutError):
        return False
    finally:
        await engine.dispose()
