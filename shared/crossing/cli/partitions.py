"""``crossing partitions``: the months to come, in a database that keeps a partition for each."""

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from crossing.cli.services import Named, ServiceName, database_of_settings, metadata_of

if TYPE_CHECKING:
    from crossing.kit.partitions import Made

MONTHS_AHEAD = 3


def partitions(
    name: Named,
    database_url: Annotated[
        str | None,
        typer.Option(help="SQLAlchemy URL, of the role that owns the tables. [default: the setting DATABASE_URL]"),
    ] = None,
    months: Annotated[int, typer.Option(min=0, help="How many months after this one.")] = MONTHS_AHEAD,
) -> None:
    """Make the partitions of this month and of those to come; run it each month, early enough.

    Ends with 1 when a month goes on in the default partition, because rows were written before it had its own.
    """
    made = make_partitions(name, database_url or database_of_settings(), months)
    for each in made:
        typer.echo(f"{each.table}: {', '.join(each.partitions) or 'nothing to make'}")
        if each.in_default:
            typer.echo(f"{each.table}: {', '.join(each.in_default)} in {each.table}_default, which has rows of it")
    late = sum(len(each.in_default) for each in made)
    new = sum(len(each.partitions) for each in made)
    typer.echo(f"partitions: {name.value}: {len(made)} tables, {new} partitions made, {late} without their own")
    raise typer.Exit(bool(late))


def make_partitions(name: ServiceName, database_url: str, months: int = MONTHS_AHEAD) -> "list[Made]":
    """The partitions of this month and of those to come, made where they are not there."""
    from crossing.kit.partitions import ensure_partitions

    return asyncio.run(ensure_partitions(database_url, metadata_of(name), months, datetime.now(UTC).date()))
