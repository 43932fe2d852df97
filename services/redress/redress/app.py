"""Assembles the redress service."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.types import ASGIApp

from crossing.kit.clamav import ClamAv
from crossing.kit.clock import Clock, system_clock
from crossing.kit.database import format_instant
from crossing.kit.inbox import events_router
from crossing.kit.ledger import begin_chain
from crossing.kit.service import ready_checks, service_app, service_resources
from crossing.kit.service_tokens import Token
from crossing.kit.uploads import load_upload_rules
from crossing.kit.vault import Vault, open_store
from redress.cases.open_case import ruling_departed
from redress.casework.steps import CHAIN
from redress.casework.working import working
from redress.desk.deciding_routes import router as deciding
from redress.desk.routes import router as cases
from redress.feedback.routes import router as feedback
from redress.inquiries.misses import counters
from redress.inquiries.routes import router as inquiries
from redress.recourse.routes import router as recourse
from redress.remedies.recur import subject_recurred
from redress.settings import MIGRATIONS, RedressSettings
from redress.staff.routes import router as staff
from redress.statistics.routes import router as statistics


def create_app(
    settings: RedressSettings,
    *,
    clock: Clock = system_clock,
    inside: Mapping[str, ASGIApp] | None = None,
    service_token: Token | None = None,
) -> FastAPI:
    """The redress service for some settings.

    ``inside`` are other services that run in the same process, by name (``admission``, ``advance-rulings``);
    ``service_token`` gives the token shown to them, otherwise got as the settings say.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with service_resources(app, settings, clock):
            app.state.identity_key = settings.identity_key.get_secret_value().encode()
            scanner = ClamAv(settings.clamav_address) if settings.clamav_address else None
            app.state.statistics = {}
            app.state.vault = Vault(open_store(settings.evidence_store), "evidence", scanner)
            app.state.misses, app.state.filings, app.state.recoveries = counters(clock)
            await begin_chain(app.state.ledger, CHAIN, format_instant(clock()))
            async with working(app, settings, inside or {}, service_token):
                yield

    app = service_app(
        "redress",
        title="Crossing: redress",
        version=version("crossing"),
        description="Inquiries, cases and remedies.",
        deadline_seconds=settings.request_deadline_seconds,
        max_body_bytes=settings.max_body_bytes,
        uploads={"evidence": load_upload_rules().limits},
        lifespan=lifespan,
    )
    takers = {"ruling.departed": ruling_departed, "subject.recurred": subject_recurred}
    routers = (inquiries, cases, deciding, staff, recourse, feedback, statistics, events_router(takers))
    for router in routers:
        app.include_router(router)
    app.include_router(ready_checks(app, MIGRATIONS, with_packs=False))
    return app
