"""Keep a notice that redress sends, and that an officer has read one: each one append with its audit entry."""

from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils.compat import uuid7

from admission.port_notices.problems import PortNoticeDiffers
from admission.port_notices.schemas import PortNoticeIn
from admission.ports.queries import read_port
from admission.subjects.tables import port_notice_readings, port_notices
from crossing.kit.database import format_instant
from crossing.kit.identity import Caller
from crossing.kit.json_text import json_text
from crossing.kit.ledger import AuditEntry, Conflict, Insert, Ledger, content_digest
from crossing.kit.problems import FieldError, InvalidRequest, NotFound

_NO_PORT: Final = {
    "en": "is no port of entry that is kept here",
    "fr": "n’est pas un point d’entrée conservé ici",
    "es": "no es un puerto de entrada que se conserve aquí",
}


async def keep_notice(
    ledger: Ledger, connection: AsyncConnection, caller: Caller, notice_id: str, notice: PortNoticeIn, at: str
) -> bool:
    """Keep a notice; false where it was kept before.

    Raises ``InvalidRequest`` for a port that is not known and ``PortNoticeDiffers`` where the id says something else.
    """
    if await read_port(connection, notice.port_id) is None:
        raise InvalidRequest(errors=[FieldError("/port_id", _NO_PORT)])
    row = {
        "id": notice_id,
        "port_id": notice.port_id,
        "requirement": notice.requirement,
        "class_ids": json_text(notice.class_ids),
        "texts": json_text(notice.texts.model_dump()),
        "made_at": format_instant(notice.made_at),
        "made_by": caller.subject,
        "block_after": format_instant(notice.block_after),
    }
    kept = await _notice(connection, notice_id)
    if kept is None:
        rows = [Insert("port_notices", row)]
        subject = f"port-notices/{notice_id}"
        entry = AuditEntry(notice.port_id, at, "port_notice.kept", caller.subject, subject, content_digest(rows))
        try:
            await ledger.append(rows, entry)
            return True
        except Conflict:
            await connection.rollback()
            kept = await _notice(connection, notice_id)
    if kept is None or kept._asdict() != row:
        raise PortNoticeDiffers
    return False


async def keep_reading(ledger: Ledger, connection: AsyncConnection, caller: Caller, notice_id: str, at: str) -> None:
    """Record that the caller has read a notice of the own port; a repeat changes nothing. Raises ``NotFound``."""
    notice = await _notice(connection, notice_id)
    if notice is None or notice.port_id != caller.port_id:
        raise NotFound
    reading_id = str(uuid7())
    row = {
        "notice_id": notice_id,
        "officer": caller.subject,
        "id": reading_id,
        "port_id": notice.port_id,
        "at": at,
    }
    rows = [Insert("port_notice_readings", row)]
    subject = f"port-notice-readings/{reading_id}"
    entry = AuditEntry(notice.port_id, at, "port_notice.acknowledged", caller.subject, subject, content_digest(rows))
    if not await _is_read(connection, notice_id, caller.subject):
        try:
            await ledger.append(rows, entry)
        except Conflict:  # read by the same officer at another terminal just now
            await connection.rollback()


async def _notice(connection: AsyncConnection, notice_id: str) -> Row[Any] | None:
    return (await connection.execute(select(port_notices).where(port_notices.c.id == notice_id))).one_or_none()


async def _is_read(connection: AsyncConnection, notice_id: str, officer: str) -> bool:
    readings = port_notice_readings.c
    statement = select(readings.id).where(readings.notice_id == notice_id, readings.officer == officer)
    return (await connection.execute(statement)).first() is not None
