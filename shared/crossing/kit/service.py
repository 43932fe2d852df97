"""What every service is assembled of."""

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
from crossing.kit.health import health_router
from crossing.kit.identity import TokenChecker
from crossing.kit.issuer import read_key_set
from crossing.kit.languages import language_of
from crossing.kit.ledger import open_ledger
from crossing.kit.limiter import AddressLimiter
from crossing.kit.logging import log
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
    app = Service(
        title=title,
        version=version,
        description=description,
        lifespan=lifespan,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        responses=PROBLEM_RESPONSES,
        telemetry={"logs": False, "tracing": False},
    )
    install_problem_handlers(app)
    for silence in (DBAPIError, PoolTimeout, OSError):
        app.add_exception_handler(silence, _on_silent_database)
    app.include_router(docs_router(app))
    app.add_middleware(
        RequestContext,
        service=name,
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
    keys = read_key_set(settings.key_set_file)
    app.state.settings = settings
    app.state.clock = clock
    app.state.engine = engine
    app.state.ledger = ledger
    app.state.limiter = AddressLimiter(settings.open_requests_per_minute)
    app.state.tokens = TokenChecker(
        keys, issuer=settings.issuer, audience=settings.audience, now=lambda: clock().timestamp()
    )
    try:
        yield
    finally:
        await ledger.close()
        await engine.dispose()


def ready_checks(app: FastAPI, migrations: Path, *, with_packs: bool = True) -> APIRouter:
    """``healthz`` and ``readyz`` of a service with a database, an Alembic history and, mostly, rule packs.

    A service is not ready whose database takes no write, nor one that drains, because it is about to end.
    """

    write = WriteProbe()

    async def database() -> bool:
        return await write(app.state.engine, app.state.clock)

    async def history() -> bool:
        return await is_current(migrations, app.state.engine)

    async def packs() -> bool:
        return bool(app.state.lawbook.packs)

    async def serving() -> bool:
        return not getattr(app.state, "draining", False)

    checks = {"serving": serving, "database": database, "migrations": history}
    app.state.health_router = health_router(checks | ({"packs": packs} if with_packs else {}))
    router: APIRouter = app.state.health_router
    return router
