"""``crossing lookouts``, ``crossing members`` and ``crossing exits``: bring entries into admission's lists."""

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from admission.subjects.bring import Brought
    from admission.subjects.entries import EntryIn

lookouts = typer.Typer(help="Lookout lists: import entries.", no_args_is_help=True)
members = typer.Typer(help="Trusted travellers: import memberships.", no_args_is_help=True)
exits = typer.Typer(help="Exits on record: import them.", no_args_is_help=True)
_ACTOR = "import"
File = Annotated[Path, typer.Argument(help="CSV (.csv), or JSON Lines (any other name).", exists=True, dir_okay=False)]
Data = Annotated[Path, typer.Option(help="Folder of the suite's files.")]
Database = Annotated[
    str | None,
    typer.Option(help="A database elsewhere, by its SQLAlchemy URL; the secret is in CROSSING_IDENTITY_KEY."),
]


@lookouts.callback()
@members.callback()
@exits.callback()
def _commands() -> None:
    """Lists of admission."""


@lookouts.command("import")
def import_lookouts(file: File, data: Data = Path("var"), database: Database = None) -> None:
    """Import entries of lookout lists. The whole file is checked first; with a mistake nothing is imported."""
    _import("lookouts", file, data, database)


@members.command("import")
def import_members(file: File, data: Data = Path("var"), database: Database = None) -> None:
    """Import memberships of trusted travellers. The whole file is checked first; with a mistake nothing is imported."""
    _import("members", file, data, database)


@exits.command("import")
def import_exits(file: File, data: Data = Path("var"), database: Database = None) -> None:
    """Import exits. The whole file is checked first; with a mistake nothing is imported."""
    _import("exits", file, data, database)


def _import(name: str, file: Path, data: Path, database: str | None) -> None:
    from admission.subjects.files import FileHasMistakes, read_entries
    from crossing.kit.problems import Problem

    url, key = _where(data, database)
    try:
        entries = read_entries(name, file.read_bytes(), is_csv=file.suffix.lower() == ".csv")
        brought = asyncio.run(_bring(url, key, name, entries))
    except FileHasMistakes as found:
        for mistake in found.mistakes:
            typer.echo(f"{file}:{mistake.text('en')}", err=True)
        typer.echo("Nothing was imported.", err=True)
        raise typer.Exit(1) from None
    except Problem as problem:
        typer.echo(f"{problem.titles['en']}. Nothing was imported.", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{name}: {brought.added} new, {brought.changed} changed, {brought.unchanged} as they were")


def _where(data: Path, database: str | None) -> tuple[str, str]:
    """The database's URL and the secret of the keyed hashes; ends the command where one is not there."""
    from crossing.embedded.suite import IDENTITY_FILE

    file, secret = data / "admission.sqlite", data / IDENTITY_FILE
    key = os.environ.get("CROSSING_IDENTITY_KEY") if database else None
    if key is None and secret.exists():
        key = secret.read_text()
    if key is None or not (database or file.exists()):
        typer.echo(f"There is no database in {data}, or no secret; name the folder with --data.", err=True)
        raise typer.Exit(2)
    return database or f"sqlite+aiosqlite:///{file.resolve()}", key


async def _bring(url: str, key: str, name: str, entries: "list[EntryIn]") -> "Brought":
    from admission.covered import SUBJECTS
    from admission.subjects.bring import bring
    from admission.subjects.keys import secret_of
    from crossing.kit.clock import system_clock
    from crossing.kit.database import create_engine, format_instant
    from crossing.kit.ledger import begin_chain, open_ledger
    from crossing.kit.postgres import UNHURRIED

    engine, ledger, at = create_engine(url, UNHURRIED), open_ledger(url, UNHURRIED), format_instant(system_clock())
    try:
        await begin_chain(ledger, SUBJECTS, at)
        async with engine.connect() as connection:
            return await bring(ledger, connection, name, entries, secret=secret_of(key), actor=_ACTOR, at=at)
    finally:
        await ledger.close()
        await engine.dispose()
