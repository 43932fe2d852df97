"""``crossing rulings``: the keys that rulings are signed with."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

rulings = typer.Typer(help="The keys of advance rulings: rotate or withdraw them.", no_args_is_help=True)
_FOLDER = "ruling-keys"
Data = Annotated[Path, typer.Option(help="Folder of the suite's files.")]
Keys = Annotated[Path | None, typer.Option(help="Folder of the keys, where it is another.")]


@rulings.command("rotate-keys")
def rotate_keys(data: Data = Path("var"), keys: Keys = None) -> None:
    """Let the next key sign from now on; older ones stay published until the last ruling they signed has ended."""
    from crossing.rulings.keys import KeyNotAnnounced, SigningKeys

    try:
        key_id = SigningKeys(_folder(data, keys)).rotate(datetime.now(UTC))
    except KeyNotAnnounced as error:
        typer.echo(f"Not yet: {error}; a port that is off line may not know it.")
        raise typer.Exit(1) from None
    typer.echo(f"{key_id} signs from now on.")


@rulings.command("withdraw-key")
def withdraw_key(
    key_id: Annotated[str, typer.Argument(help="Id of the key.")], data: Data = Path("var"), keys: Keys = None
) -> None:
    """Publish a key no longer, because it fell into other hands; what it signed must be signed anew."""
    from crossing.rulings.keys import KeyNotHeld, SigningKeys

    try:
        SigningKeys(_folder(data, keys)).withdraw(key_id, datetime.now(UTC))
    except KeyNotHeld:
        typer.echo("No key has this id.")
        raise typer.Exit(1) from None
    typer.echo(f"{key_id} is published no longer.")


def _folder(data: Path, keys: Path | None) -> Path:
    folder = keys or data / _FOLDER
    if not folder.is_dir():
        typer.echo(f"There are no keys in {folder}; name the folder with --data or --keys.")
        raise typer.Exit(2)
    return folder
