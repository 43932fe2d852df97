"""Assembles the advance-ruling service."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.types import ASGIApp

from advance_ruling.applications.desk_routes import router as deciding
from advance_ruling.applications.file_routes import router as files
from advance_ruling.applications.routes import router as applications
from advance_ruling.pages.routes import router as pages
from advance_ruling.registry.routes import router as registry
from advance_ruling.registry.windows import RegistryStatistics
from advance_ruling.rulings.heard import TAKERS
from advance_ruling.rulings.open_routes import router as verification
from advance_ruling.rulings.read_routes import router as reading
from advance_ruling.rulings.routes import router as rulings
from advance_ruling.rulings.running import open_rulings
from advance_ruling.settings import MIGRATIONS, AdvanceRulingSettings
from advance_ruling.working import working
from crossing.desk.lawbook import Lawbook
from crossing.kit.clamav import ClamAv
from crossing.kit.clock import Clock, system_clock
from crossing.kit.database import format_instant
from crossing.kit.inbox import events_router
from crossing.kit.ledger import begin_chain
from crossing.kit.service import ready_checks, service_app, service_resources
from crossing.kit.service_tokens import Token
from crossing.kit.uploads import load_upload_rules
from crossing.kit.vault import Vault, open_store


def create_app(
    settings: AdvanceRulingSettings,
    *,
    clock: Clock = system_clock,
    inside: Mapping[str, ASGIApp] | None = None,
    service_token: Token | None = None,
) -> FastAPI:
    """The advance-ruling service for some settings; raises ``PacksDoNotHold`` when the rule packs have mistakes.

    ``inside`` are other services that run in the same process, by name (``admission``); ``service_token`` gives the
    token shown to them, otherwise got as the settings say.
    """
    lawbook = Lawbook()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with service_resources(app, settings, clock):
            app.state.lawbook = lawbook
            app.state.registry_statistics = RegistryStatistics()
            app.state.identity_key = settings.identity_key.get_secret_value().encode()
            at = format_instant(clock())
            await lawbook.keep(app.state.ledger, clock())
            for country in lawbook.packs:
                await begin_chain(app.state.ledger, country, at)
            scanner = ClamAv(settings.clamav_address) if settings.clamav_address else None
            app.state.vault = Vault(open_store(settings.evidence_store), "evidence", scanner)
            await open_rulings(app)
            async with working(app, settings, inside or {}, service_token):
                yield

    app = service_app(
        "advance-ruling",
        title="Crossing: advance rulings",
        version=version("crossing"),
        description="Applications, evidence and signed rulings that the port honours.",
        deadline_seconds=settings.request_deadline_seconds,
        max_body_bytes=settings.max_body_bytes,
        uploads={"evidence": load_upload_rules().limits},
        lifespan=lifespan,
    )
    for router in (
        verification,
        reading,
        rulings,
        registry,
        files,
        applications,
        deciding,
        events_router(TAKERS),
        pages,
    ):
        app.include_router(router)
    app.include_router(ready_checks(app, MIGRATIONS))
    return app
