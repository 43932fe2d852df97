"""``crossing audit key`` and ``crossing audit checkpoint``: what shows a chain that was cut off or written anew."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from crossing.cli.audit import Data, DatabaseUrl, OfService, databases
from crossing.cli.services import ServiceName


def new_key(file: Annotated[Path, typer.Argument(help="Where the private key goes.")]) -> None:
    """Make a key that signs checkpoints; the public key goes into a file beside it."""
    from crossing.kit.checkpoints import new_key

    try:
        public = new_key(file)
    except OSError as error:
        typer.echo(f"No key was made: {error.strerror} ({file}).")
        raise typer.Exit(1) from None
    typer.echo(f"The private key is in {file}; whoever verifies needs {public}.")


def checkpoint(
    to: Annotated[list[str], typer.Option(help="A folder or object store to keep it in; repeat for each.")],
    key: Annotated[
        Path, typer.Option(envvar="CROSSING_CHECKPOINT_KEY_FILE", help="The private key, made by `crossing audit key`.")
    ],
    data: Data = None,
    database_url: DatabaseUrl = None,
    service: OfService = None,
) -> None:
    """Sign how far the chains have come, and keep that in other places than the database."""
    chains, entries = 0, 0
    for each, url in databases(data, database_url, service).items():
        signed = asyncio.run(_keep_checkpoint(url, each, key, to))
        chains, entries = chains + signed[0], entries + signed[1]
    typer.echo(f"{chains} chains with {entries} entries signed; kept in {len(to)} places")


async def hold_against(
    url: str, service: ServiceName, places: list[str], key_files: list[Path]
) -> tuple[int, list[object]]:
    """The number of checkpoints of a service in all places, and what differs from them."""
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


async def _keep_checkpoint(url: str, service: ServiceName, key_file: Path, places: list[str]) -> tuple[int, int]:
    """The number of chains signed, and of entries in them."""
    from crossing.kit.checkpoints import keep, read_key, take
    from crossing.kit.clock import system_clock
    from crossing.kit.database import create_engine, format_instant
    from crossing.kit.vault import open_store

    engine = create_engine(url)
    try:
        async with engine.connect() as connection:
            made = await take(connection, service.value, format_instant(system_clock()))
    finally:
        await engine.dispose()
    await keep(made, read_key(key_file), [open_store(place) for place in places])
    return len(made.heads), sum(seq for seq, _ in made.heads.values())
