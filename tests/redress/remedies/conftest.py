"""Redress and admission, each served over HTTP, on a folder of the test's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.conftest import MovingClock
from tests.redress.remedies.two_services import World, two_services


@pytest.fixture
async def world(tmp_path: Path, clock: MovingClock) -> AsyncIterator[World]:
    async with two_services(tmp_path, clock, on_call_mailbox="on-call@example.org") as world:
        yield world
