"""``crossing redress``: what decisions of redress leave for the rule packs."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from crossing.cli.jobs import database_url

redress = typer.Typer(help="Redress: the worked examples that its decisions left.", no_args_is_help=True)


@redress.callback()
def _group() -> None:
    """Keep the command's name where there is only one."""


@redress.command("export-examples")
def export_examples(
    into: Annotated[Path, typer.Option(help="Folder that the files are written to, one folder for each pack.")],
    data: Annotated[Path, typer.Option(help="Folder of the suite's files.")] = Path("var"),
    database: Annotated[
        str | None, typer.Option(help="SQLAlchemy URL of redress's database, where it is another.")
    ] = None,
) -> None:
    """Write the worked examples that decisions left as files ready for the packs."""
    from redress.feedback.export import write_examples

    url = database_url(database or str(data / "redress.sqlite"))
    written = write_examples(asyncio.run(_examples(url)), into)
    for file, count in written.items():
        typer.echo(f"{file}: {count} worked examples")
    if not written:
        typer.echo("No decision left a worked example.")


async def _examples(url: str) -> list[dict[str, Any]]:
    from crossing.kit.database import create_engine
    from crossing.kit.postgres import UNHURRIED
    from redress.feedback.export import examples_kept

    engine = create_engine(url, UNHURRIED)
    async with engine.connect() as connection:
        found = await examples_kept(connection)
    await engine.dispose()
    return found
