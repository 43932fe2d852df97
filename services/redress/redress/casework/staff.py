"""The staff list: who of redress does what, in which unit, and under whom."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from crossing.kit.identity import Caller
from crossing.kit.problems import Problem
from redress.tables import staff


class NotOnStaffList(Problem):
    """Nobody has said what the caller does in redress."""

    slug, status = "not-on-staff-list", 403
    titles = {
        "en": "You are not on the staff list of redress",
        "fr": "Vous ne figurez pas sur la liste du personnel de la réparation",
        "es": "Usted no figura en la lista de personal de reparación",
    }


@dataclass(frozen=True)
class Staff:
    """A person of the staff list. ``duties`` are the parties as which they act."""

    subject: str
    unit: str
    reports_to: str | None
    duties: frozenset[str]
    version: int = 1

    def person(self) -> dict[str, str]:
        """How a step names them: ``subject`` and ``unit``."""
        return {"subject": self.subject, "unit": self.unit}


def _newest() -> Select[Any]:
    """The list as it is: the latest version of each entry."""
    versions = staff.alias("versions")
    latest = select(func.max(versions.c.version)).where(versions.c.subject == staff.c.subject).scalar_subquery()
    return select(staff).where(staff.c.version == latest)


def _staff(row: Any) -> Staff:
    return Staff(row.subject, row.unit, row.reports_to, frozenset(json.loads(row.duties)), row.version)


async def staff_of(connection: AsyncConnection, subject: str) -> Staff | None:
    """Somebody on the list."""
    row = (await connection.execute(_newest().where(staff.c.subject == subject))).one_or_none()
    return _staff(row) if row else None


async def desk_of(connection: AsyncConnection, caller: Caller) -> Staff:
    """The caller as the list has them; raises ``NotOnStaffList``."""
    found = await staff_of(connection, caller.subject)
    if found is None or not found.duties:
        raise NotOnStaffList
    return found


async def whole_list(connection: AsyncConnection) -> dict[str, Staff]:
    """Everybody on the list, by subject."""
    return {row.subject: _staff(row) for row in (await connection.execute(_newest())).all()}


async def page_of_staff(connection: AsyncConnection, after: str | None, limit: int) -> Sequence[Staff]:
    """The list by subject after one of them, one more than ``limit``."""
    statement = _newest().order_by(staff.c.subject).limit(limit + 1)
    rows = await connection.execute(statement.where(staff.c.subject > after) if after else statement)
    return [_staff(row) for row in rows.all()]
