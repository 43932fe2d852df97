"""The documents of a case, as rows."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from redress.tables import evidence


async def documents_of(connection: AsyncConnection, case_id: str) -> list[dict[str, Any]]:
    """The documents of a case by number."""
    statement = select(evidence).where(evidence.c.case_id == case_id).order_by(evidence.c.number)
    return [dict(row._mapping) for row in (await connection.execute(statement)).all()]
