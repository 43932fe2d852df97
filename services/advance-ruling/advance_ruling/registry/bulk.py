"""The whole registry in one file of JSON Lines, written anew when the procedure says so."""

import asyncio
import hashlib
import json
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncEngine
from uuid_utils.compat import uuid7

from advance_ruling.tables import digests
from crossing.casework.procedure import duration
from crossing.kit.database import format_instant
from crossing.kit.json_text import json_text

_AT_ONCE: Final = 1_000


@dataclass(frozen=True)
class BulkFile:
    """A file of the registry, with the SHA-256 of its bytes."""

    path: Path
    sha256: bytes
    made_at: str


async def write_file(state: Any) -> BulkFile:
    """The file of this period, written if it is not there yet; older files are taken away.

    A file is there only once it is whole; its name holds its checksum.
    """
    now: datetime = state.clock()
    folder: Path = state.settings.registry_files
    found = newest_file(folder)
    every = duration(state.procedure.content["registry"]["file_every"])
    if found and now - datetime.fromisoformat(found.made_at) < every:
        return found
    unfinished, summed = await asyncio.to_thread(_begin, folder), hashlib.sha256()
    async for lines in _pages(state.engine):
        content = "".join(lines).encode()
        summed.update(content)
        await asyncio.to_thread(_add, unfinished, content)
    made = BulkFile(folder / f"{int(now.timestamp())}-{summed.hexdigest()}.jsonl", summed.digest(), format_instant(now))
    await asyncio.to_thread(_put, unfinished, made.path)
    return made


def _begin(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{uuid7()}.part"
    unfinished.touch()
    return unfinished


def _add(unfinished: Path, content: bytes) -> None:
    with unfinished.open("ab") as file:
        file.write(content)
        os.fsync(file.fileno())


def _put(unfinished: Path, path: Path) -> None:
    unfinished.rename(path)
    for old in path.parent.glob("*.jsonl"):
        if old != path:
            old.unlink(missing_ok=True)


def newest_file(folder: Path) -> BulkFile | None:
    """The file written last, if any."""
    names = sorted(folder.glob("*-*.jsonl"), key=lambda path: int(path.stem.partition("-")[0]))
    if not names:
        return None
    seconds, _, checksum = names[-1].stem.partition("-")
    made_at = datetime.fromtimestamp(int(seconds)).astimezone()
    return BulkFile(names[-1], bytes.fromhex(checksum), format_instant(made_at))


async def _pages(engine: AsyncEngine) -> AsyncIterator[Sequence[str]]:
    """Lines by place: every version that was published, so that tombstones stand beside what they withdrew."""
    after = -1
    while True:
        statement = select(digests).where(digests.c.place > after).order_by(digests.c.place).limit(_AT_ONCE)
        async with engine.connect() as connection:
            rows = (await connection.execute(statement)).all()
        if not rows:
            return
        yield [json_text(_line(row)) + "\n" for row in rows]
        after = rows[-1].place


def _line(row: Row[Any]) -> dict[str, Any]:
    return {**json.loads(row.content), "published_at": row.published_at}
