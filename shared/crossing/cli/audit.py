"""``crossing audit``: verify what was recorded."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from crossing.kit.verify import CoveredRows, RowsWithoutEntry

audit = typer.Typer(help="The audit chains: verify them.", no_args_is_help=True)


class Service(StrEnum):
    """Services with audit chains; the name is also that of the database's file in the suite's folder."""

    ADMISSION = "admission"
    ADVANCE_RULINGS = "advance-rulings"
    REDRESS = "redress"


@audit.callback()
def _commands() -> None:
    """The audit chains."""


@audit.command()
def verify(
    data: Annotated[Path, typer.Option(help="Folder of the suite's files.")] = Path("var"),
    database_url: Annotated[
        str | None, typer.Option(help="A database elsewhere, by its SQLAlchemy URL, of the service named.")
    ] = None,
    service: Annotated[Service | None, typer.Option(help="Whose chains; those of every service when left out.")] = None,
) -> None:
    """Verify every audit chain: links, covered rows, and that none was cut short. Names each entry at fault."""
    databases = {each: data / f"{each.value}.sqlite" for each in ([service] if service else Service)}
    urls = {each: f"sqlite+aiosqlite:///{file.resolve()}" for each, file in databases.items() if file.exists()}
    if database_url:
        urls = {service or Service.ADMISSION: database_url}
    if not urls:
        typer.echo(f"There is no database in {data}; name the folder with --data.")
        raise typer.Exit(2)
    entries, at_fault = 0, 0
    for each, url in urls.items():
        read, faults = asyncio.run(_verify(url, each))
        entries, at_fault = entries + read, at_fault + len(faults)
        for fault in faults:
            typer.echo(f"{each.value}: {fault}")
    typer.echo(f"{entries} audit entries, {at_fault} at fault")
    raise typer.Exit(bool(at_fault))


def _covered(service: Service) -> "tuple[CoveredRows, RowsWithoutEntry]":
    if service is Service.ADMISSION:
        from admission.covered import covered_rows, rows_without_entry
    elif service is Service.ADVANCE_RULINGS:
        from advance_ruling.covered import covered_rows, rows_without_entry
    else:
        from redress.covered import covered_rows, rows_without_entry
    return covered_rows, rows_without_entry


async def _verify(url: str, service: Service) -> tuple[int, list[object]]:
    from crossing.kit.database import create_engine
    from crossing.kit.postgres import UNHURRIED
    from crossing.kit.verify import verify_chains

    engine = create_engine(url, UNHURRIED)
    try:
        async with engine.connect() as connection:
            read, faults = await verify_chains(connection, *_covered(service))
    finally:
        await engine.dispose()
    return read, list(faults)
