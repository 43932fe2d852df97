"""Renders Envoy's configuration from the one template."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from jinja2 import Environment, StrictUndefined

from crossing.gateway.certificates import TRUST_DOMAIN
from crossing.gateway.problems import HEADERS, PROBLEMS
from crossing.kit.issuer import AUDIENCE, ISSUER

#: In the source tree: what is deployed is rendered from a checkout, never on the machine that runs it.
TEMPLATE: Final = Path(__file__).parents[3] / "deploy" / "gateway" / "envoy.yaml.j2"
SERVICES: Final = ("admission", "advance-rulings", "redress")


@dataclass(frozen=True)
class Upstream:
    """Where a service listens; ``also`` is where other processes of it do, where a name does not stand for them all."""

    host: str
    port: int
    also: "tuple[Upstream, ...]" = ()


@dataclass(frozen=True)
class GatewayOptions:
    """What differs from one gateway to another. Times are in seconds.

    ``services`` and ``front`` are where requests go; ``keys_url`` or ``keys_file`` has the public keys of whoever signs
    tokens, and ``identity_paths`` are what is published of the one at ``keys_url``. Without ``certificate`` it speaks
    plain HTTP. A ``request_seconds`` of 0 lets a body take for ever. Rates are of one address on the public listener,
    and of one certificate on that of the terminals.
    """

    services: Mapping[str, Upstream]
    front: Upstream | None = None
    issuer: str = ISSUER
    audience: str = AUDIENCE
    keys_url: str = ""
    keys_file: str = ""
    identity_paths: tuple[str, ...] = ()
    host: str = "0.0.0.0"  # noqa: S104 - the published address of the suite
    port: int = 8443
    terminals_port: int = 0
    inside_port: int = 0
    admin_port: int = 9901
    certificate: str = ""
    certificate_key: str = ""
    clients_ca: str = ""
    access_log: str = "/dev/stdout"
    docs: bool = False
    head_seconds: float = 5.0
    request_seconds: float = 10.0
    answer_seconds: float = 5.0
    keys_seconds: float = 60.0
    file_seconds: float = 125.0
    idle_seconds: float = 10.0
    terminal_idle_seconds: float = 300.0
    head_kilobytes: int = 16
    most_headers: int = 64
    body_bytes: int = 262_144
    requests_per_second: int = 200
    files_per_minute: int = 60
    files_at_once: int = 64
    service_connections: int = 256
    service_requests: int = 1_024
    most_connections: int = 15_000
    heap_megabytes: int = 512


def render(options: GatewayOptions) -> str:
    """The configuration as YAML."""
    environment = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)  # noqa: S701 - YAML
    keys = urlsplit(options.keys_url)
    identity = Upstream(keys.hostname or "", keys.port or (443 if keys.scheme == "https" else 80))
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        o=options, problems=PROBLEMS, headers=HEADERS, identity=identity, trust_domain=TRUST_DOMAIN
    )


def at_one_address(host: str, port: int) -> Mapping[str, Upstream]:
    """Every service at one address, as the embedded suite has them."""
    return dict.fromkeys(SERVICES, Upstream(host, port))
