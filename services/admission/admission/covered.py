"""Which rows an audit entry of admission covers, read back as they were digested."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, Table, and_, cast, exists, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from admission.tables import examinations, metadata, ports, presented_rulings, revisions, terminals
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
    presented = and_(presented_rulings.c.examination_id == examination_id, presented_rulings.c.revision == number)
    found = [
        *await _rows(connection, presented_rulings, presented, presented_rulings.c.position),
        *await _rows(connection, revisions, revision),
    ]
    if number == 1:
        found = [*await _rows(connection, examinations, examinations.c.id == examination_id), *found]
    return found


async def rows_without_entry(connection: AsyncConnection) -> Sequence[tuple[str, str]]:
    """Chain and subject of each row that no audit entry covers: put in beside the ledger."""
    entries = metadata.tables["audit_entries"]
    subjects: list[tuple[ColumnElement[str], ColumnElement[str]]] = [
        (ports.c.id, "ports/" + ports.c.id),
        (terminals.c.port_id, "ports/" + terminals.c.port_id + "/terminals/" + terminals.c.id),
        (examinations.c.port_id, "examinations/" + examinations.c.id + "/1"),
        (revisions.c.port_id, "examinations/" + revisions.c.examination_id + "/" + cast(revisions.c.revision, String)),
        (
            presented_rulings.c.port_id,
            "examinations/" + presented_rulings.c.examination_id + "/" + cast(presented_rulings.c.revision, String),
        ),
    ]
    found: list[tuple[str, str]] = []
    for chain, subject in subjects:
        covering = exists(literal(1)).where(entries.c.subject == subject)
        rows = (await connection.execute(select(chain, subject).where(~covering))).all()
        found += [(row[0], row[1]) for row in rows]
    return found


async def _rows(
    connection: AsyncConnection, table: Table, condition: ColumnElement[bool], *order: ColumnElement[Any]
) -> list[Insert]:
    rows: Any = (await connection.execute(select(table).where(condition).order_by(*order))).mappings().all()
    return [Insert(str(table.name), {str(name): value for name, value in row.items()}) for row in rows]
