"""A service for each module of tests, and clients signed in for the parts that they play."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from tests.advance_ruling.desks import running_rulings, signed_in
from tests.conftest import Desk, MovingClock

from crossing.kit.identity import Role

START = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def clock_of_module() -> MovingClock:
    """The clock of the module's service."""
    return MovingClock(START)


@pytest.fixture
def clock(clock_of_module: MovingClock) -> Iterator[MovingClock]:
    """The clock; wherever a test moves it, the next one finds it where it began."""
    clock_of_module.now = START
    yield clock_of_module
    clock_of_module.now = START


@pytest.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory, clock_of_module: MovingClock) -> AsyncIterator[Desk]:
    """The module's service."""
    async with running_rulings(tmp_path_factory.mktemp("service"), clock_of_module) as desk:
        yield desk


@pytest.fixture
async def fresh_desk(tmp_path: Path, clock: MovingClock) -> AsyncIterator[Desk]:
    """A service on a folder of the test's own."""
    async with running_rulings(tmp_path, clock) as desk:
        yield desk


@pytest.fixture
async def applicant(desk: Desk, clock: MovingClock) -> AsyncIterator[httpx.AsyncClient]:
    """Who applies. Tokens outlive the months that tests let pass."""
    async with signed_in(desk, Role.APPLICANT, "test-applicant") as client:
        yield client


@pytest.fixture
async def stranger(desk: Desk, clock: MovingClock) -> AsyncIterator[httpx.AsyncClient]:
    """Another applicant."""
    async with signed_in(desk, Role.APPLICANT, "test-stranger") as client:
        yield client


@pytest.fixture
async def adjudicator(desk: Desk, clock: MovingClock) -> AsyncIterator[httpx.AsyncClient]:
    """Who decides."""
    async with signed_in(desk, Role.ADJUDICATOR, "test-adjudicator") as client:
        yield client


@pytest.fixture
async def second_reader(desk: Desk, clock: MovingClock) -> AsyncIterator[httpx.AsyncClient]:
    """Another adjudicator."""
    async with signed_in(desk, Role.ADJUDICATOR, "test-second-reader") as client:
        yield client


@pytest.fixture
async def third(desk: Desk, clock: MovingClock) -> AsyncIterator[httpx.AsyncClient]:
    """An adjudicator who took no part in anything."""
    async with signed_in(desk, Role.ADJUDICATOR, "test-third") as client:
        yield client


@pytest.fixture
async def own(desk: Desk, clock: MovingClock) -> AsyncIterator[httpx.AsyncClient]:
    """The applicant, at work as an adjudicator."""
    async with signed_in(desk, Role.ADJUDICATOR, "test-applicant") as client:
        yield client


@pytest.fixture
async def anyone(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """Anyone at all, without a token."""
    async with desk.client(None) as client:
        yield client
