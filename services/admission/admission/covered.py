"""Which rows an audit entry of admission covers, read back as they were digested.

Entries of examinations, ports and their notices stand in the chain of the port; those of lists of persons and of
remedies, which concern every port, in a chain of their own.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, String, Table, and_, cast, exists, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from admission.subjects.tables import (
    exits,
    lookouts,
    members,
    port_notice_readings,
    port_notices,
    remedies,
    remedy_uses,
    stays,
)
from admission.tables import examinations, metadata, ports, presented_rulings, revisions, terminals
from crossing.kit.ledger import AuditEntry, Insert

#: The chain of lists and remedies.
SUBJECTS: Final = "subjects"
#: Lists, each with the columns that put its rows in order.
LISTS: Final[Mapping[str, tuple[Table, str]]] = {
    "lookouts": (lookouts, "id"),
    "members": (members, "number"),
    "exits": (exits, "id"),
}


async def covered_rows(connection: AsyncConnection, event: str, subject: str) -> Sequence[Insert]:
    """The rows of an event and its subject.

    ``examinations/ID/REVISION``, ``ports/ID``, ``ports/ID/terminals/ID``, ``port-notices/ID``,
    ``port-notice-readings/ID``; ``lookouts/BATCH`` (and the other lists) are the rows that one import brought,
    ``remedies/ID`` a remedy with the rows of lists that it brought. A look covers no rows, whatever was looked at.
    """
    if event.endswith(".read"):
        return []
    kind, identifier, *parts = subject.split("/")
    if kind == "chains":
        return []
    if kind in LISTS:
        return await _of_batch(connection, kind, identifier)
    if kind == "remedies":
        found = await _rows(connection, remedies, remedies.c.id == identifier)
        return [*found, *[row for name in LISTS for row in await _of_batch(connection, name, identifier)]]
    if kind == "port-notices":
        return await _rows(connection, port_notices, port_notices.c.id == identifier)
    if kind == "port-notice-readings":
        return await _rows(connection, port_notice_readings, port_notice_readings.c.id == identifier)
    if kind == "ports" and not parts:
        return await _rows(connection, ports, ports.c.id == identifier)
    if kind == "ports":
        return await _rows(connection, terminals, and_(terminals.c.port_id == identifier, terminals.c.id == parts[1]))
    return await _of_revision(connection, identifier, int(parts[0]))


#: The subject of a step of an examination.
_STEP: Final = re.compile(r"examinations/([^/]+)/([0-9]{1,9})")
#: The tables of what a step brings, in the order in which they are digested, each with the column that orders its rows.
_OF_REVISIONS: Final = (
    (examinations, None),
    (presented_rulings, "position"),
    (remedy_uses, "remedy_id"),
    (stays, "revision"),
    (revisions, None),
)


async def _of_revision(connection: AsyncConnection, examination_id: str, number: int) -> list[Insert]:
    """A revision with what came with it: the examination at first, rulings assessed, remedies used, a stay."""
    found: list[Insert] = []
    for table, order in _OF_REVISIONS:
        if table is examinations:
            found += await _rows(connection, table, table.c.id == examination_id) if number == 1 else []
            continue
        came = and_(table.c.examination_id == examination_id, table.c.revision == number)
        found += await _rows(connection, table, came, *_in_order(table, order))
    return found


async def covered_together(
    connection: AsyncConnection, entries: Sequence[AuditEntry]
) -> Mapping[AuditEntry, Sequence[Insert]]:
    """The rows of those entries that are steps of examinations: nearly all entries of a port are."""
    matches = {entry: _STEP.fullmatch(entry.subject) for entry in entries if not entry.event.endswith(".read")}
    steps = {entry: (match[1], int(match[2])) for entry, match in matches.items() if match}
    identifiers = sorted({identifier for identifier, _ in steps.values()})
    found: dict[tuple[str, int], list[Insert]] = {step: [] for step in steps.values()}
    for table, order in _OF_REVISIONS:
        opening = table is examinations
        asked = (table.c.id if opening else table.c.examination_id).in_(identifiers)
        for row in await _rows(connection, table, asked, *_in_order(table, order)):
            step = (row.values["id"], 1) if opening else (row.values["examination_id"], row.values["revision"])
            if step in found:
                found[step].append(row)
    return {entry: found[step] for entry, step in steps.items()}


def _in_order(table: Table, order: str | None) -> list[ColumnElement[Any]]:
    return [table.c[order]] if order else []


async def _of_batch(connection: AsyncConnection, name: str, batch_id: str) -> list[Insert]:
    """What a batch brought, in an order that does not depend on how an engine sorts text."""
    table, key = LISTS[name]
    found = await _rows(connection, table, table.c.batch_id == batch_id)
    return sorted(found, key=lambda row: (row.values[key], row.values["version"]))


async def rows_without_entry(connection: AsyncConnection) -> Sequence[tuple[str, str]]:
    """Chain and subject of each row that no audit entry covers: put in beside the ledger."""
    entries = metadata.tables["audit_entries"]
    found: list[tuple[str, str]] = []
    for chain, subject in _subjects():
        covering = exists(literal(1)).where(entries.c.subject == subject)
        rows = (await connection.execute(select(chain, subject).where(~covering).distinct())).all()
        found += [(row[0], row[1]) for row in rows]
    return [*found, *await _lists_without_entry(connection)]


def _subjects() -> list[tuple[ColumnElement[str], ColumnElement[str]]]:
    """Of each table whose rows have one entry that speaks of them: its chain, and the entry's subject."""
    of_revisions = (revisions, presented_rulings, remedy_uses, stays)
    return [
        (ports.c.id, "ports/" + ports.c.id),
        (terminals.c.port_id, "ports/" + terminals.c.port_id + "/terminals/" + terminals.c.id),
        (examinations.c.port_id, "examinations/" + examinations.c.id + "/1"),
        *(
            (table.c.port_id, "examinations/" + table.c.examination_id + "/" + cast(table.c.revision, String))
            for table in of_revisions
        ),
        (literal(SUBJECTS), "remedies/" + remedies.c.id),
        (port_notices.c.port_id, "port-notices/" + port_notices.c.id),
        (port_notice_readings.c.port_id, "port-notice-readings/" + port_notice_readings.c.id),
    ]


async def _lists_without_entry(connection: AsyncConnection) -> list[tuple[str, str]]:
    """Batches of lists that came neither by an import nor by a remedy with an entry."""
    entries = metadata.tables["audit_entries"]
    found = []
    for name, (table, _) in LISTS.items():
        brought = select(table.c.batch_id).distinct().subquery()
        subjects = (literal(name + "/") + brought.c.batch_id, literal("remedies/") + brought.c.batch_id)
        covering = exists(literal(1)).where(entries.c.subject.in_(subjects))
        rows = await connection.execute(select(brought.c.batch_id).where(~covering))
        found += [(SUBJECTS, f"{name}/{row.batch_id}") for row in rows]
    return found


async def _rows(
    connection: AsyncConnection, table: Table, condition: ColumnElement[bool], *order: ColumnElement[Any]
) -> list[Insert]:
    rows = await connection.execute(select(table).where(condition).order_by(*order))
    names = list(map(str, rows.keys()))
    return [Insert(str(table.name), dict(zip(names, row, strict=True))) for row in rows]
