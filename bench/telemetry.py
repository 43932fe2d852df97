"""What it costs to be watched: counting a request, and an opening with traces beside one without, in CPU time.

Both services run in this process and take turns, so that whatever else the machine does falls on both alike.
"""

import asyncio
import json
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from starlette.types import ASGIApp
from tests.admission.cases import engineer
from tests.admission.desks import running_service
from tests.conftest import Desk, MovingClock
from tests.watch.collector import collecting

from crossing.kit.identity import Role
from crossing.kit.logging import configure_logging
from crossing.kit.metrics import ServiceMetrics

_ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
_COUNTS: Final = 50_000
_ROUNDS: Final = 40
_OPENINGS: Final = 5


@dataclass(frozen=True)
class TelemetryFigures:
    """CPU µs of counting one request, and the CPU time of a traced opening in times of one that is not."""

    counting_us: float
    traced_over_untraced: float


def measure_telemetry(rounds: int = _ROUNDS) -> TelemetryFigures:
    """Measure; ``rounds`` are the turns that each service takes."""
    return TelemetryFigures(_counting(), asyncio.run(_traced(rounds)))


def _counting() -> float:
    metrics = ServiceMetrics()
    times = []
    for _ in range(5):
        begun = time.process_time()
        for _ in range(_COUNTS):
            metrics.running += 1
            metrics.answered("/v1/examinations", "POST", 201, 0.012)
            metrics.running -= 1
        times.append(time.process_time() - begun)
    return min(times) / _COUNTS * 1e6


async def _traced(rounds: int) -> float:
    configure_logging("CRITICAL")
    async with AsyncExitStack() as stack:
        collector = stack.enter_context(collecting())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        openings = []
        for endpoint in ("", collector.address):
            clock = MovingClock(datetime(2026, 11, 21, 15, 0, tzinfo=UTC))
            (folder / str(len(openings))).mkdir()
            with _environment(endpoint):
                service = running_service(folder / str(len(openings)), clock)
                openings.append(_opening(await stack.enter_async_context(service)))
        took: list[list[float]] = [[], []]
        for _ in range(rounds):
            for times, opening in zip(took, openings, strict=True):
                times.append(await _cpu_of(opening))
        assert collector.spans, "Nothing was traced."
    untraced, traced = (statistics.median(times) for times in took)
    return traced / untraced


@contextmanager
def _environment(endpoint: str) -> Iterator[None]:
    before = os.environ.get(_ENDPOINT, "")
    os.environ[_ENDPOINT] = endpoint
    yield
    os.environ[_ENDPOINT] = before


async def _cpu_of(opening: Callable[[], Awaitable[int]]) -> float:
    begun = time.thread_time()
    for _ in range(_OPENINGS):
        assert await opening() == 201
    return time.thread_time() - begun


def _opening(desk: Desk) -> Callable[[], Awaitable[int]]:
    """Opens an examination without a client, whose time would count; answers with the status."""
    token = desk.issuer.token(Role.OFFICER, subject="bench", port_id="US-DETROIT", terminal_id="LANE-1")
    body = json.dumps(engineer()).encode()
    head = {"host": "bench", "authorization": f"Bearer {token}", "content-type": "application/json"}
    headers = [(name.encode(), value.encode()) for name, value in head.items()]
    app: ASGIApp = desk.suite

    async def opening() -> int:
        status = 0

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)

        path = "/admission/v1/examinations"
        scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b""}
        scope |= {"headers": list(headers), "root_path": "", "scheme": "http", "http_version": "1.1"}
        await app(scope | {"server": ("bench", 80), "client": ("127.0.0.1", 1)}, receive, send)
        return status

    return opening
