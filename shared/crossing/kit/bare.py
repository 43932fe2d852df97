"""A service that holds nothing yet: it answers for its health."""

from importlib.metadata import version

from fastapi import FastAPI

from crossing.kit.health import health_router
from crossing.kit.middleware import RequestContext
from crossing.kit.problems import PROBLEM_RESPONSES, install_problem_handlers

_DEADLINE_SECONDS = 3.0
_MAX_BODY_BYTES = 16_384


def bare_app(name: str, *, title: str, description: str) -> FastAPI:
    """An application with health endpoints only."""
    app = FastAPI(
        title=title,
        version=version("crossing"),
        description=description,
        openapi_url="/v1/openapi.json",
        docs_url="/v1/docs",
        redoc_url=None,
        responses=PROBLEM_RESPONSES,
        telemetry={"logs": False, "tracing": False},
    )
    install_problem_handlers(app)
    app.add_middleware(RequestContext, service=name, deadline_seconds=_DEADLINE_SECONDS, max_body_bytes=_MAX_BODY_BYTES)
    app.include_router(health_router({}))
    return app
