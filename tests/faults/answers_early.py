"""``crossing …`` with a fault put in: whatever is appended is answered before it is committed."""

import asyncio
from collections.abc import Sequence

import crossing.kit.service as assembled
from crossing.cli import app
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


if __name__ == "__main__":
    assembled.open_ledger = lambda *given: _Early(open_ledger(*given))
    app()
