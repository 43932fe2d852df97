"""Every select on examinations and their revisions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from admission.tables import examinations, revisions

_LATEST = (
    select(func.max(revisions.c.revision))
    .where(revisions.c.examination_id == examinations.c.id)
    .correlate(examinations)
    .scalar_subquery()
)
_SUMMARY = (
    examinations.c.id,
    examinations.c.port_id,
    examinations.c.opened_at,
    revisions.c.state,
    revisions.c.seeking,
    revisions.c.detail,
    revisions.c.kind,
    revisions.c.revision,
)


async def read_examination(connection: AsyncConnection, examination_id: str) -> Row[Any] | None:
    """What was recorded when an examination was opened."""
    return (await connection.execute(select(examinations).where(examinations.c.id == examination_id))).one_or_none()


async def revisions_of(connection: AsyncConnection, examination_id: str) -> Sequence[Row[Any]]:
    """Every revision of an examination, first to latest."""
    statement = select(revisions).where(revisions.c.examination_id == examination_id).order_by(revisions.c.revision)
    rows: Sequence[Row[Any]] = (await connection.execute(statement)).all()
    return rows


def _summaries() -> Select[Any]:
    joined = examinations.join(revisions, revisions.c.examination_id == examinations.c.id)
    statement = select(*_SUMMARY).select_from(joined).where(revisions.c.revision == _LATEST)
    return statement.order_by(examinations.c.id.desc())


async def page_at_port(
    connection: AsyncConnection, port_id: str, state: str | None, before: str | None, limit: int
) -> Sequence[Row[Any]]:
    """Examinations at a port, newest first, one more than ``limit``."""
    statement = _summaries().where(examinations.c.port_id == port_id).limit(limit + 1)
    if state:
        statement = statement.where(revisions.c.state == state)
    if before:
        statement = statement.where(examinations.c.id < before)
    rows: Sequence[Row[Any]] = (await connection.execute(statement)).all()
    return rows


async def page_of_history(
    connection: AsyncConnection, examined: Row[Any], before: str | None, limit: int
) -> Sequence[Row[Any]]:
    """Other examinations of the same document or the same person, newest first, one more than ``limit``."""
    same = or_(
        examinations.c.document_key == examined.document_key,
        examinations.c.person_key == examined.person_key,
    )
    statement = _summaries().where(same, examinations.c.id != examined.id).limit(limit + 1)
    if before:
        statement = statement.where(examinations.c.id < before)
    rows: Sequence[Row[Any]] = (await connection.execute(statement)).all()
    return rows
