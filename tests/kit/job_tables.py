"""Tables of a service that owes something: its jobs, its inbox, and effects that show what was done."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, String, Table, text
from sqlalchemy.ext.asyncio import AsyncEngine

from crossing.kit.database import create_engine, format_instant, new_metadata
from crossing.kit.inbox import inbox_table
from crossing.kit.jobs import job, jobs_table
from crossing.kit.ledger import Insert, Ledger, open_ledger

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


class Owing:
    """A database with the tables, its engine and its ledger."""

    def __init__(self, url: str, engine: AsyncEngine, ledger: Ledger) -> None:
        self.url = url
        self.engine = engine
        self.ledger = ledger

    async def schedule(self, key: str, due: datetime = NOW, kind: str = "deadline", **payload: Any) -> None:
        """Append a job."""
        await self.ledger.append([job(kind, key, format_instant(due), payload, at=format_instant(NOW))], None)

    async def select(self, statement: str) -> list[Any]:
        """The rows of a statement; values alone where it asks for one column."""
        async with self.engine.connect() as connection:
            rows = [tuple(row) for row in await connection.execute(text(statement))]
        return [row[0] if len(row) == 1 else row for row in rows]


@asynccontextmanager
async def owing(url: str) -> AsyncIterator[Owing]:
    """The tables made in an empty database."""
    metadata = new_metadata()
    jobs_table(metadata)
    inbox_table(metadata)
    Table("effects", metadata, Column("id", String(255), primary_key=True), Column("worker", String(36)))
    Table("runs", metadata, Column("id", String(36), primary_key=True), Column("effect", String(255), nullable=False))
    engine = create_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    ledger = open_ledger(url)
    yield Owing(url, engine, ledger)
    await ledger.close()
    await engine.dispose()


def effect(name: str, worker: str = "here") -> Insert:
    """A row that can stand only once."""
    return Insert("effects", {"id": name, "worker": worker})


def deadline(key: str) -> Insert:
    """A deadline that is due."""
    return job("deadline", key, format_instant(NOW), {}, at=format_instant(NOW))
