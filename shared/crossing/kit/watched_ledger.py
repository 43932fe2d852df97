"""A ledger that says what it does: counts what it appended."""

from collections.abc import Sequence

from crossing.kit.ledger import AuditEntry, Insert, Ledger
from crossing.kit.metrics import ServiceMetrics


class WatchedLedger:
    """Counts the audit entries appended, by chain and event."""

    def __init__(self, ledger: Ledger, metrics: ServiceMetrics) -> None:
        self._ledger = ledger
        self._metrics = metrics

    async def append(self, rows: Sequence[Insert], entry: AuditEntry | None) -> None:
        """See ``Ledger.append``."""
        await self._ledger.append(rows, entry)
        if entry:
            self._metrics.appended(entry.chain, entry.event)

    async def close(self) -> None:
        """See ``Ledger.close``."""
        await self._ledger.close()
