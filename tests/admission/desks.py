"""Suites and services that tests start, stop and start again on a folder of their own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.routing import Router
from tests.conftest import PORTS, Desk, MovingClock
from tests.migrated import place_databases

from admission.app import create_app
from admission.settings import MIGRATIONS
from crossing.embedded.suite import admission_settings, create_suite
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.migrations import upgrade


@asynccontextmanager
async def running_suite(folder: Path, clock: MovingClock) -> AsyncIterator[Desk]:
    """The embedded suite on the files of a folder; the ports are opened when they are not there yet."""
    await asyncio.to_thread(place_databases, folder)
    suite = await asyncio.to_thread(create_suite, folder, clock=clock)
    async with suite.lifespan_context(suite):
        desk = Desk(suite, DevelopmentIssuer(folder, now=lambda: clock().timestamp()), folder, clock)
        await open_ports(desk)
        yield desk


@asynccontextmanager
async def running_service(
    folder: Path, clock: MovingClock, *, with_ports: bool = True, **settings: Any
) -> AsyncIterator[Desk]:
    """Admission alone, under its path, with the suite's settings but for those given.

    It knows no other service, and has deadlines for busy machines.
    """
    issuer = DevelopmentIssuer(folder, now=lambda: clock().timestamp())
    alone = {"advance_rulings_address": None, "redress_events_address": None, "run_worker": False}
    patient = dict.fromkeys(("request_deadline_seconds", "pool_wait_seconds", "statement_seconds"), 60.0)
    changes = {**patient, **alone, **settings}
    chosen = admission_settings(folder, issuer).model_copy(update=changes)
    await asyncio.to_thread(place_databases, folder)
    await asyncio.to_thread(upgrade, MIGRATIONS, chosen.database_url)
    service = create_app(chosen, clock=clock)
    front = Router()
    front.mount("/admission", service)
    async with service.router.lifespan_context(service):
        desk = Desk(front, issuer, folder, clock)  # type: ignore[arg-type]
        if with_ports:
            await open_ports(desk)
        yield desk


def service_of(desk: Desk) -> FastAPI:
    """The admission service that a desk has mounted."""
    return next(route.app for route in desk.suite.routes if getattr(route, "path", "") == "/admission")


async def open_ports(desk: Desk) -> None:
    """Open a port in each country."""
    for port in PORTS:
        async with desk.client(Role.SUPERVISOR, port["id"]) as client, asyncio.timeout(60):
            # A busy machine may need more than the suite's deadline.
            while (answer := await client.post("/admission/v1/ports", json=port)).status_code == 503:
                pass
            assert answer.status_code in (201, 409), answer.text
