"""What is read of inquiries."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from redress.tables import accesses, evidence, inquiries


async def documents_of(connection: AsyncConnection, case_id: str) -> Sequence[Mapping[str, Any]]:
    """The documents of a case, in their order."""
    statement = select(evidence).where(evidence.c.case_id == case_id).order_by(evidence.c.number)
    return [dict(row._mapping) for row in await connection.execute(statement)]


async def kinds_sent(connection: AsyncConnection, case_id: str) -> set[str]:
    """The kinds of the documents of a case."""
    return set((await connection.execute(select(evidence.c.kind).where(evidence.c.case_id == case_id))).scalars())


async def last_access(connection: AsyncConnection, case_id: str) -> int:
    """The number of the newest access of a case."""
    statement = select(func.max(accesses.c.number)).where(accesses.c.case_id == case_id)
    return int((await connection.execute(statement)).scalar_one() or 0)


async def salt_of(connection: AsyncConnection, case_id: str, number: int) -> str:
    """What the secret of an access is made from."""
    statement = select(accesses.c.salt).where(accesses.c.case_id == case_id, accesses.c.number == number)
    return str((await connection.execute(statement)).scalar_one())


async def cases_of_person(connection: AsyncConnection, subject_key: str) -> Sequence[str]:
    """Ids of the inquiries that a person ever filed."""
    statement = select(inquiries.c.case_id).where(inquiries.c.subject_key == subject_key).distinct()
    return list((await connection.execute(statement)).scalars())
