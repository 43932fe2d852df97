"""The redress service for a module of tests, open to travellers."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
from tests.conftest import Desk, MovingClock
from tests.redress.conftest import redress_at

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
    """The module's service; its worker does only what a test has it do."""
    async with redress_at(tmp_path_factory.mktemp("service"), clock_of_module) as desk:
        yield desk
