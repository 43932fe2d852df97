"""``crossing backup`` and ``crossing restore`` of an embedded suite; PostgreSQL is backed up by ``deploy/postgres``."""

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path, typer.Argument(help="Folder of the backup.")]
Data = Annotated[Path, typer.Option(help="Folder of the suite's files.")]


def backup(folder: Folder, data: Data = Path("var")) -> None:
    """Back up an embedded suite into an empty folder while it runs: every database at one moment, keys and files."""
    from crossing.embedded.backup import NotEmpty, back_up

    if not any(data.glob("*.sqlite")):
        typer.echo(f"There is no database in {data}; name the folder with --data.")
        raise typer.Exit(2)
    try:
        copied = back_up(data, folder)
    except NotEmpty as error:
        raise _refused(f"{error} is not empty.") from None
    typer.echo(f"{len(copied)} files backed up to {folder}; keep it as secret as {data}: it holds the keys")


def restore(folder: Folder, data: Data = Path("var")) -> None:
    """Put a backup into an empty folder; a file that is not as it was backed up ends it before anything is written."""
    from crossing.embedded.backup import NotAsBackedUp, NotEmpty
    from crossing.embedded.backup import restore as put_back

    try:
        restored = put_back(folder, data)
    except FileNotFoundError:
        raise _refused(f"{folder} is no backup: it has no manifest.") from None
    except NotAsBackedUp as error:
        raise _refused(f"{error} is not as it was backed up; take another backup.") from None
    except NotEmpty as error:
        raise _refused(f"{error} is not empty.") from None
    typer.echo(f"{len(restored)} files restored to {data}; verify with: crossing audit verify --data {data}")


def _refused(why: str) -> typer.Exit:
    typer.echo(why)
    return typer.Exit(1)
