"""``crossing serve``, ``crossing token`` and ``crossing demo``: the embedded suite."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from crossing.kit.identity import Role

SERVICES = ("admission", "advance-rulings", "redress")
Data = Annotated[Path, typer.Option(help="Folder of the suite's files.")]
Port = Annotated[int, typer.Option(help="TCP port on 127.0.0.1.")]


def serve(
    port: Port = 8000,
    data: Data = Path("var"),
    demonstration: Annotated[bool, typer.Option("--demo", help="Load demonstration data.")] = False,
    log_level: Annotated[str, typer.Option(help="Lowest level of log lines.")] = "WARNING",
    elsewhere: Annotated[
        list[str] | None, typer.Option(help="NAME=URL of a service that another process runs; repeat for each.")
    ] = None,
    gateway: Annotated[
        bool, typer.Option("--gateway", help="Put the gateway before it, which takes the port.")
    ] = False,
) -> None:
    """Serve the whole suite embedded, on loopback, until it is told to stop."""
    from crossing.desk.lawbook import PacksDoNotHold
    from crossing.embedded.serve import serve as serve_suite
    from crossing.gateway.process import GatewayDoesNotStart

    addresses = _addresses(elsewhere or [])
    try:
        serve_suite(data, port, demonstration=demonstration, log_level=log_level, elsewhere=addresses, gateway=gateway)
    except GatewayDoesNotStart as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(1) from None
    except PacksDoNotHold as refusal:
        typer.echo(str(refusal), err=True)
        typer.echo("The suite does not start with rule packs that have mistakes; see `crossing rules check`.", err=True)
        raise typer.Exit(1) from None


def _addresses(given: list[str]) -> dict[str, str]:
    """Addresses by service, from ``NAME=URL``."""
    found = {}
    for each in given:
        name, _, address = each.partition("=")
        if name not in SERVICES or not address.startswith(("http://", "https://")):
            raise typer.BadParameter(f"{each!r}: write NAME=URL, where NAME is one of {', '.join(SERVICES)}")
        found[name] = address.rstrip("/")
    return found


def token(
    role: Annotated[Role, typer.Option(help="What the bearer may do.")] = Role.OFFICER,
    at: Annotated[str, typer.Option(help="Port of entry of the session.")] = "US-DETROIT",
    terminal: Annotated[str, typer.Option(help="Terminal of the session.")] = "LANE-1",
    subject: Annotated[str, typer.Option(help="Who the bearer is.")] = "",
    data: Data = Path("var"),
) -> None:
    """Print a token signed by the development issuer of a data folder."""
    from crossing.kit.issuer import DevelopmentIssuer

    issuer = DevelopmentIssuer(data)
    typer.echo(issuer.token(role, subject=subject or f"demonstration-{role.value}", port_id=at, terminal_id=terminal))


def demo(port: Port = 8000, data: Data = Path("var")) -> None:
    """Load demonstration data into a suite that runs: ports, worked cases, caseworkers and lookouts."""
    from crossing.embedded.demonstration import load_demonstration
    from crossing.kit.http import HTTPError
    from crossing.kit.issuer import DevelopmentIssuer

    try:
        loaded = asyncio.run(load_demonstration(f"http://127.0.0.1:{port}", DevelopmentIssuer(data)))
    except HTTPError as error:
        typer.echo(f"The suite at port {port} did not take the demonstration data: {type(error).__name__}.")
        raise typer.Exit(1) from None
    typer.echo(f"Demonstration data: {loaded}")
