"""Pages for officers: the desk, an examination, a traveller's history, a notice. Each form calls a verb of the API."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admission.examinations.change_examination import determination_of
from admission.examinations.notice import NoticeFormat, give_notice
from admission.examinations.revise import load_examination
from admission.pages import steps
from admission.pages.desk import desk_context
from admission.pages.history import history_context
from admission.pages.look import PAGES
from admission.pages.opening import open_from_desk
from admission.pages.page_route import PageRoute
from admission.pages.posted import read_posted
from admission.pages.sign_in import sign_in_context
from admission.port_notices.keep import keep_reading
from admission.ports.port_of_caller import port_of_caller
from crossing.kit.clock import now_of
from crossing.kit.database import reading
from crossing.kit.identity import Caller, Role, caller_with, open_to_anyone
from crossing.kit.paging import Cursor, decode_cursor
from crossing.kit.problems import NotAuthenticated, Problem
from crossing.pages.browser import from_own_page
from crossing.pages.language import language_router
from crossing.pages.style import style_router

router = APIRouter(route_class=PageRoute, include_in_schema=False, dependencies=[Depends(from_own_page)])
router.include_router(style_router())
router.include_router(language_router())
_signed_in = caller_with(Role.OFFICER, Role.SUPERVISOR)
Officer = Annotated[Caller, Depends(_signed_in)]
Supervisor = Annotated[Caller, Depends(caller_with(Role.SUPERVISOR))]
Reading = Annotated[AsyncConnection, Depends(reading)]


async def _officer_or_nobody(request: Request) -> Caller | None:
    try:
        return await _signed_in(request)
    except NotAuthenticated:
        return None


@router.get("/", dependencies=[Depends(open_to_anyone)])
async def show_desk(
    request: Request,
    caller: Annotated[Caller | None, Depends(_officer_or_nobody)],
    connection: Reading,
    cursor: Cursor = None,
) -> Response:
    """The desk: open an examination, or find one of the latest; signing in, for whoever has not."""
    if caller is None:
        return PAGES.show(request, "sign_in.html", await sign_in_context(request, connection))
    port = await port_of_caller(request, connection, caller)
    return PAGES.show(request, "desk.html", await desk_context(request, connection, caller, port, cursor=cursor))


@router.post("/examinations")
async def post_examination(request: Request, caller: Officer, connection: Reading) -> Response:
    """Open an examination and show it; with a problem, the desk again with all that was typed."""
    posted = await read_posted(request)
    port = await port_of_caller(request, connection, caller)
    try:
        opened = await open_from_desk(request, connection, caller, port, posted)
    except Problem as problem:
        await connection.rollback()
        context = await desk_context(request, connection, caller, port, posted=posted, problem=problem)
        return PAGES.show(request, "desk.html", context | {"back_to": _desk(request)}, status=problem.status)
    return RedirectResponse(opened.headers["location"], 303)


def _desk(request: Request) -> str:
    return f"{request.scope.get('root_path', '')}/"


@router.post("/port-notices/{notice_id}/reading")
async def post_reading(request: Request, caller: Officer, connection: Reading, notice_id: UUID) -> Response:
    """Confirm to have read a notice to the port."""
    await keep_reading(request.app.state.ledger, connection, caller, str(notice_id), now_of(request))
    return RedirectResponse(_desk(request), 303)


@router.get("/examinations/{examination_id}")
async def show_examination(request: Request, caller: Officer, connection: Reading, examination_id: UUID) -> Response:
    """An examination as it stands, with the questions that are open and the decision to take."""
    examination = await load_examination(connection, str(examination_id), caller)
    return await steps.show_examination(request, connection, caller, examination)


@router.post("/examinations/{examination_id}/facts")
async def post_facts(request: Request, caller: Officer, connection: Reading, examination_id: UUID) -> Response:
    """Record answers and findings."""
    return await steps.take_step(request, connection, caller, str(examination_id), "facts")


@router.post("/examinations/{examination_id}/referral")
async def post_referral(request: Request, caller: Officer, connection: Reading, examination_id: UUID) -> Response:
    """Refer to secondary."""
    return await steps.take_step(request, connection, caller, str(examination_id), "referral")


@router.post("/examinations/{examination_id}/decision")
async def post_decision(request: Request, caller: Officer, connection: Reading, examination_id: UUID) -> Response:
    """Record the decision."""
    return await steps.take_step(request, connection, caller, str(examination_id), "decision")


@router.post("/examinations/{examination_id}/supersession")
async def post_supersession(
    request: Request, caller: Supervisor, connection: Reading, examination_id: UUID
) -> Response:
    """Put another decision in the place of the one that stands; supervisors only."""
    return await steps.take_step(request, connection, caller, str(examination_id), "supersession")


@router.post("/examinations/{examination_id}/withdrawal")
async def post_withdrawal(request: Request, caller: Officer, connection: Reading, examination_id: UUID) -> Response:
    """Record that the traveller withdrew the application."""
    return await steps.take_step(request, connection, caller, str(examination_id), "withdrawal")


@router.get("/examinations/{examination_id}/history")
async def show_history(
    request: Request, caller: Officer, connection: Reading, examination_id: UUID, cursor: Cursor = None
) -> Response:
    """Examinations of the same traveller at every port; every look leaves an audit entry."""
    examination = await load_examination(connection, str(examination_id), caller)
    before = decode_cursor(cursor, 1)
    context = await history_context(request, connection, caller, examination, before[0] if before else None)
    return PAGES.show(request, "history.html", context)


@router.get("/examinations/{examination_id}/notice/{language}.{form}")
async def show_notice(
    request: Request,
    caller: Officer,
    connection: Reading,
    examination_id: UUID,
    language: Literal["en", "fr", "es"],
    form: NoticeFormat,
) -> Response:
    """The notice of a refusal or withdrawal, in the language asked for."""
    examination = await load_examination(connection, str(examination_id), caller)
    determination = await determination_of(request.app.state.lawbook, connection, examination)
    port = await port_of_caller(request, connection, caller)
    redress_address = request.app.state.settings.redress_address
    return await give_notice(examination, determination, port, language, form, redress_address)


@router.get("/examinations")
async def leave_opening(request: Request, caller: Officer) -> Response:
    """Where a form was sent is no page; a browser that asks for it again is shown the desk."""
    return RedirectResponse(_desk(request), 303)


@router.get("/examinations/{examination_id}/{step}")
async def leave_step(request: Request, caller: Officer, examination_id: UUID, step: str) -> Response:
    """Where a form was sent is no page; a browser that asks for it again is shown the examination."""
    return RedirectResponse(f"{_desk(request)}examinations/{examination_id}", 303)
