"""Every select on files, applications and what was decided on equal cases."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, Select, exists, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from advance_ruling.tables import applications, escalations, evidence, files, revisions, rulings

#: States in which a ruling stands, though it may not yet have effect or be under discussion.
STANDING: Final = ("issued", "in_force", "change_proposed", "modified")
LATE: Final = "late"
_latest = revisions.alias("latest")


@dataclass(frozen=True)
class Alike:
    """A ruling on an equal pattern."""

    number: str
    class_id: str
    state: str
    issued_at: str
    petitioner_id: str | None
    person_key: str | None

    @property
    def is_in_force(self) -> bool:
        """Whether it binds now."""
        return self.state in STANDING


def _latest_of(statement: Select[Any]) -> Select[Any]:
    """Only the rows whose revision is the latest of its application."""
    newest = (
        select(func.max(_latest.c.revision))
        .where(_latest.c.application_id == revisions.c.application_id)
        .correlate(revisions)
        .scalar_subquery()
    )
    return statement.where(revisions.c.revision == newest)


async def applications_of(connection: AsyncConnection, file_id: str) -> Sequence[Row[Any]]:
    """The applications of a file with their latest revisions, in the order they were added."""
    joined = applications.join(revisions, revisions.c.application_id == applications.c.id)
    statement = select(applications.c.id, revisions.c.revision, revisions.c.state, revisions.c.content)
    statement = statement.select_from(joined).where(applications.c.file_id == file_id).order_by(applications.c.id)
    rows: Sequence[Row[Any]] = (await connection.execute(_latest_of(statement))).all()
    return rows


async def page_of_files(connection: AsyncConnection, owner: str, before: str | None, limit: int) -> Sequence[Row[Any]]:
    """The files of an owner, newest first, one more than ``limit``."""
    statement = select(files).where(files.c.created_by == owner).order_by(files.c.id.desc()).limit(limit + 1)
    if before:
        statement = statement.where(files.c.id < before)
    return (await connection.execute(statement)).all()


async def page_of_applications(
    connection: AsyncConnection,
    *,
    owner: str | None,
    classes: Sequence[str] | None,
    only: dict[str, str | None],
    before: str | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Applications with their latest revisions, newest first, one more than ``limit``.

    Those of an ``owner``; without one, those that were ever submitted, of some ``classes`` if these are given. ``only``
    are values of ``state``, ``class_id`` and ``into``; ``None`` lets pass every value.
    """
    joined = applications.join(revisions, revisions.c.application_id == applications.c.id)
    statement = select(applications, revisions).select_from(joined)
    if owner is not None:
        statement = statement.where(applications.c.created_by == owner)
    else:
        sent = _latest.c.application_id == applications.c.id, _latest.c.event == "submit"
        statement = statement.where(exists(literal(1)).where(*sent))
    columns = {"state": revisions.c.state, "class_id": applications.c.class_id, "into": applications.c.into}
    for name, value in only.items():
        if value is not None:
            statement = statement.where(columns[name] == value)
    if classes is not None:
        statement = statement.where(applications.c.class_id.in_(classes))
    if before:
        statement = statement.where(applications.c.id < before)
    statement = _latest_of(statement).order_by(applications.c.id.desc()).limit(limit + 1)
    return (await connection.execute(statement)).all()


async def documents_of(connection: AsyncConnection, application_id: str) -> Sequence[Row[Any]]:
    """The documents of an application by number."""
    statement = select(evidence).where(evidence.c.application_id == application_id).order_by(evidence.c.number)
    return (await connection.execute(statement)).all()


async def rulings_alike(connection: AsyncConnection, pattern: str, into: str) -> list[Alike]:
    """Rulings on a pattern, the oldest first, whether they still stand or not."""
    joined = (
        revisions.join(rulings, rulings.c.application_id == revisions.c.application_id)
        .join(applications, applications.c.id == revisions.c.application_id)
        .join(files, files.c.id == applications.c.file_id)
    )
    statement = (
        select(rulings, revisions.c.state, revisions.c.content, files.c.petitioner_id)
        .select_from(joined)
        .where(revisions.c.pattern == pattern, rulings.c.into == into)
        .order_by(rulings.c.issued_at, rulings.c.number)
    )
    return [_alike(row) for row in (await connection.execute(_latest_of(statement))).all()]


async def ruling_in_force(connection: AsyncConnection, number: str) -> Alike | None:
    """A ruling by its number, if it stands."""
    joined = (
        revisions.join(rulings, rulings.c.application_id == revisions.c.application_id)
        .join(applications, applications.c.id == revisions.c.application_id)
        .join(files, files.c.id == applications.c.file_id)
    )
    statement = (
        select(rulings, revisions.c.state, revisions.c.content, files.c.petitioner_id)
        .select_from(joined)
        .where(rulings.c.number == number, revisions.c.state.in_(STANDING))
    )
    row = (await connection.execute(_latest_of(statement))).one_or_none()
    return _alike(row) if row else None


def _alike(row: Row[Any]) -> Alike:
    content = json.loads(row.content)
    return Alike(
        row.number,
        row.class_id,
        row.state,
        row.issued_at,
        row.petitioner_id,
        content.get("person_key"),
    )


async def earlier_results(connection: AsyncConnection, pattern: str, person_key: str) -> list[str]:
    """States of other applications of the same person on the same pattern that were decided."""
    statement = select(revisions.c.state, revisions.c.content).where(
        revisions.c.pattern == pattern, revisions.c.state.in_((*STANDING, "denied"))
    )
    rows = (await connection.execute(_latest_of(statement))).all()
    return [row.state for row in rows if json.loads(row.content).get("person_key") == person_key]


async def late_by_class(connection: AsyncConnection) -> Sequence[Row[Any]]:
    """How many applications of each class and direction were ever decided later than the law's last day."""
    joined = escalations.join(applications, applications.c.id == escalations.c.application_id)
    counted = func.count(func.distinct(escalations.c.application_id)).label("count")
    statement = (
        select(applications.c.into, applications.c.class_id, counted)
        .select_from(joined)
        .where(escalations.c.level == LATE)
        .group_by(applications.c.into, applications.c.class_id)
        .order_by(applications.c.into, applications.c.class_id)
    )
    return (await connection.execute(statement)).all()
