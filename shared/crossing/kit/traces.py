"""Traces across services (W3C Trace Context), by OpenTelemetry, where OTEL_EXPORTER_OTLP_ENDPOINT names a collector.

Without one nothing of OpenTelemetry's SDK is imported: it would take memory for nothing.
"""

import os
from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, Final

from opentelemetry import propagate, trace
from opentelemetry.trace import StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from crossing.kit.http import Client

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

_ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
_LONGEST_STATEMENT: Final = 300
_CONTEXT: Final = TraceContextTextMapPropagator()


def open_tracing(service: str) -> "TracerProvider | None":
    """The tracing of a service, which delivers to the collector of the environment; ``None`` where none is named."""
    if not os.environ.get(_ENDPOINT):
        return None
    propagate.set_global_textmap(_CONTEXT)  # of what callers send, only where a trace comes from
    from crossing.kit.span_export import provider_of  # noqa: PLC0415 - see above

    return provider_of(service)


def tracer_of(tracing: "TracerProvider | None") -> Tracer | None:
    """What begins the spans of a service itself."""
    return tracing.get_tracer("crossing") if tracing else None


def trace_calls(client: Client, neighbour: str, tracing: "TracerProvider | None") -> None:
    """Have the calls of a client to a neighbour be spans, and carry the trace on."""

    async def name_neighbour(span: trace.Span, _request: object) -> None:
        span.set_attribute("peer.service", neighbour)

    if tracing:
        from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor  # noqa: PLC0415 - see above

        HTTPXClientInstrumentor.instrument_client(client, tracer_provider=tracing, request_hook=name_neighbour)


def trace_statements(engine: AsyncEngine, tracing: "TracerProvider | None") -> None:
    """Have each statement inside a span be one itself, with its text as the code has it."""
    tracer = tracer_of(tracing)
    if tracer is None:
        return

    def begin(_connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
        if trace.get_current_span().is_recording():  # what runs beside requests would be traces of a single span
            told = {"db.system.name": engine.dialect.name, "db.query.text": statement[:_LONGEST_STATEMENT]}
            context.span = tracer.start_span(statement.split(None, 1)[0], attributes=told)

    def end(_connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool) -> None:
        if span := getattr(context, "span", None):
            span.end()

    def fail(failure: Any) -> None:
        if span := getattr(failure.execution_context, "span", None):
            span.set_status(StatusCode.ERROR)
            span.end()

    event.listen(engine.sync_engine, "before_cursor_execute", begin)
    event.listen(engine.sync_engine, "after_cursor_execute", end)
    event.listen(engine.sync_engine, "handle_error", fail)


def carried() -> dict[str, str]:
    """The trace that runs, as an event carries it on (CloudEvents distributed tracing extension), if one does."""
    carrier: dict[str, str] = {}
    _CONTEXT.inject(carrier)
    return {name: value for name, value in carrier.items() if name == "traceparent"}


def context_of(carrier: Mapping[str, Any]) -> Any:
    """The trace that ``carried`` wrote, to begin spans in."""
    return _CONTEXT.extract(carrier)


def name_trace(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add the id of the trace that runs, if one does, to a log line."""
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        line["trace_id"] = f"{context.trace_id:032x}"
    return line
