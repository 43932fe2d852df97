"""Assembles the admission service."""

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.types import ASGIApp

from admission.covered import SUBJECTS
from admission.determinations.routes import router as determinations
from admission.examinations.routes import router as examinations
from admission.guidance.routes import router as guidance
from admission.neighbours import neighbours
from admission.pages.routes import router as pages
from admission.port_notices.board import NoticeBoard
from admission.port_notices.routes import router as port_notices
from admission.ports.routes import router as ports
from admission.rulings.heard import TAKERS
from admission.settings import MIGRATIONS, AdmissionSettings
from admission.subjects.check import SubjectChecks
from admission.subjects.keys import secret_of
from admission.subjects.list_routes import router as lists
from admission.subjects.reading import subject_reader
from admission.subjects.remedy_routes import router as remedies
from admission.subjects.routes import router as subjects
from crossing.desk.lawbook import Lawbook
from crossing.kit.clock import Clock, system_clock
from crossing.kit.database import format_instant, pool_beside
from crossing.kit.inbox import events_router
from crossing.kit.ledger import begin_chain
from crossing.kit.service import ready_checks, service_app, service_resources
from crossing.kit.service_tokens import Token


def create_app(
    settings: AdmissionSettings,
    *,
    clock: Clock = system_clock,
    inside: Mapping[str, ASGIApp] | None = None,
    service_token: Token | None = None,
) -> FastAPI:
    """The admission service for some settings; raises ``PacksDoNotHold`` when the rule packs have mistakes.

    ``inside`` are other services that run in the same process, by name (``advance-rulings``, ``redress``);
    ``service_token`` gives the token shown to them, otherwise got as the settings say.
    """
    lawbook = Lawbook()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            service_resources(app, settings, clock),
            pool_beside(settings.database_url, settings.bounds) as beside,
        ):
            app.state.lawbook = lawbook
            app.state.ports = {}
            app.state.beside = app.state.pools["beside"] = beside
            app.state.notice_board = NoticeBoard(beside)
            app.state.identity_key = secret_of(settings.identity_key.get_secret_value())
            reader = subject_reader(settings.database_url, app.state.engine)
            checks = SubjectChecks(reader, app.state.identity_key, settings.subject_check_seconds)
            app.state.subjects = checks
            await begin_chain(app.state.ledger, SUBJECTS, format_instant(app.state.clock()))
            await lawbook.keep(app.state.ledger, app.state.clock())
            lawbook.prepare(app.state.clock().date().isoformat())
            async with aclosing(checks), neighbours(app, settings, clock, inside or {}, service_token):
                yield

    app = service_app(
        "admission",
        title="Crossing: admission",
        version=version("crossing"),
        description="Examinations at ports of entry, decided with cited reasons.",
        deadline_seconds=settings.request_deadline_seconds,
        max_body_bytes=settings.max_body_bytes,
        lifespan=lifespan,
    )
    for router in (
        examinations,
        determinations,
        ports,
        port_notices,
        guidance,
        lists,
        subjects,
        remedies,
        pages,
    ):  # what is asked most comes first
        app.include_router(router)
    app.include_router(events_router(TAKERS))
    app.include_router(ready_checks(app, MIGRATIONS))
    return app
