"""What stands behind a gateway in its tests: a service that answers with what it saw, and gives out public keys."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

KEYS = "/keys"
READY = ("/admission/v1/readyz", "/advance-rulings/v1/readyz", "/redress/v1/readyz")


class SeeingService(ThreadingHTTPServer):
    """Answers every request with its request line, headers and the length of its body; probes are always content."""

    daemon_threads = True

    def __init__(self, keys_file: Path, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.keys_file = keys_file
        self.seen: list[str] = []
        self.keeps_keys_back = False
        self.asked_in_vain = 0

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer goes out whole: in two pieces, the second waits for what the first is told
    server: SeeingService

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path == KEYS and self.server.keeps_keys_back:
            self.server.asked_in_vain += 1
            self.send_error(503)
            return
        if self.path == KEYS:
            self._send(self.server.keys_file.read_bytes())
            return
        if self.path in READY:
            self._send(b"{}")
            return
        self.server.seen.append(self.requestline)
        told = {"line": self.requestline, "headers": dict(self.headers.items()), "length": len(body)}
        self._send(json.dumps(told).encode())

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _answer  # noqa: N815 - names of the standard library

    def _send(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Nothing: what it saw is in its answers."""


@contextmanager
def seeing_service(keys_file: Path, port: int = 0) -> Iterator[SeeingService]:
    """The service, while it listens."""
    with SeeingService(keys_file, port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
