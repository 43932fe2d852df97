"""A gateway for tests: TLS on both listeners, short limits, keys fetched from where they are given out."""

import json
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
from tests.gateway.upstreams import KEYS, SeeingService

from crossing.gateway.certificates import TRUST_DOMAIN, Authority
from crossing.gateway.presets import with_certificates
from crossing.gateway.process import free_port, running_gateway
from crossing.gateway.render import GatewayOptions, Upstream
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.problems import ProblemDocument

LOOPBACK: Final = "127.0.0.1"
#: Requests a second from one address.
RATE: Final = 50
TERMINAL: Final = f"{TRUST_DOMAIN}/terminal/US-DETROIT/LANE-1"
_PATIENCE_SECONDS: Final = 20


@dataclass(frozen=True)
class Gate:
    """A gateway that runs, with everything needed to come through it."""

    folder: Path
    options: GatewayOptions
    issuer: DevelopmentIssuer
    authority: Authority

    @property
    def address(self) -> str:
        """Where everybody comes in."""
        return f"https://127.0.0.1:{self.options.port}"

    @property
    def terminals_address(self) -> str:
        """Where terminals and services come in."""
        return f"https://127.0.0.1:{self.options.terminals_port}"

    def token(self, role: Role = Role.OFFICER) -> str:
        """A token that holds."""
        return self.issuer.token(role, subject=f"test-{role.value}", port_id="US-DETROIT", terminal_id="LANE-1")

    def trust(self, client: str | None = None) -> ssl.SSLContext:
        """Trust in the gateway's authority, with the certificate of a client."""
        context = ssl.create_default_context(cafile=str(self.folder / "ca.crt"))
        if client:
            context.load_cert_chain(self.folder / f"{client}.crt", self.folder / f"{client}.key")
        return context

    def client(self, certificate: str | None = None) -> httpx.Client:
        """A client of the public listener; with a certificate, of that of the terminals."""
        address = self.terminals_address if certificate else self.address
        return httpx.Client(base_url=address, verify=self.trust(certificate), timeout=_PATIENCE_SECONDS)

    def said(self, raw: bytes, *, source: str = LOOPBACK) -> bytes:
        """What is answered to some bytes until the connection ends; the gateway ends it when nothing more is sent."""
        with self.connection(source) as connection:
            return exchange(connection, raw)

    def connection(self, source: str = LOOPBACK) -> ssl.SSLSocket:
        """A connection to the public listener."""
        plain = socket.create_connection((LOOPBACK, self.options.port), _PATIENCE_SECONDS, (source, 0))
        return self.trust().wrap_socket(plain, server_hostname=LOOPBACK)

    def log_of(self, request_id: str) -> dict[str, Any]:
        """The line that the access log has for a request."""
        return line_of(Path(self.options.access_log), request_id)


def exchange(connection: socket.socket, raw: bytes) -> bytes:
    """What comes back on a connection, once some bytes were sent, until it ends."""
    connection.sendall(raw)
    answer = b""
    try:
        while part := connection.recv(65_536):
            answer += part
    except (ConnectionResetError, ssl.SSLError):  # cut off: what came before counts
        pass
    return answer


def line_of(log: Path, request_id: str) -> dict[str, Any]:
    """The line of a log for the end of a request, which takes a moment to be written."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        for line in log.read_text(errors="replace").splitlines():
            if request_id in line and '"request.ended"' in line:
                told: dict[str, Any] = json.loads(line)
                return told
        time.sleep(0.02)
    raise AssertionError(f"no line for {request_id} in {log.name}")


@contextmanager
def gate_before(services: Mapping[str, Upstream], keys: SeeingService, folder: Path, **chosen: Any) -> Iterator[Gate]:
    """A gateway before some services; ``chosen`` are of its options."""
    authority = Authority()
    authority.write(folder)
    authority.write_server(folder, [LOOPBACK])
    authority.write_client(folder, "terminal", TERMINAL)
    options = GatewayOptions(
        services=services,
        host=LOOPBACK,
        port=free_port(),
        terminals_port=free_port(),
        inside_port=free_port(),
        admin_port=free_port(),
        keys_url=f"http://127.0.0.1:{keys.port}{KEYS}",
        access_log=str(folder / "access.log"),
        **chosen,
    )
    options = with_certificates(options, str(folder))
    with running_gateway(options, folder):
        yield Gate(folder, options, DevelopmentIssuer(folder), authority)


def is_problem(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """Check that an answer is a problem in the shape of the services, and names the request."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    document: dict[str, Any] = answer.json()
    assert ProblemDocument.model_validate(document).type == f"/problems/{slug}"
    assert document["status"] == status
    assert document["request_id"] == answer.headers["x-request-id"]
    return document


def seen(answer: httpx.Response) -> dict[str, str]:
    """The headers that the service saw."""
    assert answer.status_code == 200, answer.text
    return {name.lower(): value for name, value in answer.json()["headers"].items()}
