"""Search of the registry on PostgreSQL finds what it finds on SQLite."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.advance_ruling.registry import test_publish_digest as on_sqlite
from tests.advance_ruling.rulings_desk import RulingDesk, ruling_desk
from tests.conftest import MovingClock

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(tmp_path: Path, clock: MovingClock, database_url: str) -> AsyncIterator[RulingDesk]:
    """The service on an empty PostgreSQL database."""
    async with asyncio.timeout(120), ruling_desk(tmp_path, clock, database_url=database_url) as desk:
        yield desk


async def test_search_finds_by_words_class_requirement_country_and_day(desk: RulingDesk) -> None:
    await on_sqlite.test_search_finds_by_words_class_requirement_country_and_day(desk)
    assert desk.service.state.engine.dialect.name == "postgresql"


async def test_pages_follow_one_another_without_gap_or_repeat(desk: RulingDesk) -> None:
    await on_sqlite.test_pages_follow_one_another_without_gap_or_repeat(desk)
    assert desk.service.state.engine.dialect.name == "postgresql"


async def test_a_revoked_ruling_stays_as_a_tombstone(desk: RulingDesk) -> None:
    await on_sqlite.test_a_revoked_ruling_stays_as_a_tombstone(desk)
    assert desk.service.state.engine.dialect.name == "postgresql"
