"""Whether the database takes a write: one that only answers may have a full disk behind it."""

import asyncio
import os
import time
import zlib
from socket import gethostname
from typing import Any, Final

from sqlalchemy import Column, Integer, MetaData, String, Table, Text, text
from sqlalchemy.ext.asyncio import AsyncEngine

from crossing.kit.clock import Clock
from crossing.kit.database import format_instant, writing
from crossing.kit.grants import UPDATE, may

TABLE: Final = "readiness"
_SLOTS: Final = 64
#: More than anything that is recorded at once needs.
_BYTES: Final = 65_536
_REMEMBERED_SECONDS: Final = 3.0
_WRITE: Final = text(
    f"INSERT INTO {TABLE} (slot, at, content) VALUES (:slot, :at, :content)"  # noqa: S608 - a name of our own
    " ON CONFLICT (slot) DO UPDATE SET at = excluded.at, content = excluded.content"
)
#: On a full disk, PostgreSQL still has room where rows were before that changed; a new table has none.
_FRESH: Final = text(
    "CREATE TEMPORARY TABLE readiness_room ON COMMIT DROP AS SELECT repeat('x', 1024) FROM generate_series(1, 64)"
)


def readiness_table(metadata: MetaData) -> None:
    """Declare the table of the rows that are written to see whether any can be: one for each of some processes."""
    Table(
        TABLE,
        metadata,
        Column("slot", Integer, primary_key=True, autoincrement=False),
        Column("at", String(27), nullable=False),
        Column("content", Text, nullable=False),
        info=may(UPDATE),
    )


class WriteProbe:
    """Writes a row and says that it could; a write that was done counts for some seconds."""

    def __init__(self) -> None:
        self._slot = zlib.crc32(f"{gethostname()}/{os.getpid()}".encode()) % _SLOTS
        self._written = -_REMEMBERED_SECONDS
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self, engine: AsyncEngine, clock: Clock) -> bool:
        """True after a write; raises what the database says of one that it does not take."""
        async with self._one_at_a_time:
            if time.monotonic() - self._written >= _REMEMBERED_SECONDS:
                await self._write(engine, clock)
                self._written = time.monotonic()
        return True

    async def _write(self, engine: AsyncEngine, clock: Clock) -> None:
        row: dict[str, Any] = {"slot": self._slot, "at": format_instant(clock()), "content": ""}
        async with writing(engine) as connection:
            if connection.dialect.name == "sqlite":
                row["content"] = "x" * _BYTES
            else:
                await connection.execute(_FRESH)
            await connection.execute(_WRITE, row)
