"""``crossing audit``: verify what was recorded."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

audit = typer.Typer(help="The audit chains: verify them.", no_args_is_help=True)


@audit.callback()
def _commands() -> None:
    """The audit chains."""


@audit.command()
def verify(
    data: Annotated[Path, typer.Option(help="Folder of the suite's files.")] = Path("var"),
    database_url: Annotated[str | None, typer.Option(help="A database elsewhere, by its SQLAlchemy URL.")] = None,
) -> None:
    """Verify every audit chain: links, covered rows, and that none was cut short. Names each entry at fault."""
    url = database_url or f"sqlite+aiosqlite:///{data.resolve() / 'admission.sqlite'}"
    if database_url is None and not (data / "admission.sqlite").exists():
        typer.echo(f"There is no admission database in {data}; name the folder with --data.")
        raise typer.Exit(2)
    read, faults = asyncio.run(_verify(url))
    for fault in faults:
        typer.echo(str(fault))
    typer.echo(f"{read} audit entries, {len(faults)} at fault")
    raise typer.Exit(bool(faults))


async def _verify(url: str) -> tuple[int, list[object]]:
    from admission.covered import covered_rows, rows_without_entry
    from crossing.kit.database import create_engine
    from crossing.kit.verify import verify_chains

    engine = create_engine(url)
    try:
        async with engine.connect() as connection:
            read, faults = await verify_chains(connection, covered_rows, rows_without_entry)
    finally:
        await engine.dispose()
    return read, list(faults)
