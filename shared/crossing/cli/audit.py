"""``crossing audit``: verify what was recorded."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from crossing.kit.verify import CoveredRows, RowsWithoutEntry

audit = typer.Typer(help="The audit chains: verify them, and sign how far they have come.", no_args_is_help=True)


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
_PLACE = "A folder, or the URL of an object store such as s3://bucket/path; repeat for each."


@audit.command()
def verify(
    data: Data = Path("var"),
    database_url: DatabaseUrl = None,
    service: OfService = None,
    checkpoints: Annotated[list[str] | None, typer.Option(help=f"Where checkpoints are kept. {_PLACE}")] = None,
    keys: Annotated[
        list[Path] | None, typer.Option(help="Public keys that signed the checkpoints; repeat for each.")
    ] = None,
) -> None:
    """Verify every audit chain: links, covered rows, and that none was cut short. Names each entry at fault.

    A chain that was cut off or written anew together with its head is found by the checkpoints that are kept elsewhere.
    """
    if bool(checkpoints) != bool(keys):
        raise typer.BadParameter("name both --checkpoints and --keys, or neither")
    entries, at_fault, agreed = 0, 0, 0
    for each, url in _databases(data, database_url, service).items():
        read, faults = asyncio.run(_verify(url, each))
        if checkpoints and keys:
            held, differing = asyncio.run(_hold_against(url, each, checkpoints, keys))
            agreed, faults = agreed + held, [*faults, *differing]
        entries, at_fault = entries + read, at_fault + len(faults)
        for fault in faults:
            typer.echo(f"{each.value}: {fault}")
    beside = f"; held against {agreed} checkpoints" if checkpoints else ""
    typer.echo(f"{entries} audit entries, {at_fault} at fault{beside}")
    raise typer.Exit(bool(at_fault))


@audit.command("key")
def new_key(file: Annotated[Path, typer.Argument(help="Where the private key goes.")]) -> None:
    """Make a key that signs checkpoints; the public key goes into a file beside it."""
    from crossing.kit.checkpoints import new_key

    try:
        public = new_key(file)
    except OSError as error:
        typer.echo(f"No key was made: {error.strerror} ({file}).")
        raise typer.Exit(1) from None
    typer.echo(f"The private key is in {file}; whoever verifies needs {public}.")


@audit.command()
def checkpoint(
    to: Annotated[list[str], typer.Option(help=f"Where to keep it. {_PLACE}")],
    key: Annotated[
        Path, typer.Option(envvar="CROSSING_CHECKPOINT_KEY_FILE", help="The private key, made by `crossing audit key`.")
    ],
    data: Data = Path("var"),
    database_url: DatabaseUrl = None,
    service: OfService = None,
) -> None:
    """Sign how far the chains have come, and keep that in other places than the database."""
    signed = [
        asyncio.run(_keep_checkpoint(url, each, key, to))
        for each, url in _databases(data, database_url, service).items()
    ]
    chains, entries = sum(each for each, _ in signed), sum(each for _, each in signed)
    typer.echo(f"{chains} chains with {entries} entries signed; kept in {len(to)} places")


def _databases(data: Path, database_url: str | None, service: Service | None) -> dict[Service, str]:
    """The databases asked for, by service; ends the command where there is none."""
    if database_url:
        return {service or Service.ADMISSION: database_url}
    files = {each: data / f"{each.value}.sqlite" for each in ([service] if service else Service)}
    urls = {each: f"sqlite+aiosqlite:///{file.resolve()}" for each, file in files.items() if file.exists()}
    if not urls:
        typer.echo(f"There is no database in {data}; name the folder with --data.")
        raise typer.Exit(2)
    return urls


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


async def _hold_against(
    url: str, service: Service, places: list[str], key_files: list[Path]
) -> tuple[int, list[object]]:
    """The number of checkpoints of a service in all places, and what differs from them."""
    import json

    from joserfc.jwk import KeySet

    from crossing.kit.checkpoints import Checkpoint, against, kept
    from crossing.kit.database import create_engine
    from crossing.kit.vault import open_store

    keys = KeySet([key for file in key_files for key in KeySet.import_key_set(json.loads(file.read_text()))])
    found: list[Checkpoint] = []
    faults: list[object] = []
    for place in places:
        held, refused = await kept(open_store(place), service.value, keys)
        found += held
        faults += [f"the checkpoint {name} in {place} is signed by none of the keys" for name in refused]
        if not held:
            faults.append(f"there is no checkpoint in {place}")
    engine = create_engine(url)
    try:
        async with engine.connect() as connection:
            faults += await against(connection, found)
    finally:
        await engine.dispose()
    return len(found), faults


async def _keep_checkpoint(url: str, service: Service, key_file: Path, places: list[str]) -> tuple[int, int]:
    """The number of chains signed, and of entries in them."""
    from crossing.kit.checkpoints import keep, read_key, take
    from crossing.kit.clock import system_clock
    from crossing.kit.database import create_engine, format_instant
    from crossing.kit.vault import open_store

    engine = create_engine(url)
    try:
        async with engine.connect() as connection:
            checkpoint = await take(connection, service.value, format_instant(system_clock()))
    finally:
        await engine.dispose()
    await keep(checkpoint, read_key(key_file), [open_store(place) for place in places])
    return len(checkpoint.heads), sum(seq for seq, _ in checkpoint.heads.values())
