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


@audit.callback()
def _commands() -> None:
    """The audit chains."""


@audit.command()
def verify(
    data: Annotated[Path, typer.Option(help="Folder of the suite's files.")] = Path("var"),
    database_url: Annotated[str | None, typer.Option(help="A database elsewhere, by its SQLAlchemy URL.")] = None,
    service: Annotated[Service, typer.Option(help="Whose chains.")] = Service.ADMISSION,
) -> None:
    """Verify every audit chain: links, covered rows, and that none was cut short. Names each entry at fault."""
    file = data / f"{service.value}.sqlite"
    if database_url is None and not file.exists():
        typer.echo(f"There is no database of {service.value} in {data}; name the folder with --data.")
        raise typer.Exit(2)
    read, faults = asyncio.run(_verify(database_url or f"sqlite+aiosqlite:///{file.resolve()}", service))
    for fault in faults:
        typer.echo(str(fault))
    typer.echo(f"{read} audit entries, {len(faults)} at fault")
    raise typer.Exit(bool(faults))


def _covered(service: Service) -> "tuple[CoveredRows, RowsWithoutEntry]":
    if service == Service.ADMISSION:
        from admission import covered

        return covered.covered_rows, covered.rows_without_entry
    from advance_ruling import covered as covered_by_rulings

    return covered_by_rulings.covered_rows, covered_by_rulings.rows_without_entry


async def _verify(url: str, service: Service) -> tuple[int, list[object]]:
    from crossing.kit.database import create_engine
    from crossing.kit.verify import verify_chains

    engine = create_engine(url)
    try:
        async with engine.connect() as connection:
            read, faults = await verify_chains(connection, *_covered(service))
    finally:
        await engine.dispose()
    return read, list(faults)
