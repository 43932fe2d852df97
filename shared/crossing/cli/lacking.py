"""``crossing audit lacking``: what others hold of a record that the database does not."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from crossing.cli.audit import Data, DatabaseUrl, OfService, databases

_AT_ONCE = 500


def lacking(
    held: Annotated[
        typer.FileText, typer.Argument(help="What others hold, such as examinations/ID/REVISION, a line each.")
    ],
    data: Data = None,
    database_url: DatabaseUrl = None,
    service: OfService = None,
) -> None:
    """List what others were told was recorded and no entry speaks of, as after a restore to an earlier moment."""
    subjects = set(held.read().split())
    missing = set(subjects)
    for url in databases(data, database_url, service).values():
        missing -= asyncio.run(_recorded(url, sorted(missing)))
    for subject in sorted(missing):
        typer.echo(subject)
    typer.echo(f"{len(missing)} of {len(subjects)} that others hold are not recorded here")
    raise typer.Exit(bool(missing))


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
