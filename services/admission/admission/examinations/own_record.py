"""An examination is held against its own audit entries before anything rests on it: damage stays with one record.

The chain as a whole is verified by ``crossing audit verify``; here nobody is decided by a record that was changed or
has rotted since it was written.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Table, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from admission.examinations.problems import RecordDoesNotVerify
from admission.examinations.states import Kind
from admission.subjects.tables import remedy_uses, stays
from crossing.kit.ledger import Insert, content_digest
from crossing.kit.logging import log

_ENTRIES = text(
    "SELECT subject, content_digest FROM audit_entries WHERE subject IN :subjects AND event LIKE 'examination.%'"
).bindparams(bindparam("subjects", expanding=True))
#: What comes with a decision only.
_BESIDE_DECISIONS: tuple[tuple[Table, str], ...] = ((remedy_uses, "remedy_id"), (stays, "revision"))


async def require_verified(
    connection: AsyncConnection,
    opened: Row[Any],
    revisions: Sequence[Row[Any]],
    presented: Sequence[Mapping[str, Any]],
) -> None:
    """Let an examination pass whose rows are those that its audit entries were written of.

    ``presented`` are the rulings of every revision. Raises ``RecordDoesNotVerify``.
    """
    subjects = {f"examinations/{opened.id}/{each.revision}": each for each in revisions}
    found = await connection.execute(_ENTRIES, {"subjects": list(subjects)})
    digests = {row.subject: row.content_digest for row in found}
    rows = [_as_written("presented_rulings", row) for row in presented]
    if any(each.kind in (Kind.DECIDED, Kind.SUPERSEDED) for each in revisions):
        rows += [
            row for table, order in _BESIDE_DECISIONS for row in await _beside(connection, table, order, opened.id)
        ]
    for subject, revision in subjects.items():
        came = [row for row in rows if row.values["revision"] == revision.revision]
        first = [_as_written("examinations", opened._mapping)] if revision.revision == 1 else []
        if digests.get(subject) != content_digest([*first, *came, _as_written("revisions", revision._mapping)]):
            log().error("examination.record_does_not_verify", subject=subject)
            raise RecordDoesNotVerify
    if not revisions:
        raise RecordDoesNotVerify


async def _beside(connection: AsyncConnection, table: Table, order: str, examination_id: str) -> list[Insert]:
    statement = select(table).where(table.c.examination_id == examination_id).order_by(table.c[order])
    return [_as_written(table.name, row._mapping) for row in await connection.execute(statement)]


def _as_written(table: str, row: Mapping[Any, Any]) -> Insert:
    return Insert(table, {str(name): value for name, value in row.items()})
