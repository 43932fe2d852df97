"""The advance-ruling service alone, under its path, for tests that start it on a folder of their own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.routing import Router
from tests.conftest import Desk, MovingClock
from tests.migrated import place_databases

from advance_ruling.app import create_app
from advance_ruling.settings import MIGRATIONS
from crossing.embedded.suite import advance_ruling_settings
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.migrations import upgrade

ADDRESS = "http://crossing.test"


@asynccontextmanager
async def running_rulings(folder: Path, clock: MovingClock, **settings: Any) -> AsyncIterator[Desk]:
    """The service; its worker does only what a test has it do (``do_jobs``)."""
    issuer = DevelopmentIssuer(folder, now=lambda: clock().timestamp())
    changes = {"request_deadline_seconds": 60.0, "run_worker": False, **settings}
    chosen = advance_ruling_settings(folder, issuer, ADDRESS).model_copy(update=changes)
    await asyncio.to_thread(place_databases, folder)
    await asyncio.to_thread(upgrade, MIGRATIONS, chosen.database_url)
    service = create_app(chosen, clock=clock)
    front = Router()
    front.mount("/advance-rulings", service)
    async with service.router.lifespan_context(service):
        yield Desk(front, issuer, folder, clock)  # type: ignore[arg-type]


def service_of(desk: Desk) -> FastAPI:
    """The service that a desk has mounted."""
    return next(route.app for route in desk.suite.routes if getattr(route, "path", "") == "/advance-rulings")


async def do_jobs(desk: Desk) -> int:
    """Do every job that is due by the test's clock; how many were tried."""
    tried: int = await service_of(desk).state.worker.run_due()
    return tried


def signed_in(desk: Desk, role: Role, subject: str) -> httpx.AsyncClient:
    """A client whose token outlives the months that tests let pass."""
    token = desk.issuer.token(role, subject=subject, lifetime_seconds=400 * 86_400)
    transport = httpx.ASGITransport(app=desk.suite, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.AsyncClient(base_url="http://crossing.test", headers=headers, transport=transport)
