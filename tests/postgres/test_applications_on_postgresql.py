"""Applications for advance rulings on PostgreSQL: decided, denied, withdrawn, and every chain verified."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.advance_ruling.desks import running_rulings, service_of
from tests.advance_ruling.histories import happen
from tests.conftest import Desk, MovingClock

from advance_ruling.covered import covered_rows, rows_without_entry
from crossing.kit.verify import verify_chains

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock() -> MovingClock:
    """The clock of the service."""
    return MovingClock(datetime(2026, 11, 21, 15, 0, tzinfo=UTC))


@pytest.fixture
async def desk(database_url: str, tmp_path: Path, clock: MovingClock) -> AsyncIterator[Desk]:
    """Advance rulings on PostgreSQL."""
    async with running_rulings(tmp_path, clock, database_url=database_url) as desk:
        yield desk


async def test_one_application_of_each_kind_is_recorded_and_verifies(desk: Desk, clock: MovingClock) -> None:
    await happen(desk, clock)
    async with service_of(desk).state.engine.connect() as connection:
        read, faults = await verify_chains(connection, covered_rows, rows_without_entry)
    assert faults == []
    assert read > 40
