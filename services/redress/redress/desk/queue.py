"""The queue of cases, from the read model alone: what is due first comes first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from crossing.kit.database import format_instant
from crossing.packs.files import read_yaml
from redress.casework.heads import NEVER
from redress.remedies.review import DUE
from redress.settings import LETTERS
from redress.tables import case_heads, cases, remedy_states
from redress.units import unit_name

_NAMES: Final[Mapping[str, Mapping[str, str]]] = read_yaml(LETTERS)["states"]


async def page_of_cases(
    connection: AsyncConnection,
    only: Mapping[str, str | None],
    *,
    due_before: str | None,
    review_due: bool = False,
    after: Sequence[str] | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Cases in the order in which they are due, one more than ``limit``: open ones, or all in the state asked for.

    With ``review_due`` those, open or not, of which a remedy waits for review.

    ``only`` are values of ``state``, ``priority``, ``unit`` and ``assigned_to``; ``None`` lets pass every value. A page
    follows ``after``, the due instant and the id of the last case of the page before.
    """
    heads = case_heads.c
    opened = (cases.c.kind, cases.c.examination_id, cases.c.ruling)
    statement = select(case_heads, *opened).join(cases, cases.c.id == heads.case_id)
    if review_due:
        waits = select(remedy_states.c.case_id).where(remedy_states.c.state == DUE)
        statement = statement.where(heads.case_id.in_(waits))
    elif only.get("state") is None:
        statement = statement.where(heads.open)
    for name, value in only.items():
        if value is not None:
            statement = statement.where(heads[name] == value)
    if due_before:
        statement = statement.where(heads.due_at < due_before)
    if after:
        statement = statement.where(tuple_(heads.due_at, heads.case_id) > tuple_(*after))
    statement = statement.order_by(heads.due_at, heads.case_id).limit(limit + 1)
    rows: Sequence[Row[Any]] = (await connection.execute(statement)).all()
    return rows


async def remedies_for_review(connection: AsyncConnection, case_id: str) -> frozenset[str]:
    """The ids of the remedies of a case that are due for review."""
    chosen = remedy_states.c.case_id == case_id, remedy_states.c.state == DUE
    return frozenset((await connection.execute(select(remedy_states.c.remedy_id).where(*chosen))).scalars())


def tell_head(row: Row[Any], at: datetime, language: str) -> dict[str, Any]:
    """A case in the list, without the name of the traveller."""
    due = None if row.due_at == NEVER else row.due_at
    names = (
        "control_number",
        "kind",
        "state",
        "priority",
        "unit",
        "assigned_to",
        "examination_id",
        "ruling",
        "opened_at",
    )
    return {
        "id": row.case_id,
        **{name: getattr(row, name) for name in names},
        "state_text": _NAMES[row.state][language],
        "unit_text": unit_name(row.unit, language) if row.unit else None,
        "due_at": due,
        "late": due is not None and due < format_instant(at),
    }
