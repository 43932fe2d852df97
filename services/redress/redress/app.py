"""Assembles the redress service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from crossing.kit.clock import Clock, system_clock
from crossing.kit.database import format_instant
from crossing.kit.inbox import events_router
from crossing.kit.ledger import begin_chain
from crossing.kit.service import ready_checks, service_app, service_resources
from redress.cases.open_case import CHAIN, ruling_departed
from redress.cases.routes import router as cases
from redress.settings import MIGRATIONS, RedressSettings


def create_app(settings: RedressSettings, *, clock: Clock = system_clock) -> FastAPI:
    """The redress service for some settings."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with service_resources(app, settings, clock):
            await begin_chain(app.state.ledger, CHAIN, format_instant(clock()))
            yield

    app = service_app(
        "redress",
        title="Crossing: redress",
        version=version("crossing"),
        description="Inquiries, cases and remedies.",
        deadline_seconds=settings.request_deadline_seconds,
        max_body_bytes=settings.max_body_bytes,
        lifespan=lifespan,
    )
    app.include_router(cases)
    app.include_router(events_router({"ruling.departed": ruling_departed}))
    app.include_router(ready_checks(app, MIGRATIONS, with_packs=False))
    return app
