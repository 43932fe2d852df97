"""The redress service alone, and callers of every kind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.routing import Router
from tests.conftest import Desk, MovingClock
from tests.migrated import place_databases

from crossing.embedded.suite import redress_settings
from crossing.kit.clock import Clock
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.migrations import upgrade
from redress.app import create_app
from redress.casework.steps import Case, load_case
from redress.settings import MIGRATIONS
from redress.tables import cases

#: A service that knows no other, with a deadline for busy machines.
ALONE = {
    "request_deadline_seconds": 60.0,
    "admission_address": None,
    "advance_rulings_address": None,
    "run_worker": False,
}


@asynccontextmanager
async def running_redress(folder: Path, clock: Clock, **changes: Any) -> AsyncIterator[FastAPI]:
    """The redress service on the files of a folder, with the suite's settings but for those given.

    It reaches no other service and does its jobs only when told to.
    """
    issuer = DevelopmentIssuer(folder, now=lambda: clock().timestamp())
    settings = redress_settings(folder, issuer).model_copy(update={**ALONE, **changes})
    await asyncio.to_thread(place_databases, folder)
    await asyncio.to_thread(upgrade, MIGRATIONS, settings.database_url)
    service = create_app(settings, clock=clock)
    async with service.router.lifespan_context(service):
        yield service


@asynccontextmanager
async def redress_at(folder: Path, clock: MovingClock, **changes: Any) -> AsyncIterator[Desk]:
    """Redress under its path, with clients for every role; its worker does only what a test has it do."""
    async with running_redress(folder, clock, **{"run_worker": False, **changes}) as service:
        front = Router()
        front.mount("/redress", service)
        issuer = DevelopmentIssuer(folder, now=lambda: clock().timestamp())
        yield Desk(front, issuer, folder, clock)  # type: ignore[arg-type]


def service_of(desk: Desk) -> FastAPI:
    """The service that a desk has mounted."""
    return next(route.app for route in desk.suite.routes if getattr(route, "path", "") == "/redress")


async def do_jobs(desk: Desk) -> int:
    """Do every job that is due by the test's clock; how many were tried."""
    tried: int = await service_of(desk).state.worker.run_due()
    return tried


async def case_of(connection: AsyncConnection, control_number: str) -> Case:
    """The case of a Redress Control Number."""
    found = await connection.execute(select(cases.c.id).where(cases.c.control_number == control_number))
    return await load_case(connection, found.scalar_one())


@pytest.fixture
async def redress(tmp_path: Path, clock: MovingClock) -> AsyncIterator[Desk]:
    """Redress on a folder of the test's own."""
    async with redress_at(tmp_path, clock) as desk:
        yield desk
