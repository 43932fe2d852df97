"""``crossing audit``: verify what was recorded."""

import asyncio
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from crossing.kit.verify import CoveredRows, RowsWithoutEntry

audit = typer.Typer(help="The audit chains: verify them.", no_args_is_help=True)


_AT_ONCE = 500


class Service(StrEnum):
    """Services with audit chains; the name is also that of the database's file in the suite's folder."""

    ADMISSION = "admission"
    ADVANCE_RULINGS = "advance-rulings"
    REDRESS = "redress"


Data = Annotated[Path, typer.Option(help="Folder of the suite's files.")]
DatabaseUrl = Annotated[
    str | None, typer.Option(help="A database elsewhere, by its SQLAlchemy URL, of the service named.")
]
OfService = Annotated[Service | None, typer.Option(help="Whose chains; those of every service when left out.")]


@audit.callback()
def _commands() -> None:
    """The audit chains."""


@audit.command()
def verify(data: Data = Path("var"), database_url: DatabaseUrl = None, service: OfService = None) -> None:
    """Verify every audit chain: links, covered rows, and that none was cut short. Names each entry at fault."""
    entries, at_fault = 0, 0
    for each, url in _databases(data, database_url, service).items():
        read, faults = asyncio.run(_verify(url, each))
        entries, at_fault = entries + read, at_fault + len(faults)
        for fault in faults:
            typer.echo(f"{each.value}: {fault}")
    typer.echo(f"{entries} audit entries, {at_fault} at fault")
    raise typer.Exit(bool(at_fault))


@audit.command()
def lacking(
    held: Annotated[
        typer.FileText, typer.Argument(help="What others hold, such as examinations/ID/REVISION, a line each.")
    ],
    data: Data = Path("var"),
    database_url: DatabaseUrl = None,
    service: OfService = None,
) -> None:
    """List what others were told was recorded and no entry speaks of, as after a restore to an earlier moment."""
    subjects = set(held.read().split())
    missing = set(subjects)
    for url in _databases(data, database_url, service).values():
        missing -= asyncio.run(_recorded(url, sorted(missing)))
    for subject in sorted(missing):
        typer.echo(subject)
    typer.echo(f"{len(missing)} of {len(subjects)} that others hold are not recorded here")
    raise typer.Exit(bool(missing))


def _databases(data: Path, database_url: str | None, service: Service | None) -> dict[Service, str]:
    """The URLs of the databases meant, by service; ends the command where there is none."""
    if database_url:
        return {service or Service.ADMISSION: database_url}
    files = {each: data / f"{each.value}.sqlite" for each in ([service] if service else Service)}
    urls = {each: f"sqlite+aiosqlite:///{file.resolve()}" for each, file in files.items() if file.exists()}
    if not urls:
        typer.echo(f"There is no database in {data}; name the folder with --data.")
        raise typer.Exit(2)
    return urls


async def _recorded(url: str, subjects: Sequence[str]) -> set[str]:
    """Those of some subjects that entries speak of."""
    from sqlalchemy import bindparam, text

    from crossing.kit.database import create_engine

    statement = text("SELECT subject FROM audit_entries WHERE subject IN :subjects").bindparams(
        bindparam("subjects", expanding=True)
    )
    found: set[str] = set()
    engine = create_engine(url)
    try:
        async with engine.connect() as connection:
            for first in range(0, len(subjects), _AT_ONCE):
                asked = {"subjects": subjects[first : first + _AT_ONCE]}
                found |= set((await connection.execute(statement, asked)).scalars())
    finally:
        await engine.dispose()
    return found


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
    from crossing.kit.verify import verify_chains

    engine = create_engine(url)
    try:
        async with engine.connect() as connection:
            read, faults = await verify_chains(connection, *_covered(service))
    finally:
        await engine.dispose()
    return read, list(faults)
