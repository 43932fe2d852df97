"""Metrics of one service in Prometheus' text format: counted as things happen, and read when somebody asks.

No label ever holds what a caller sent: routes are templates, and a method that HTTP does not know is ``other``.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable
from itertools import chain
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from crossing.kit.logging import log

#: Bounds of the times of requests, in seconds; the goal for an opening and the deadline of a request are among them.
_BOUNDS: Final = (0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.3, 0.5, 1.0, 2.0, 3.0, 10.0)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
#: What cannot be read in this time is left out of the answer: Prometheus would wait for 10 seconds.
_SECONDS: Final = 3.0

#: Reads metrics that are known only when asked for, such as the rows of a table.
Source = Callable[[], Awaitable[Iterable[Metric]]]

disable_created_metrics()  # type: ignore[no-untyped-call]  # when a series began helps nobody here, and would double what is exported


class ServiceMetrics:
    """What one service counts, and the sources of what it reads when asked."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.running = 0
        self._requests = Counter(
            "crossing_requests",
            "Requests answered, by route template, method and status.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "crossing_request_seconds",
            "How long requests took, by route template and method.",
            ("route", "method"),
            registry=self.registry,
            buckets=_BOUNDS,
        )
        self._entries = Counter(
            "crossing_entries",
            "Audit entries appended, by chain and event.",
            ("chain", "event"),
            registry=self.registry,
        )
        # Looking a label up costs more than counting.
        self._answered: dict[tuple[str, str, int], tuple[Callable[[], None], Callable[[float], None]]] = {}
        self._sources: dict[str, Source] = {"running": self._read_running}

    def watch(self, name: str, source: Source) -> None:
        """Read a source whenever the metrics are asked for; ``name`` is what the log calls it."""
        self._sources[name] = source

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request that was answered after some seconds."""
        key = (route, method, status)
        counting = self._answered.get(key)
        if counting is None:
            known = method if method in _METHODS else "other"
            counting = (
                self._requests.labels(route, known, str(status)).inc,
                self._seconds.labels(route, known).observe,
            )
            if known == method:
                self._answered[key] = counting
        count, observe = counting
        count()
        observe(seconds)

    def appended(self, chain: str, event: str) -> None:
        """Count an audit entry that was appended."""
        self._entries.labels(chain, event).inc()

    async def text(self) -> bytes:
        """Everything as Prometheus reads it; a source that does not answer in time is left out, and logged."""
        read = await asyncio.gather(*(_read(name, source) for name, source in self._sources.items()))
        together = _Together(self.registry, list(chain.from_iterable(read)))
        # Thousands of lines take a tenth of a second, in which requests would stand still.
        return await asyncio.to_thread(generate_latest, together)

    async def _read_running(self) -> Collection[Metric]:
        return [gauge("crossing_requests_running", "Requests not answered yet.", (), [((), self.running)])]


class _Together:
    """The registry and what was read for one answer."""

    def __init__(self, registry: CollectorRegistry, read: Collection[Metric]) -> None:
        self._registry = registry
        self._read = read

    def collect(self) -> Iterable[Metric]:
        return chain(self._registry.collect(), self._read)


async def _read(name: str, source: Source) -> Collection[Metric]:
    try:
        async with asyncio.timeout(_SECONDS):
            return list(await source())
    except Exception as error:  # what cannot be read must not hide what can
        log().warning("metrics.unread", where=name, error=type(error).__name__)
        return ()


def gauge(name: str, told: str, labels: Collection[str], values: Iterable[tuple[Collection[str], float]]) -> Metric:
    """A metric that goes up and down, with the values of its labels and what it stands at."""
    family = GaugeMetricFamily(name, told, labels=list(labels))
    for names, value in values:
        family.add_metric(list(names), value)
    return family
