"""``crossing jobs``: what a service gave up doing, and having it tried again."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from crossing.kit.jobs import DeadJob

jobs = typer.Typer(help="Jobs that were given up: list them, revive one.", no_args_is_help=True)
Database = Annotated[str, typer.Argument(help="File of a SQLite database, or the SQLAlchemy URL of another.")]


@jobs.command()
def dead(database: Database) -> None:
    """List the jobs given up after their last attempt, the oldest first: id, kind, key, attempts and last error."""
    for each in asyncio.run(_dead(database_url(database))):
        typer.echo(f"{each.id}  {each.kind}  {each.key}  {each.attempts} attempts  {each.last_error}")


@jobs.command()
def revive(database: Database, job_id: Annotated[str, typer.Argument(help="Id of the job.")]) -> None:
    """Have a dead job tried again, at once and from its first attempt."""
    if not asyncio.run(_revive(database_url(database), job_id)):
        typer.echo("There is no dead job with this id.")
        raise typer.Exit(1)
    typer.echo("The job is due now.")


def database_url(database: str) -> str:
    """The SQLAlchemy URL of a database named by file or URL; ends the command where there is no such file."""
    if "://" in database:
        return database
    if not Path(database).is_file():
        typer.echo(f"There is no database {database}.")
        raise typer.Exit(2)
    return f"sqlite+aiosqlite:///{Path(database).resolve()}"


async def _dead(url: str) -> "list[DeadJob]":
    from crossing.kit.database import create_engine
    from crossing.kit.jobs import dead_jobs

    engine = create_engine(url)
    found: list[DeadJob] = []
    async with engine.connect() as connection:
        while page := await dead_jobs(connection, after=found[-1].id if found else ""):
            found += page
    await engine.dispose()
    return found


async def _revive(url: str, job_id: str) -> bool:
    from crossing.kit.clock import system_clock
    from crossing.kit.database import create_engine, writing
    from crossing.kit.jobs import revive

    engine = create_engine(url)
    async with writing(engine) as connection:
        revived = await revive(connection, job_id, system_clock())
    await engine.dispose()
    return revived
