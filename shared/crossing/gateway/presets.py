"""The options of each place where a gateway stands."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from crossing.gateway.render import GatewayOptions, Upstream, at_one_address
from crossing.kit.issuer import ISSUER

_LOOPBACK: Final = "127.0.0.1"
_CERTIFICATES: Final = "/etc/crossing/certificates"


def with_certificates(options: GatewayOptions, folder: str) -> GatewayOptions:
    """The options with TLS, by the files that ``crossing gateway certificates`` writes into a folder."""
    return replace(
        options,
        certificate=f"{folder}/server.crt",
        certificate_key=f"{folder}/server.key",
        clients_ca=f"{folder}/ca.crt",
    )


def embedded(port: int = 8000, behind: int = 8001, data: Path = Path("var")) -> GatewayOptions:
    """Before the embedded suite, which listens at ``behind``: plain HTTP on loopback, where all have one address."""
    return GatewayOptions(
        services=at_one_address(_LOOPBACK, behind),
        front=Upstream(_LOOPBACK, behind),
        keys_file=str(data.resolve() / "development-issuer.jwks.json"),
        host=_LOOPBACK,
        port=port,
        access_log=str(data.resolve() / "gateway" / "access.log"),
        docs=True,
        requests_per_second=1_000,
    )


def compose() -> GatewayOptions:
    """Before the services of the compose file, by their names there."""
    options = GatewayOptions(
        services={
            "admission": Upstream("admission", 8000),
            "advance-rulings": Upstream("advance-ruling", 8000),
            "redress": Upstream("redress", 8000),
        },
        issuer="https://localhost:8443/identity/realms/crossing",
        keys_url="http://identity:8080/identity/realms/crossing/protocol/openid-connect/certs",
        # What signing in needs, and nothing of the provider's administration.
        identity_paths=("/identity/realms/crossing/", "/identity/resources/"),
        terminals_port=9443,
        inside_port=9100,
        docs=True,
    )
    return with_certificates(options, _CERTIFICATES)


def cluster() -> GatewayOptions:
    """As in compose, but the descriptions of the interfaces are for those inside."""
    return replace(
        compose(),
        issuer=ISSUER,
        keys_url="http://identity:8080/realms/crossing/protocol/openid-connect/certs",
        identity_paths=(),
        docs=False,
    )


def tests() -> GatewayOptions:
    """On loopback, with plain HTTP, before services at 8001."""
    return replace(embedded(), access_log="/dev/stdout", docs=False)


PRESETS: Final[Mapping[str, Callable[[], GatewayOptions]]] = {
    "embedded": embedded,
    "compose": compose,
    "cluster": cluster,
    "tests": tests,
}
