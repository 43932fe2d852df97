"""A collector of traces on loopback: takes what OpenTelemetry's exporter sends over HTTP, and keeps it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class Span:
    """A span as it came, and the service that sent it."""

    service: str
    sent: Any

    @property
    def name(self) -> str:
        return str(self.sent.name)

    @property
    def trace_id(self) -> str:
        return str(self.sent.trace_id.hex())

    @property
    def attributes(self) -> dict[str, Any]:
        """Attributes that are text or numbers."""
        return {each.key: each.value.string_value or each.value.int_value for each in self.sent.attributes}


@dataclass
class Collector:
    """What came."""

    address: str
    spans: list[Span] = field(default_factory=list)
    received: list[bytes] = field(default_factory=list)

    def take(self, body: bytes) -> None:
        """Read one delivery."""
        self.received.append(body)
        for sent in ExportTraceServiceRequest.FromString(body).resource_spans:
            known = {each.key: each.value.string_value for each in sent.resource.attributes}
            self.spans += [Span(known["service.name"], span) for scope in sent.scope_spans for span in scope.spans]


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector that listens while the block runs."""

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.take(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing of it is worth a line."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
    collector = Collector(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
