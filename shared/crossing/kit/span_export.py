"""Delivers spans to a collector, without what may not leave the process.

What leaves is what is listed here: no path or query, no text of an exception, no parameter of a statement, and nothing
that a caller may write into the context of a trace.
"""

from collections.abc import Sequence
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanContext, Status

#: How long one delivery to the collector may take; a service that ends waits for the last.
_SECONDS: Final = 2.0
_KEPT: Final = frozenset(
    {
        "http.route",
        "http.request.method",
        "http.response.status_code",
        "http.method",
        "http.status_code",
        "error.type",
        "peer.service",
        "db.system.name",
        "db.query.text",
        "job.id",
        "job.attempts",
    }
)


def provider_of(service: str) -> TracerProvider:
    """Tracing that delivers to the collector of the environment (OTEL_EXPORTER_OTLP_ENDPOINT)."""
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(_Reduced(OTLPSpanExporter(timeout=_SECONDS))))
    return provider


class _Reduced(SpanExporter):
    """Takes away what may not leave the process, then hands over."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._exporter.export([_reduced(span) for span in spans])

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


def _reduced(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=_without_state(span.context),
        parent=_without_state(span.parent),
        resource=span.resource,
        attributes={key: value for key, value in (span.attributes or {}).items() if key in _KEPT},
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _without_state(context: SpanContext | None) -> SpanContext | None:
    return context and SpanContext(context.trace_id, context.span_id, context.is_remote, context.trace_flags)
