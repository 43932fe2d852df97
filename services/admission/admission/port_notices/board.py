"""The notice board: which notices a port has, and whether an officer may act in a class without having read them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, and_, case, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from admission.port_notices.problems import PortNoticeUnread
from admission.subjects.tables import port_notice_readings, port_notices
from crossing.kit.identity import Caller

#: A notice blocks nothing on its first days, so that it is early enough to see it within this time.
_REMEMBERED_FOR: Final = timedelta(minutes=1)
_TEXTS: Final = {
    "en": "Notice {id} about {requirement} was to be read by {by}.",
    "fr": "L’avis {id} sur {requirement} devait être lu au plus tard le {by}.",
    "es": "El aviso {id} sobre {requirement} debía leerse a más tardar el {by}.",
}


@dataclass(frozen=True)
class _Posted:
    id: str
    requirement: str
    class_ids: tuple[str, ...]
    block_after: str

    def concerns(self, classes: Iterable[str]) -> bool:
        """Whether it is about one of the classes, each named by id or by the first part of ids (``us.b1``)."""
        return any(own == each or own.startswith(f"{each}.") for each in classes for own in self.class_ids)


class NoticeBoard:
    """The notices of each port, remembered for a minute: an examination waits for no query while there is none."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._ports: dict[str, tuple[datetime, tuple[_Posted, ...]]] = {}

    def forget(self, port_id: str) -> None:
        """Read the notices of a port anew when they are next asked for."""
        self._ports.pop(port_id, None)

    async def require_read(self, caller: Caller, classes: Iterable[str], at: str) -> None:
        """Let an officer act in classes at an instant; raises ``PortNoticeUnread`` for a notice to be read first."""
        named = list(classes)
        posted = await self._of_port(caller.port_id or "", datetime.fromisoformat(at))
        due = [each for each in posted if each.block_after <= at and each.concerns(named)]
        if due:
            await self._require(caller.subject, due)

    async def _require(self, officer: str, due: Sequence[_Posted]) -> None:
        mine = and_(
            port_notice_readings.c.officer == officer,
            port_notice_readings.c.notice_id.in_([each.id for each in due]),
        )
        async with self._engine.connect() as connection:
            read = set((await connection.execute(select(port_notice_readings.c.notice_id).where(mine))).scalars())
        for each in due:
            if each.id not in read:
                parts = {"id": each.id, "requirement": each.requirement, "by": each.block_after[:10]}
                raise PortNoticeUnread({language: text.format(**parts) for language, text in _TEXTS.items()})

    async def _of_port(self, port_id: str, now: datetime) -> tuple[_Posted, ...]:
        known = self._ports.get(port_id)
        if known and known[0] <= now < known[0] + _REMEMBERED_FOR:
            return known[1]
        async with self._engine.connect() as connection:
            rows = (await connection.execute(select(port_notices).where(port_notices.c.port_id == port_id))).all()
        posted = tuple(
            _Posted(row.id, row.requirement, tuple(json.loads(row.class_ids)), row.block_after) for row in rows
        )
        self._ports[port_id] = now, posted
        return posted


async def notices_for(
    connection: AsyncConnection, caller: Caller, after: Sequence[str] | None, limit: int
) -> Sequence[Row[Any]]:
    """Notices of the caller's port with when the caller read each, unread first, then the newest; one beyond ``limit``.

    ``after`` is whether the last one of the page before was read (``0``, ``1``), when it was made, and its id.
    """
    reading = and_(
        port_notice_readings.c.notice_id == port_notices.c.id, port_notice_readings.c.officer == caller.subject
    )
    is_read = case((port_notice_readings.c.at.is_(None), "0"), else_="1")
    statement = (
        select(port_notices, port_notice_readings.c.at.label("read_at"), is_read.label("is_read"))
        .select_from(port_notices.outerjoin(port_notice_readings, reading))
        .where(port_notices.c.port_id == (caller.port_id or ""))
        .order_by(is_read, port_notices.c.made_at.desc(), port_notices.c.id.desc())
        .limit(limit + 1)
    )
    if after:
        read, made_at, identifier = after
        older = or_(
            port_notices.c.made_at < made_at,
            and_(port_notices.c.made_at == made_at, port_notices.c.id < identifier),
        )
        statement = statement.where(or_(is_read > read, and_(is_read == read, older)))
    return (await connection.execute(statement)).all()


def tell_notice(row: Row[Any], language: str, at: str) -> dict[str, Any]:
    """A notice as the caller sees it at an instant."""
    return {
        "id": row.id,
        "port_id": row.port_id,
        "requirement": row.requirement,
        "class_ids": json.loads(row.class_ids),
        "text": json.loads(row.texts)[language],
        "made_at": row.made_at,
        "block_after": row.block_after,
        "read_at": row.read_at,
        "blocks": row.read_at is None and row.block_after <= at,
    }
