"""The redress service alone, and callers of every kind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.routing import Router
from tests.conftest import Desk, MovingClock

from crossing.embedded.suite import redress_settings
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.migrations import upgrade
from redress.app import create_app
from redress.settings import MIGRATIONS


@asynccontextmanager
async def running_redress(folder: Path, clock: MovingClock, **changes: Any) -> AsyncIterator[FastAPI]:
    """The redress service on the files of a folder, with settings of its own where keywords name them."""
    issuer = DevelopmentIssuer(folder, now=lambda: clock().timestamp())
    settings = redress_settings(folder, issuer).model_copy(update={"request_deadline_seconds": 60.0, **changes})
    await asyncio.to_thread(upgrade, MIGRATIONS, settings.database_url)
    service = create_app(settings, clock=clock)
    async with service.router.lifespan_context(service):
        yield service


@pytest.fixture
async def redress(tmp_path: Path, clock: MovingClock) -> AsyncIterator[Desk]:
    """Redress under its path, with clients for every role."""
    async with running_redress(tmp_path, clock) as service:
        front = Router()
        front.mount("/redress", service)
        issuer = DevelopmentIssuer(tmp_path, now=lambda: clock().timestamp())
        yield Desk(front, issuer, tmp_path, clock)  # type: ignore[arg-type]
