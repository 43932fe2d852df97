"""Which rows an audit entry of redress covers: in which order they are digested, and how they are read back."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, String, Table, and_, cast, exists, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from crossing.kit.ledger import Insert
from redress.tables import accesses, cases, evidence, inquiries, metadata, port_notices, remedies, revisions, staff
from redress.tables import worked_examples as examples

_CHAIN: Final = "cases"
#: Rows that stand for a case by its revision, with the columns that put them in order.
_BY_REVISION: Final[dict[str, tuple[Table, tuple[str, ...]]]] = {
    "accesses": (accesses, ("number",)),
    "evidence": (evidence, ("number",)),
    "inquiries": (inquiries, ("revision", "position")),
    "remedies": (remedies, ("id",)),
    "revisions": (revisions, ("revision",)),
    "worked_examples": (examples, ("revision",)),
}
_ORDER: Final = {"cases": ("id",), **{name: columns for name, (_, columns) in _BY_REVISION.items()}}


def is_covered(row: Insert) -> bool:
    """Whether a row is covered by the audit entry of its case; jobs and read models go out beside it."""
    return row.table in _ORDER and not row.replacing


def in_order(rows: Sequence[Insert]) -> list[Insert]:
    """Covered rows in the order they are digested and appended in: a case before what belongs to it."""
    return sorted(rows, key=_place)


def _place(row: Insert) -> tuple[bool | str, ...]:
    return row.table != "cases", row.table, *(f"{row.values[name]!s:0>12}" for name in _ORDER[row.table])


async def covered_rows(connection: AsyncConnection, event: str, subject: str) -> Sequence[Insert]:
    """The rows of an event and its subject.

    ``cases/ID/FIRST-LAST`` are revisions with what came with them, and the case itself with the first; ``cases/ID`` is
    a case as it was opened before cases had revisions; ``staff/VERSION/SUBJECT`` is an entry of the staff list, and
    ``port-notices/ID`` a notice to a port.
    """
    kind, identifier, *rest = subject.split("/", 2)
    if kind == "staff":
        condition = and_(staff.c.subject == rest[0], staff.c.version == int(identifier))
        return await _rows(connection, staff, condition)
    if kind == "port-notices":
        return await _rows(connection, port_notices, port_notices.c.id == identifier)
    if kind != "cases":
        return []
    first, _, last = rest[0].partition("-") if rest else ("1", "", "0")
    found: list[Insert] = []
    if first == "1":
        found += await _rows(connection, cases, cases.c.id == identifier)
    for table, _ in _BY_REVISION.values():
        between = table.c.revision.between(int(first), int(last))
        found += await _rows(connection, table, and_(table.c.case_id == identifier, between))
    return in_order(found)


async def _rows(connection: AsyncConnection, table: Table, condition: ColumnElement[bool]) -> list[Insert]:
    rows: Any = (await connection.execute(select(table).where(condition))).mappings().all()
    return [Insert(str(table.name), {str(name): value for name, value in row.items()}) for row in rows]


async def rows_without_entry(connection: AsyncConnection) -> Sequence[tuple[str, str]]:
    """Chain and subject of each row that no audit entry covers: put in beside the ledger.

    A row of a case is looked for among the ranges of revisions that the entries of that case name.
    """
    entries = metadata.tables["audit_entries"]
    found: list[str] = []
    for subject in (
        "staff/" + cast(staff.c.version, String) + "/" + staff.c.subject,
        "port-notices/" + port_notices.c.id,
    ):
        uncovered = select(subject).where(~exists(literal(1)).where(entries.c.subject == subject))
        found += (await connection.execute(uncovered)).scalars().all()
    covered = await _covered_revisions(connection)
    opened = {case_id for case_id, _ in covered}
    found += [f"cases/{case_id}" for case_id in (await connection.execute(select(cases.c.id))).scalars()]
    found = [subject for subject in found if subject.removeprefix("cases/") not in opened]
    for table, _ in _BY_REVISION.values():
        rows = await connection.execute(select(table.c.case_id, table.c.revision))
        found += [f"cases/{row[0]}/{row[1]}" for row in rows if (row[0], row[1]) not in covered]
    return [(_CHAIN, subject) for subject in dict.fromkeys(found)]


async def _covered_revisions(connection: AsyncConnection) -> set[tuple[str, int]]:
    """Cases and revisions that entries name; 0 stands for a case that was opened before there were revisions."""
    entries = metadata.tables["audit_entries"]
    statement = select(entries.c.subject).where(entries.c.subject.like("cases/%"))
    covered: set[tuple[str, int]] = set()
    for subject in (await connection.execute(statement)).scalars():
        _, identifier, *numbers = subject.split("/")
        first, _, last = numbers[0].partition("-") if numbers else ("0", "", "0")
        covered |= {(identifier, number) for number in range(int(first), int(last or first) + 1)}
    return covered
