"""Every select on examinations and their revisions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, func, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from admission.tables import examinations, revisions

_OPENED = (examinations.c.id, examinations.c.port_id, examinations.c.opened_at)
_STEP = (revisions.c.state, revisions.c.seeking, revisions.c.detail, revisions.c.kind, revisions.c.revision)


async def read_examination(connection: AsyncConnection, examination_id: str) -> Row[Any] | None:
    """What was recorded when an examination was opened."""
    return (await connection.execute(select(examinations).where(examinations.c.id == examination_id))).one_or_none()


async def revisions_of(connection: AsyncConnection, examination_id: str) -> Sequence[Row[Any]]:
    """Every revision of an examination, first to latest."""
    statement = select(revisions).where(revisions.c.examination_id == examination_id).order_by(revisions.c.revision)
    rows: Sequence[Row[Any]] = (await connection.execute(statement)).all()
    return rows


def _summaries(opened: FromClause) -> Select[Any]:
    """Where each of some examinations stands by its latest revision, newest first."""
    theirs = and_(revisions.c.examination_id == opened.c.id, revisions.c.port_id == opened.c.port_id)
    latest = select(func.max(revisions.c.revision)).where(theirs).correlate(opened).scalar_subquery()
    columns = [opened.c[each.name] for each in _OPENED]
    statement = select(*columns, *_STEP).select_from(opened.join(revisions, theirs))
    return statement.where(revisions.c.revision == latest).order_by(opened.c.id.desc())


async def page_at_port(
    connection: AsyncConnection, port_id: str, state: str | None, before: str | None, limit: int
) -> Sequence[Row[Any]]:
    """Examinations at a port, newest first, one more than ``limit``."""
    statement = _summaries(examinations).where(examinations.c.port_id == port_id).limit(limit + 1)
    if state:
        statement = statement.where(revisions.c.state == state)
    if before:
        statement = statement.where(examinations.c.id < before)
    rows: Sequence[Row[Any]] = (await connection.execute(statement)).all()
    return rows


async def page_of_history(
    connection: AsyncConnection, examined: Row[Any], before: str | None, limit: int
) -> Sequence[Row[Any]]:
    """Other examinations of the same document or the same person, newest first, one more than ``limit``.

    By either key it is a walk along an index that ends after so many, however many examinations there are in all.
    """

    def walk(key: ColumnElement[str], value: str) -> Select[Any]:
        found = select(*_OPENED).where(key == value, examinations.c.id != examined.id)
        if before:
            found = found.where(examinations.c.id < before)
        return select(found.order_by(examinations.c.id.desc()).limit(limit + 1).subquery())

    same = union(
        walk(examinations.c.document_key, examined.document_key), walk(examinations.c.person_key, examined.person_key)
    )
    rows: Sequence[Row[Any]] = (await connection.execute(_summaries(same.subquery()).limit(limit + 1))).all()
    return rows
