"""``crossing gateway``: the configuration of the gateway, and certificates to try it with."""

from dataclasses import fields, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from crossing.gateway.render import GatewayOptions, Upstream

gateway = typer.Typer(help="The gateway before the services.", no_args_is_help=True)


class Place(StrEnum):
    """Where a gateway stands."""

    EMBEDDED = "embedded"
    COMPOSE = "compose"
    CLUSTER = "cluster"
    TESTS = "tests"


@gateway.command("render")
def render_configuration(
    place: Annotated[Place, typer.Option("--for", help="Where it stands.")],
    services: Annotated[
        list[str] | None, typer.Option("--service", help="NAME=HOST:PORT of a service; repeat for each.")
    ] = None,
    front: Annotated[str, typer.Option(help="HOST:PORT of what answers at / and everywhere else.")] = "",
    certificates: Annotated[str, typer.Option(help="Folder of the certificates, as the gateway sees it.")] = "",
    chosen: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="NAME=VALUE of another option, such as issuer, keys_url, port, docs; repeat for each."
        ),
    ] = None,
) -> None:
    """Print Envoy's configuration."""
    from crossing.gateway.presets import PRESETS, with_certificates
    from crossing.gateway.render import render

    options = PRESETS[place]()
    if certificates:
        options = with_certificates(options, certificates)
    named = {name: _upstream(value) for name, value in map(_pair, services or [])}
    if unknown := named.keys() - options.services.keys():
        raise typer.BadParameter(f"{min(unknown)}: no such service; there are {', '.join(options.services)}")
    options = replace(options, services={**options.services, **named})
    if front:
        options = replace(options, front=_upstream(front))
    typer.echo(render(replace(options, **_values(options, chosen or []))), nl=False)


@gateway.command("certificates")
def make_certificates(
    folder: Annotated[Path, typer.Argument(help="Where they are written; what has the same name is replaced.")],
    host: Annotated[list[str], typer.Option(help="Name or address of the gateway; repeat for each.")] = [  # noqa: B006
        "localhost",
        "127.0.0.1",
        "gateway",
    ],
    terminal: Annotated[list[str], typer.Option(help="PORT/TERMINAL of an officer's terminal; repeat for each.")] = [  # noqa: B006
        "US-DETROIT/LANE-1"
    ],
) -> None:
    """Make an authority, and certificates of the gateway, terminals and services, for development and tests only."""
    from crossing.cli.services import ServiceName
    from crossing.gateway.certificates import DAYS, write_certificates

    names = write_certificates(folder, hosts=host, terminals=terminal, services=[each.value for each in ServiceName])
    typer.echo(f"gateway certificates: {len(names)} files in {folder}, valid for {DAYS} days")


def _pair(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not equals:
        raise typer.BadParameter(f"{given!r}: write NAME=VALUE")
    return name, value


def _upstream(given: str) -> "Upstream":
    from crossing.gateway.render import Upstream

    host, _, port = given.rpartition(":")
    if not host or not port.isdecimal():
        raise typer.BadParameter(f"{given!r}: write HOST:PORT")
    return Upstream(host, int(port))


def _values(options: "GatewayOptions", given: list[str]) -> dict[str, Any]:
    """Options by name, each of the type it has."""
    kinds = {each.name: type(getattr(options, each.name)) for each in fields(options)}
    found: dict[str, Any] = {}
    for name, value in map(_pair, given):
        kind = kinds.get(name)
        if kind not in (str, int, float, bool):
            known = ", ".join(each for each, kind in kinds.items() if kind in (str, int, float, bool))
            raise typer.BadParameter(f"{name!r} is no option; there are {known}")
        try:
            found[name] = value == "true" if kind is bool else kind(value)
        except ValueError:
            raise typer.BadParameter(f"{name}: {value!r} is no number") from None
    return found
