"""The queue of cases, from the read model alone: what is due first comes first."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from redress.tables import case_heads


async def page_of_cases(
    connection: AsyncConnection,
    only: Mapping[str, str | None],
    *,
    due_before: str | None,
    after: Sequence[str] | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Open cases in the order in which they are due, one more than ``limit``.

    ``only`` are values of ``state``, ``priority``, ``unit`` and ``assigned_to``; ``None`` lets pass every value. A page
    follows ``after``, the due instant and the id of the last case of the page before.
    """
    heads = case_heads.c
    statement = select(case_heads).where(heads.open)
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
