"""What a service says of itself on an address that no gateway publishes."""

from fastapi import FastAPI, Response
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4


def inside_app(app: FastAPI) -> FastAPI:
    """``healthz`` and ``readyz`` of a service for probes, ``/metrics`` for Prometheus."""
    inside = FastAPI(openapi_url=None, telemetry={"logs": False, "tracing": False})
    inside.include_router(app.state.health_router)

    @inside.get("/metrics")
    async def read_metrics() -> Response:
        return Response(await app.state.metrics.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return inside
