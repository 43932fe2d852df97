"""A service on a folder of each test's own, on 21 November 2026."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.advance_ruling.rulings_desk import RulingDesk, ruling_desk
from tests.conftest import MovingClock


@pytest.fixture
async def desk(tmp_path: Path, clock: MovingClock) -> AsyncIterator[RulingDesk]:
    """The service, with nothing in it."""
    async with ruling_desk(tmp_path, clock) as desk:
        yield desk
