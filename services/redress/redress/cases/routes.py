"""Routes of cases."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from crossing.kit.database import reading
from crossing.kit.identity import Caller, Role, caller_with
from crossing.kit.paging import Cursor, Limit, decode_cursor, encode_cursor, link_next
from crossing.kit.strict_json import StrictRoute
from redress.cases.schemas import ListOfCases
from redress.tables import cases

router = APIRouter(prefix="/v1/cases", tags=["cases"], route_class=StrictRoute)
Caseworker = Annotated[Caller, Depends(caller_with(Role.CASEWORKER))]
Reading = Annotated[AsyncConnection, Depends(reading)]


@router.get("", response_model=ListOfCases)
async def list_cases(
    request: Request,
    response: Response,
    caller: Caseworker,
    connection: Reading,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Cases, newest first."""
    before = decode_cursor(cursor, 1)
    rows = await _page(connection, before[0] if before else None, limit)
    following = encode_cursor([rows[limit - 1].id]) if len(rows) > limit else None
    link_next(request, response, following)
    told = [{**row._asdict(), "detail": json.loads(row.detail)} for row in rows[:limit]]
    return {"cases": told, "next": following}


async def _page(connection: AsyncConnection, before: str | None, limit: int) -> Sequence[Row[Any]]:
    """Cases below an id, newest first, one more than ``limit``."""
    statement = select(cases).order_by(cases.c.id.desc()).limit(limit + 1)
    if before:
        statement = statement.where(cases.c.id < before)
    rows: Sequence[Row[Any]] = (await connection.execute(statement)).all()
    return rows
