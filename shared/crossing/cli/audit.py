"""``crossing audit``: verify what was recorded."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossing.cli.services import PREFIXES, ServiceName, database_known

if TYPE_CHECKING:
    from crossing.kit.verify import CoveredRows, CoveredTogether, RowsWithoutEntry

audit = typer.Typer(help="The audit chains: verify them, and sign how far they have come.", no_args_is_help=True)


Data = Annotated[
    Path | None, typer.Option(help="Folder of the suite's files.", show_default="that of the settings, else var")
]
DatabaseUrl = Annotated[
    str | None, typer.Option(help="A database elsewhere, by its SQLAlchemy URL, of the service named.")
]
OfService = Annotated[ServiceName | None, typer.Option(help="Whose chains; those of every service when left out.")]


@audit.command()
def verify(
    data: Data = None,
    database_url: DatabaseUrl = None,
    service: OfService = None,
    record: Annotated[
        bool, typer.Option("--record", help="Write down how far each chain was verified, for the service's metrics.")
    ] = False,
    checkpoints: Annotated[
        list[str] | None, typer.Option(help="A folder or object store where checkpoints are kept; repeat for each.")
    ] = None,
    keys: Annotated[
        list[Path] | None, typer.Option(help="Public keys that signed the checkpoints; repeat for each.")
    ] = None,
) -> None:
    """Verify every audit chain: links, covered rows, and that none was cut short. Names each entry at fault.

    A chain that was cut off or written anew together with its head is found by the checkpoints that are kept elsewhere.
    """
    from crossing.cli.checkpoints import hold_against

    if bool(checkpoints) != bool(keys):
        raise typer.BadParameter("name both --checkpoints and --keys, or neither")
    entries, at_fault, held = 0, 0, 0
    for each, url in databases(data, database_url, service).items():
        read, faults = asyncio.run(_verify(url, each, record=record))
        if checkpoints and keys:
            found, differing = asyncio.run(hold_against(url, each, checkpoints, keys))
            held, faults = held + found, [*faults, *differing]
        entries, at_fault = entries + read, at_fault + len(faults)
        for fault in faults:
            typer.echo(f"{each.value}: {fault}")
    beside = f"; held against {held} checkpoints" if checkpoints else ""
    typer.echo(f"{entries} audit entries, {at_fault} at fault{beside}")
    raise typer.Exit(bool(at_fault))


def databases(data: Path | None, database_url: str | None, service: ServiceName | None) -> dict[ServiceName, str]:
    """The databases asked for, by service; ends the command where there is none."""
    if known := database_url or (None if data else database_known()):
        return {service or ServiceName.ADMISSION: known}
    return _databases_in(data or Path("var"), [service] if service else list(ServiceName))


def _databases_in(folder: Path, services: Sequence[ServiceName]) -> dict[ServiceName, str]:
    """The URLs of the databases that an embedded suite has in its folder; ends the command where there is none."""
    files = {service: folder / f"{PREFIXES[service].strip('/')}.sqlite" for service in services}
    urls = {service: f"sqlite+aiosqlite:///{file.resolve()}" for service, file in files.items() if file.exists()}
    if not urls:
        typer.echo(f"There is no database in {folder}; name the folder with --data.")
        raise typer.Exit(2)
    return urls


def _covered(service: ServiceName) -> "tuple[CoveredRows, RowsWithoutEntry, CoveredTogether]":
    from crossing.kit.verify import none_together

    if service is ServiceName.ADMISSION:
        from admission.covered import covered_rows, covered_together, rows_without_entry

        return covered_rows, rows_without_entry, covered_together
    if service is ServiceName.ADVANCE_RULING:
        from advance_ruling.covered import covered_rows, rows_without_entry
    else:
        from redress.covered import covered_rows, rows_without_entry
    return covered_rows, rows_without_entry, none_together


async def _verify(url: str, service: ServiceName, *, record: bool) -> tuple[int, list[object]]:
    from crossing.kit.clock import system_clock
    from crossing.kit.database import create_engine, writing
    from crossing.kit.postgres import UNHURRIED
    from crossing.kit.verifications import heads_of, keep_verification
    from crossing.kit.verify import verify_chains

    engine = create_engine(url, UNHURRIED)
    try:
        async with engine.connect() as connection:
            heads = await heads_of(connection) if record else {}
            read, faults = await verify_chains(connection, *_covered(service))
        if record:
            async with writing(engine) as connection:
                await keep_verification(connection, heads, faults, system_clock())
    finally:
        await engine.dispose()
    return read, list(faults)
