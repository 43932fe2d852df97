"""A ruling as it stands: its number, its versions, and the application that it decided."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from advance_ruling.steps import Application, load_application
from advance_ruling.tables import ruling_versions, rulings
from crossing.kit.database import format_instant
from crossing.kit.problems import NotFound
from crossing.rulings.token import RulingClaims


@dataclass(frozen=True)
class Version:
    """A version of a ruling: from when it binds, and what it holds."""

    row: Row[Any]

    @property
    def holding(self) -> dict[str, Any]:
        """What was ruled, on which facts and findings, by which law."""
        holding: dict[str, Any] = json.loads(self.row.holding)
        return holding

    @property
    def claims(self) -> RulingClaims:
        """What its token says."""
        claims: Mapping[str, Any] = self.holding["claims"]
        return RulingClaims(**{**claims, "settled": tuple(claims["settled"])})


@dataclass(frozen=True)
class Ruling:
    """A ruling with all its versions, the first one first."""

    row: Row[Any]
    versions: Sequence[Version]
    application: Application

    @property
    def number(self) -> str:
        """Its number."""
        return str(self.row.number)

    def at(self, now: datetime) -> Version:
        """The version that binds at an instant, or the first one while none has effect yet."""
        instant = format_instant(now)
        begun = [each for each in live(self.versions) if each.row.effective_from <= instant]
        return begun[-1] if begun else self.versions[0]

    @property
    def latest(self) -> Version:
        """The version made last, whether it has effect already or not."""
        return self.versions[-1]


def live(versions: Sequence[Version]) -> list[Version]:
    """Versions that had or will have effect: not one that was postponed, and so made again before its day came."""
    return [
        each
        for position, each in enumerate(versions)
        if all(later.row.made_at >= each.row.effective_from for later in versions[position + 1 :])
    ]


async def find_ruling(connection: AsyncConnection, application: Application) -> Ruling | None:
    """The ruling that an application came to, if any."""
    statement = select(rulings).where(rulings.c.application_id == application.opened.id)
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else Ruling(row, await _versions(connection, row.number), application)


async def load_ruling(connection: AsyncConnection, number: str) -> Ruling:
    """A ruling by its number; raises ``NotFound``."""
    row = (await connection.execute(select(rulings).where(rulings.c.number == number))).one_or_none()
    if row is None:
        raise NotFound
    return Ruling(row, await _versions(connection, number), await load_application(connection, row.application_id))


async def _versions(connection: AsyncConnection, number: str) -> list[Version]:
    statement = select(ruling_versions).where(ruling_versions.c.number == number).order_by(ruling_versions.c.version)
    return [Version(row) for row in (await connection.execute(statement)).all()]
