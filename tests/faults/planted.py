"""``python -m tests.faults.planted PLANT …`` is ``crossing …`` with a fault put in on purpose, for harnesses to report."""

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

import crossing.kit.service as assembled
from crossing.cli import app
from crossing.kit import database
from crossing.kit.clock import Clock
from crossing.kit.ledger import AuditEntry, Insert, Ledger, open_ledger

_LATER_SECONDS = 0.05


class _Early:
    """A ledger that promises."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._promised: set[asyncio.Task[None]] = set()

    async def append(self, rows: Sequence[Insert], entry: AuditEntry | None) -> None:
        """Say that it is done, and do it later."""
        if entry is None:
            await self._ledger.append(rows, entry)
            return
        task = asyncio.create_task(self._keep(rows, entry))
        self._promised.add(task)
        task.add_done_callback(self._promised.discard)

    async def _keep(self, rows: Sequence[Insert], entry: AuditEntry) -> None:
        await asyncio.sleep(_LATER_SECONDS)
        await self._ledger.append(rows, entry)

    async def close(self) -> None:
        """Let go of the database."""
        await self._ledger.close()


def _answer_early() -> None:
    assembled.open_ledger = lambda *given: _Early(open_ledger(*given))


def _sync_rarely() -> None:
    prepare = database.prepare_sqlite

    def lazily(connection: Any, record: Any = None) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA synchronous=NORMAL").close()

    database.prepare_sqlite = lazily


class _Selects:
    """A readiness that only asks whether the database answers."""

    async def __call__(self, engine: AsyncEngine, _: Clock) -> bool:
        async with engine.connect() as connection:
            return (await connection.execute(text("SELECT 1"))).scalar_one() == 1


def _only_select() -> None:
    assembled.WriteProbe = _Selects


EARLY, SYNC_RARELY, ONLY_SELECTS = "answers before it commits", "synchronous=NORMAL", "readiness that only selects"
_PLANTS: Final[Mapping[str, Callable[[], None]]] = {
    EARLY: _answer_early,
    SYNC_RARELY: _sync_rarely,
    ONLY_SELECTS: _only_select,
}


def command(name: str, plant: str | None) -> list[str] | None:
    """The command that serves a service with one of these faults put in; ``None`` for any other plant."""
    return [sys.executable, "-m", "tests.faults.planted", plant, "service", name] if plant in _PLANTS else None


if __name__ == "__main__":
    _PLANTS[sys.argv.pop(1)]()
    app()
