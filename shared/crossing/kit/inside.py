"""What a service says of itself on an address that no gateway publishes."""

from fastapi import FastAPI


def inside_app(app: FastAPI) -> FastAPI:
    """``healthz`` and ``readyz`` of a service, for probes."""
    inside = FastAPI(openapi_url=None, telemetry={"logs": False, "tracing": False})
    inside.include_router(app.state.health_router)
    return inside
