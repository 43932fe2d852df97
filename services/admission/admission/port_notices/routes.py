"""Routes of notices to ports."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from admission.port_notices.board import notices_for, tell_notice
from admission.port_notices.keep import keep_notice, keep_reading
from admission.port_notices.schemas import ListOfPortNotices, PortNoticeIn
from admission.subjects.redress_alone import Redress
from crossing.kit.clock import now_of
from crossing.kit.database import reading
from crossing.kit.identity import Caller, Role, caller_with
from crossing.kit.languages import language_of
from crossing.kit.paging import Cursor, Limit, decode_cursor, encode_cursor, link_next
from crossing.kit.strict_json import StrictRoute

router = APIRouter(prefix="/v1/port-notices", tags=["port notices"], route_class=StrictRoute)
Officer = Annotated[Caller, Depends(caller_with(Role.OFFICER, Role.SUPERVISOR))]
Reading = Annotated[AsyncConnection, Depends(reading)]


@router.put("/{notice_id}", status_code=204, response_class=Response)
async def put_notice(
    request: Request, caller: Redress, connection: Reading, notice_id: UUID, notice: PortNoticeIn
) -> Response:
    """Keep a notice to the officers of a port; only redress gives one. A repeat is answered like the first."""
    state = request.app.state
    await keep_notice(state.ledger, connection, caller, str(notice_id), notice, now_of(request))
    state.notice_board.forget(notice.port_id)
    return Response(status_code=204)


@router.get("", response_model=ListOfPortNotices)
async def list_notices(
    request: Request,
    response: Response,
    caller: Officer,
    connection: Reading,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Notices to the caller's port, those unread first, then the newest."""
    rows = await notices_for(connection, caller, decode_cursor(cursor, 3), limit)
    last = rows[limit - 1] if len(rows) > limit else None
    following = encode_cursor([last.is_read, last.made_at, last.id]) if last else None
    link_next(request, response, following)
    language, at = language_of(request), now_of(request)
    return {"notices": [tell_notice(row, language, at) for row in rows[:limit]], "next": following}


@router.post("/{notice_id}/reading", status_code=204, response_class=Response)
async def post_reading(request: Request, caller: Officer, connection: Reading, notice_id: UUID) -> Response:
    """Confirm to have read a notice to the own port. A repeat changes nothing."""
    await keep_reading(request.app.state.ledger, connection, caller, str(notice_id), now_of(request))
    return Response(status_code=204)
