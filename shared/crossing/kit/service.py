"""What every service is assembled of."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.requests import Request
from starlette.responses import Response

from crossing.kit.clock import Clock
from crossing.kit.database import create_engine
from crossing.kit.docs import docs_router
from crossing.kit.gauges import watch_service
from crossing.kit.health import health_router
from crossing.kit.identity import TokenChecker
from crossing.kit.issuer_keys import open_issuer_keys
from crossing.kit.languages import language_of
from crossing.kit.ledger import PostgresLedger, open_ledger
from crossing.kit.limiter import AddressLimiter
from crossing.kit.logging import log
from crossing.kit.metrics import ServiceMetrics
from crossing.kit.middleware import Limits, RequestContext
from crossing.kit.migrations import is_current
from crossing.kit.problems import (
    PROBLEM_RESPONSES,
    Unavailable,
    describe_problems,
    install_problem_handlers,
    respond,
)
from crossing.kit.readiness import WriteProbe
from crossing.kit.settings import ServiceSettings
from crossing.kit.traces import open_tracing, trace_statements
from crossing.kit.watched_ledger import WatchedLedger


class Service(FastAPI):
    """A FastAPI application that describes its problems as it gives them."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI description."""
        return describe_problems(super().openapi())


def service_app(
    name: str,
    *,
    title: str,
    version: str,
    description: str,
    deadline_seconds: float,
    max_body_bytes: int,
    uploads: Mapping[str, Limits] | None = None,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None,
) -> FastAPI:
    """An application with problems, request ids, a deadline and a limit of each request, ready for its routers.

    ``uploads`` are limits of their own for posts to addresses whose last step is named, such as ``evidence``.
    """
    tracing = open_tracing(name)
    app = Service(
        title=title,
        version=version,
        description=description,
        lifespan=lifespan,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=PROBLEM_RESPONSES,
        telemetry={
            "logs": False,
            "metrics": False,
            "operation_spans": False,
            "tracing": tracing is not None,
            "tracer_provider": tracing,
        },
    )
    install_problem_handlers(app)
    for silence in (DBAPIError, PoolTimeout, OSError):
        app.add_exception_handler(silence, _on_silent_database)
    app.include_router(docs_router(app))
    app.state.tracing = tracing
    app.state.metrics = ServiceMetrics()
    watch_service(app)
    app.add_middleware(
        RequestContext,
        service=name,
        metrics=app.state.metrics,
        deadline_seconds=deadline_seconds,
        max_body_bytes=max_body_bytes,
        uploads=uploads,
    )
    return app


#: What a database says of a mistake of ours, which no repeat would cure.
_MISTAKES: Final = (ProgrammingError, DataError, IntegrityError, NotSupportedError)


async def _on_silent_database(request: Request, error: Exception) -> Response:
    if isinstance(error, _MISTAKES):
        raise error
    log().warning("database.silent", error=type(error).__name__)
    return respond(Unavailable(headers={"Retry-After": "1"}), language_of(request))


@asynccontextmanager
async def service_resources(app: FastAPI, settings: ServiceSettings, clock: Clock) -> AsyncIterator[None]:
    """Open what a service holds while it runs, and let go of it afterwards."""
    engine = create_engine(settings.database_url, settings.bounds)
    ledger = open_ledger(settings.database_url, settings.bounds)
    app.state.settings = settings
    app.state.clock = clock
    app.state.engine = engine
    trace_statements(engine, app.state.tracing)
    app.state.ledger = WatchedLedger(ledger, app.state.metrics, app.state.tracing)
    app.state.pools = {"requests": engine} | ({"ledger": ledger.engine} if isinstance(ledger, PostgresLedger) else {})
    app.state.breakers = []
    app.state.limiter = AddressLimiter(settings.open_requests_per_minute)
    try:
        async with open_issuer_keys(settings.key_set_file, settings.key_set_url) as keys:
            app.state.issuer_keys = keys
            app.state.tokens = TokenChecker(
                keys, issuer=settings.issuer, audience=settings.audience, now=lambda: clock().timestamp()
            )
            yield
    finally:
        await ledger.close()
        await engine.dispose()
        if app.state.tracing:
            await asyncio.to_thread(app.state.tracing.shutdown)


def ready_checks(app: FastAPI, migrations: Path, *, with_packs: bool = True) -> APIRouter:
    """``healthz`` and ``readyz`` of a service with a database, an Alembic history and, mostly, rule packs.

    A service is not ready whose database takes no write, nor one that drains, because it is about to end.
    """

    write = WriteProbe()

    async def database() -> bool:
        return await write(app.state.engine, app.state.clock)

    async def history() -> bool:
        return await is_current(migrations, app.state.engine)

    async def keys() -> bool:
        return bool(app.state.issuer_keys.keys)

    async def packs() -> bool:
        return bool(app.state.lawbook.packs)

    async def serving() -> bool:
        return not getattr(app.state, "draining", False)

    checks = {"serving": serving, "database": database, "migrations": history, "keys": keys}
    checks |= {"packs": packs} if with_packs else {}
    app.state.ready_checks = checks
    app.state.health_router = health_router(checks)
    router: APIRouter = app.state.health_router
    return router
