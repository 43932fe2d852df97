"""Which rows an audit entry of admission covers, read back as they were digested."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from admission.tables import examinations, ports, revisions, terminals
from crossing.kit.ledger import Insert


async def covered_rows(connection: AsyncConnection, event: str, subject: str) -> Sequence[Insert]:
    """The rows of an event and its subject (``examinations/ID/REVISION``, ``ports/ID``, ``ports/ID/terminals/ID``)."""
    kind, *parts = subject.split("/")
    if event == "history.read":
        return []
    if kind == "ports" and len(parts) == 1:
        return await _rows(connection, ports, ports.c.id == parts[0])
    if kind == "ports":
        return await _rows(connection, terminals, and_(terminals.c.port_id == parts[0], terminals.c.id == parts[2]))
    examination_id, number = parts[0], int(parts[1])
    revision = and_(revisions.c.examination_id == examination_id, revisions.c.revision == number)
    found = await _rows(connection, revisions, revision)
    if number == 1:
        found = [*await _rows(connection, examinations, examinations.c.id == examination_id), *found]
    return found


async def _rows(connection: AsyncConnection, table: Table, condition: ColumnElement[bool]) -> list[Insert]:
    rows: Any = (await connection.execute(select(table).where(condition))).mappings().all()
    return [Insert(table.name, dict(row)) for row in rows]
