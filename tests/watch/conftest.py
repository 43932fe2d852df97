"""Three services on loopback that call one another, with a collector of traces, and everything they say of themselves."""

import asyncio
import io
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import structlog
from fastapi import FastAPI
from tests.admission.rulings import served
from tests.conftest import PORTS, MovingClock
from tests.debian_postgres import free_port
from tests.migrated import place_databases
from tests.watch.collector import Collector, collecting
from tests.watch.journeys import journeys

from crossing.embedded.suite import create_suite
from crossing.kit.identity import Role
from crossing.kit.inside import inside_app
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.logging import configure_logging

NAMES = ("advance-rulings", "redress", "admission")


@dataclass
class Watched:
    """Services by name, where each listens, and what was said."""

    services: dict[str, FastAPI]
    addresses: dict[str, str]
    issuer: DevelopmentIssuer
    clock: MovingClock
    collector: Collector
    written: io.StringIO
    errors: list[str] = field(default_factory=list)

    def client(self, name: str, role: Role | None = None) -> httpx.AsyncClient:
        """A client of a service, over HTTP."""

        async def keep_errors(answer: httpx.Response) -> None:
            if answer.status_code >= 400:
                self.errors.append(f"{answer.headers}\n{(await answer.aread()).decode()}")

        token = role and self.issuer.token(role, subject=f"test-{role}", port_id="US-DETROIT", terminal_id="LANE-1")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        hooks = {"response": [keep_errors]}
        return httpx.AsyncClient(base_url=self.addresses[name], headers=headers, event_hooks=hooks, timeout=60)

    async def metrics(self, name: str) -> str:
        """The metrics of a service, as Prometheus gets them."""
        transport = httpx.ASGITransport(inside_app(self.services[name]))
        async with httpx.AsyncClient(base_url="http://inside", transport=transport) as prometheus:
            return (await prometheus.get("/metrics")).raise_for_status().text

    async def traces(self) -> bytes:
        """Every span so far, as it was sent."""
        for service in self.services.values():
            await asyncio.to_thread(service.state.tracing.force_flush)
        return b"".join(self.collector.received)


@pytest.fixture(scope="module")
async def watched(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Watched]:
    """The services after a traveller, a complaint and an application went through them."""
    folder = tmp_path_factory.mktemp("watched")
    with pytest.MonkeyPatch.context() as patch, collecting() as collector:
        written = io.StringIO()
        patch.setattr(sys, "stderr", written)
        patch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address)
        configure_logging("DEBUG")
        async with AsyncExitStack() as stack:
            made = await _start(stack, folder, collector, written)
            await journeys(made)
            yield made
        structlog.reset_defaults()


async def _start(stack: AsyncExitStack, folder: Path, collector: Collector, written: io.StringIO) -> Watched:
    clock = MovingClock(datetime(2026, 11, 21, 15, 0, tzinfo=UTC))
    ports = {name: free_port() for name in NAMES}
    at = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    await asyncio.to_thread(place_databases, folder)
    made = Watched({}, {}, DevelopmentIssuer(folder, now=lambda: clock().timestamp()), clock, collector, written)
    for name in NAMES:
        others = {other: address for other, address in at.items() if other != name}
        suite = await asyncio.to_thread(create_suite, folder, clock=clock, address=at[name], elsewhere=others)
        await stack.enter_async_context(suite.lifespan_context(suite))
        await stack.enter_async_context(served(suite, ports[name]))  # type: ignore[arg-type]
        made.services[name] = next(route.app for route in suite.routes if getattr(route, "path", "") == f"/{name}")
        made.addresses[name] = f"{at[name]}/{name}"
    for port in PORTS:
        async with made.client("admission", Role.SUPERVISOR) as client:
            (await client.post("/v1/ports", json=port)).raise_for_status()
    clock.move(timedelta(hours=2))  # by now the status list that admission fetched at its start is too old
    return made
