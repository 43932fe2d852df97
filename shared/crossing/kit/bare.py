"""A service that holds nothing yet: it answers for its health."""

from importlib.metadata import version

from fastapi import FastAPI

from crossing.kit.health import health_router
from crossing.kit.service import service_app


def bare_app(name: str, *, title: str, description: str) -> FastAPI:
    """An application with health endpoints only."""
    app = service_app(
        name,
        title=title,
        version=version("crossing"),
        description=description,
        deadline_seconds=3.0,
        max_body_bytes=16_384,
    )
    app.include_router(health_router({}))
    return app
