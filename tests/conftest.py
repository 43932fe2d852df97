"""What tests share: the embedded suite on a fresh folder, clients for every role, and a clock that tests move."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.routing import Router
from tests.migrated import place_databases
from tests.postgres.server import IMAGE, docker_answers

from crossing.embedded.suite import create_suite
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer

# A machine that tests many things at once may stand still for seconds; tests of the deadline set one of their own.
os.environ.setdefault("CROSSING_REQUEST_DEADLINE_SECONDS", "60")

PORTS: list[dict[str, Any]] = [
    {
        "id": "US-DETROIT",
        "country": "US",
        "kind": "class_a_port",
        "mode": "land",
        "name": "Ambassador Bridge, Detroit",
        "time_zone": "America/Detroit",
    },
    {
        "id": "CA-YUL",
        "country": "CA",
        "kind": "international_airport",
        "mode": "air",
        "name": "Montréal–Trudeau",
        "time_zone": "America/Toronto",
    },
]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which PostgreSQL the tests of both had."""
    ran = [each.nodeid for kind in ("passed", "failed", "error") for each in terminalreporter.stats.get(kind, [])]
    if any(each.startswith("tests/postgres/") for each in ran):
        chosen = f"{IMAGE} by testcontainers" if docker_answers() else "the server of Debian's packages"
        terminalreporter.write_line(f"tests/postgres: {chosen}")


class MovingClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


class Desk:
    """The running suite as callers see it."""

    def __init__(self, suite: Router, issuer: DevelopmentIssuer, data: Path, clock: MovingClock) -> None:
        self.suite = suite
        self.issuer = issuer
        self.data = data
        self.clock = clock

    def client(
        self, role: Role | None = Role.OFFICER, port: str = "US-DETROIT", subject: str | None = None
    ) -> httpx.AsyncClient:
        """A client signed in for a role at a port; ``None`` is a stranger."""
        headers = {}
        if role:
            token = self.issuer.token(role, subject=subject or f"test-{role.value}", port_id=port, terminal_id="LANE-1")
            headers["Authorization"] = f"Bearer {token}"
        transport = httpx.ASGITransport(app=self.suite, raise_app_exceptions=False)
        return httpx.AsyncClient(base_url="http://crossing.test", headers=headers, transport=transport)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> MovingClock:
    """21 November 2026, 15:00 UTC: 10:00 in Detroit."""
    return MovingClock(datetime(2026, 11, 21, 15, 0, tzinfo=UTC))


@pytest.fixture
async def desk(tmp_path: Path, clock: MovingClock) -> AsyncIterator[Desk]:
    """The embedded suite on a fresh folder, with a port in each country."""
    await asyncio.to_thread(place_databases, tmp_path)
    suite = await asyncio.to_thread(create_suite, tmp_path, clock=clock)
    async with suite.lifespan_context(suite):
        issuer = DevelopmentIssuer(tmp_path, now=lambda: clock().timestamp())
        made = Desk(suite, issuer, tmp_path, clock)
        for port in PORTS:
            async with made.client(Role.SUPERVISOR, port["id"]) as client:
                (await client.post("/admission/v1/ports", json=port)).raise_for_status()
        yield made
