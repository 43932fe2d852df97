"""``crossing service`` and ``crossing migrate``: one service as production runs it, set by CROSSING_* variables."""

import asyncio
from typing import Annotated, Literal

import typer

from crossing.cli.partitions import make_partitions
from crossing.cli.services import (
    PREFIXES,
    Named,
    assemble,
    database_of_settings,
    metadata_of,
    migrations_of,
    refuse_foreign_database,
)

Level = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]


def service(
    name: Named,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="TCP port of what the gateway publishes.")] = 8000,
    inside_port: Annotated[
        int, typer.Option(help="TCP port of health and metrics, which no gateway publishes; 0 for none.")
    ] = 0,
    trusted_proxies: Annotated[
        str, typer.Option(help="Addresses whose word counts on whom they forward for, separated by commas.")
    ] = "127.0.0.1",
    log_level: Annotated[
        Level | None, typer.Option(help="Lowest level of log lines. [default: the setting LOG_LEVEL]")
    ] = None,
) -> None:
    """Serve one service under its public path until told to stop.

    SIGTERM drains: readiness says no for CROSSING_DRAIN_SECONDS, then what runs is finished. SIGINT does not wait.
    """
    from crossing.desk.lawbook import PacksDoNotHold
    from crossing.kit.serving import serve

    try:
        app = assemble(name, **({"log_level": log_level} if log_level else {}))
    except PacksDoNotHold as refusal:
        typer.echo(f"{refusal}\nA service does not start with rule packs that have mistakes.", err=True)
        raise typer.Exit(1) from None
    try:
        serve(app, PREFIXES[name], host=host, port=port, inside_port=inside_port, trusted_proxies=trusted_proxies)
    except Exception as error:  # what an error says may be secret: a supervisor learns what it was, and starts anew
        typer.echo(f"{name.value}: ended by {type(error).__name__}; see `crossing doctor {name.value}`", err=True)
        raise typer.Exit(1) from None


def migrate(
    name: Named,
    database_url: Annotated[
        str | None,
        typer.Option(help="SQLAlchemy URL, of the role that owns the tables. [default: the setting DATABASE_URL]"),
    ] = None,
) -> None:
    """Bring a service's database to the head of its history, with the partitions of the months to come and the grants.

    Run it as the role that owns the database, before the release that needs it: the one before goes on.
    """
    from crossing.kit.grants import grant
    from crossing.kit.migrations import upgrade

    metadata = metadata_of(name)
    url = database_url or database_of_settings()
    refuse_foreign_database(name, url)
    asyncio.run(grant(url, metadata))  # beforehand, so that the service may use a table as soon as it is there
    upgrade(migrations_of(name), url)
    make_partitions(name, url)
    roles = asyncio.run(grant(url, metadata))
    typer.echo(f"migrate: granted to {', '.join(roles) or 'nobody: the database has no roles of its own'}")
    typer.echo(f"migrate: {name.value} is at the head of its history")
