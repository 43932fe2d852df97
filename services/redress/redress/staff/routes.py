"""Routes of the staff list."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from crossing.kit.clock import now_of
from crossing.kit.database import reading
from crossing.kit.etag import IF_MATCH, etag, require_match
from crossing.kit.identity import Caller, Role, caller_with
from crossing.kit.json_text import json_text
from crossing.kit.ledger import AuditEntry, Conflict, Insert, content_digest
from crossing.kit.paging import Cursor, Limit, decode_cursor, encode_cursor, link_next
from crossing.kit.problems import NotFound, StaleVersion
from crossing.kit.strict_json import StrictRoute
from redress.casework.staff import Staff, page_of_staff, staff_of
from redress.casework.steps import CHAIN
from redress.staff.schemas import StaffIn, StaffList, StaffOut, Subject

router = APIRouter(prefix="/v1/staff", tags=["staff"], route_class=StrictRoute)
Supervisor = Annotated[Caller, Depends(caller_with(Role.SUPERVISOR))]
Reader = Annotated[Caller, Depends(caller_with(Role.SUPERVISOR, Role.CASEWORKER))]
Reading = Annotated[AsyncConnection, Depends(reading)]
Whom = Annotated[Subject, Path(description="subject of their tokens")]


@router.get("", response_model=StaffList)
async def list_staff(
    request: Request,
    response: Response,
    caller: Reader,
    connection: Reading,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The staff list, by subject."""
    after = decode_cursor(cursor, 1)
    found = await page_of_staff(connection, after[0] if after else None, limit)
    following = encode_cursor([found[limit - 1].subject]) if len(found) > limit else None
    link_next(request, response, following)
    return {"staff": [_told(each) for each in found[:limit]], "next": following}


@router.get("/{subject}", response_model=StaffOut)
async def get_staff(response: Response, caller: Reader, connection: Reading, subject: Whom) -> dict[str, Any]:
    """What somebody does in redress; raises ``NotFound``."""
    found = await staff_of(connection, subject)
    if found is None:
        raise NotFound
    response.headers["ETag"] = etag(found.version)
    return _told(found)


@router.put("/{subject}", response_model=StaffOut, openapi_extra={"parameters": [{**IF_MATCH, "required": False}]})
async def put_staff(
    request: Request, response: Response, caller: Supervisor, connection: Reading, subject: Whom, entry: StaffIn
) -> dict[str, Any]:
    """Put somebody on the list, or say what they do from now on: the earlier entry is kept.

    An entry that is there is changed with ``If-Match`` only. The list is read for every step of a case, so that it
    counts at once. Raises ``StaleVersion`` and ``PreconditionRequired``.
    """
    earlier = await staff_of(connection, subject)
    if earlier:
        require_match(request, earlier.version)
    version, at = 1 + (earlier.version if earlier else 0), now_of(request)
    now = Staff(subject, entry.unit, entry.reports_to, frozenset(entry.duties), version)
    row = Insert(
        "staff",
        {
            "subject": subject,
            "version": version,
            "unit": now.unit,
            "reports_to": now.reports_to,
            "duties": json_text(sorted(now.duties)),
            "at": at,
            "set_by": caller.subject,
        },
    )
    covering = AuditEntry(CHAIN, at, "staff.set", caller.subject, f"staff/{version}/{subject}", content_digest([row]))
    try:
        await request.app.state.ledger.append([row], covering)
    except Conflict:
        raise StaleVersion from None
    response.headers["ETag"] = etag(version)
    return _told(now)


def _told(entry: Staff) -> dict[str, Any]:
    return {
        "subject": entry.subject,
        "version": entry.version,
        "unit": entry.unit,
        "reports_to": entry.reports_to,
        "duties": sorted(entry.duties),
    }
