"""Cases of redress on PostgreSQL: kept, taken on by the clock, listed where they stand, and every chain verified."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.conftest import MovingClock
from tests.redress.conftest import running_redress
from tests.redress.keeping import GRANTED, Cases, events

pytestmark = pytest.mark.anyio


@pytest.fixture
async def cases(database_url: str, tmp_path: Path) -> AsyncIterator[Cases]:
    """Redress on PostgreSQL, whose worker works when told to."""
    clock = MovingClock(datetime(2026, 11, 21, 15, 0, tzinfo=UTC))
    async with running_redress(tmp_path, clock, database_url=database_url) as service:
        yield Cases(service, clock)


async def test_cases_are_kept_and_their_deadlines_pass(cases: Cases) -> None:
    decided, routed = await cases.put("decided", decision=GRANTED), await cases.put("routed")
    cases.clock.move(timedelta(days=20))
    await cases.work()
    assert (await cases.head(decided)).state == "correction_pending"
    assert events(await cases.read(routed)) == ["put", "expire"]
    assert (await cases.head(routed)).revision == 2
    assert await cases.faults() == []
