"""A ledger that says what it does: counts what it appended, and shows each append in the trace that runs."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

from crossing.kit.ledger import AuditEntry, Insert, Ledger
from crossing.kit.metrics import ServiceMetrics
from crossing.kit.traces import tracer_of

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider


class WatchedLedger:
    """Counts the audit entries appended, by chain and event."""

    def __init__(self, ledger: Ledger, metrics: ServiceMetrics, tracing: "TracerProvider | None" = None) -> None:
        self._ledger = ledger
        self._metrics = metrics
        self._tracer = tracer_of(tracing)

    async def append(self, rows: Sequence[Insert], entry: AuditEntry | None) -> None:
        """See ``Ledger.append``."""
        with (
            self._tracer.start_as_current_span("ledger.append", record_exception=False)
            if self._tracer
            else nullcontext()
        ):
            await self._ledger.append(rows, entry)
        if entry:
            self._metrics.appended(entry.chain, entry.event)

    async def close(self) -> None:
        """See ``Ledger.close``."""
        await self._ledger.close()
