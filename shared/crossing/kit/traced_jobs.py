"""Jobs as spans: an event is delivered in the trace of the request that caused it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from opentelemetry.trace import Tracer
from opentelemetry.util.types import AnyValue

from crossing.kit.jobs import Job
from crossing.kit.traces import context_of, tracer_of
from crossing.kit.worker import Handler

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider


def traced_handlers(handlers: Mapping[str, Handler], tracing: "TracerProvider | None") -> Mapping[str, Handler]:
    """The handlers, each of whose jobs is a span where there is tracing."""
    tracer = tracer_of(tracing)
    return {kind: _traced(handler, tracer) for kind, handler in handlers.items()} if tracer else handlers


def _traced(handler: Handler, tracer: Tracer) -> Handler:
    async def do(job: Job) -> None:
        told: dict[str, AnyValue] = {"job.id": job.id, "job.attempts": job.attempts}
        cause = context_of(job.payload.get("event", {}))
        with tracer.start_as_current_span(f"job {job.kind}", cause, attributes=told, record_exception=False):
            await handler(job)

    return do
