"""Look up the history of a traveller: every look leaves an audit entry."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from admission.examinations import queries
from admission.examinations.revise import Examination
from crossing.kit.identity import Caller
from crossing.kit.ledger import AuditEntry, Ledger, content_digest


async def look_up_history(
    ledger: Ledger,
    connection: AsyncConnection,
    examination: Examination,
    caller: Caller,
    *,
    before: str | None,
    limit: int,
    at: str,
) -> Sequence[Row[Any]]:
    """Examinations of the same traveller at every port, newest first, one more than ``limit``."""
    rows = await queries.page_of_history(connection, examination.opened, before, limit)
    entry = AuditEntry(
        chain=examination.opened.port_id,
        at=at,
        event="history.read",
        actor=caller.subject,
        subject=f"examinations/{examination.opened.id}",
        content_digest=content_digest([]),
    )
    await ledger.append([], entry)
    return rows
