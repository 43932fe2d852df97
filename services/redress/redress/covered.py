"""Which rows an audit entry of redress covers, read back as they were digested."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from crossing.kit.ledger import Insert
from redress.cases.open_case import CHAIN
from redress.tables import cases, metadata


async def covered_rows(connection: AsyncConnection, event: str, subject: str) -> Sequence[Insert]:
    """The rows of an event and its subject (``cases/ID``, ``chains/CHAIN``)."""
    kind, identifier = subject.split("/")
    if kind == "chains":
        return []
    rows: Any = (await connection.execute(select(cases).where(cases.c.id == identifier))).mappings().all()
    return [Insert("cases", {str(name): value for name, value in row.items()}) for row in rows]


async def rows_without_entry(connection: AsyncConnection) -> Sequence[tuple[str, str]]:
    """Chain and subject of each case that no audit entry covers: put in beside the ledger."""
    entries, subject = metadata.tables["audit_entries"], "cases/" + cases.c.id
    covering = exists(literal(1)).where(entries.c.subject == subject)
    rows = (await connection.execute(select(subject).where(~covering))).scalars().all()
    return [(CHAIN, each) for each in rows]
