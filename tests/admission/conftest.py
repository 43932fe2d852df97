"""A service for each module of tests, and clients signed in for the roles that they play.

Starting one takes longer than most tests, so a module shares it; a test that counts everything asks for ``fresh_desk``.
"""

import io
import json
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from tests.admission.desks import running_service
from tests.conftest import Desk, MovingClock

from crossing.kit.identity import Role
from crossing.kit.logging import configure_logging

START = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def clock_of_module() -> MovingClock:
    """The clock of the module's service."""
    return MovingClock(START)


@pytest.fixture
def clock(clock_of_module: MovingClock) -> Iterator[MovingClock]:
    """The clock, at 10:00 in Detroit on 21 November 2026; wherever a test moves it, the next one finds it there again."""
    clock_of_module.now = START
    yield clock_of_module
    clock_of_module.now = START


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory, clock_of_module: MovingClock) -> AsyncIterator[Desk]:
    """The module's service, with a port in each country."""
    async with running_service(tmp_path_factory.mktemp("service"), clock_of_module) as desk:
        yield desk


@pytest.fixture
async def fresh_desk(tmp_path: Path, clock: MovingClock) -> AsyncIterator[Desk]:
    """A service on a folder of the test's own."""
    async with running_service(tmp_path, clock) as desk:
        yield desk


@pytest.fixture
async def officer(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """An officer at Detroit."""
    async with desk.client() as client:
        yield client


@pytest.fixture
async def canadian_officer(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """An officer at Montréal."""
    async with desk.client(port="CA-YUL", subject="test-agent") as client:
        yield client


@pytest.fixture
async def supervisor(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """A supervisor at Detroit."""
    async with desk.client(Role.SUPERVISOR) as client:
        yield client


@pytest.fixture
async def anyone(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """Anyone at all, without a token."""
    async with desk.client(None) as client:
        yield client


class LogLines:
    """What the service logged, as the lines that leave the process."""

    def __init__(self, written: io.StringIO) -> None:
        self._written = written

    @property
    def text(self) -> str:
        """Everything, as written."""
        return self._written.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each line read as JSON; a line that is none fails."""
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def log_lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[LogLines]:
    """The log, configured as a running service configures it, at its most talkative."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    configure_logging("DEBUG")
    yield LogLines(written)
    structlog.reset_defaults()
