"""Routes of examinations."""

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from admission.examinations import queries
from admission.examinations.change_examination import (
    Step,
    add_facts,
    confirm_departure,
    determination_of,
    propose_departure,
    record_decision,
    refer_to_secondary,
    supersede_decision,
    withdraw_application,
)
from admission.examinations.look_up_history import look_up_history
from admission.examinations.notice import NoticeFormat, give_notice
from admission.examinations.open_examination import open_examination
from admission.examinations.revise import Examination, load_examination
from admission.examinations.schemas import (
    DecisionIn,
    ExaminationIn,
    ExaminationOut,
    FactsIn,
    ListOfExaminations,
    ListOfRevisions,
    ReferralIn,
    SupersessionIn,
    WithdrawalIn,
)
from admission.examinations.states import State
from admission.examinations.tell_examination import as_mappings, summaries, tell_examination
from admission.ports.port_of_caller import port_of_caller, remembered_port
from admission.rulings.schemas import DepartureConfirmationIn, RulingDepartureIn
from admission.subjects.on_record import corrections_of
from crossing.kit.clock import now_of
from crossing.kit.database import reading
from crossing.kit.etag import IF_MATCH, etag, require_match
from crossing.kit.idempotency import IDEMPOTENCY_KEY, attempt_of, first_answer
from crossing.kit.identity import Caller, Role, caller_with
from crossing.kit.json_text import JsonAnswer
from crossing.kit.languages import language_of
from crossing.kit.once import once, opened_once
from crossing.kit.paging import Cursor, Limit, decode_cursor, encode_cursor, link_next
from crossing.kit.strict_json import StrictRoute

router = APIRouter(prefix="/v1/examinations", tags=["examinations"], route_class=StrictRoute)
Officer = Annotated[Caller, Depends(caller_with(Role.OFFICER, Role.SUPERVISOR))]
Supervisor = Annotated[Caller, Depends(caller_with(Role.SUPERVISOR))]
Reading = Annotated[AsyncConnection, Depends(reading)]
_OPENING = {"parameters": [IDEMPOTENCY_KEY]}
_STEP = {"parameters": [IF_MATCH, IDEMPOTENCY_KEY]}


async def _step(request: Request, caller: Caller) -> Step:
    state = request.app.state
    attempt = await attempt_of(request, caller)
    return Step(
        state.ledger,
        state.lawbook,
        caller,
        attempt,
        now_of(request),
        language_of(request),
        state.receivers,
        state.subjects,
        state.notice_board,
    )


async def _changing(
    request: Request, connection: AsyncConnection, caller: Caller, examination_id: UUID
) -> tuple[Step, Examination | Response]:
    """What a change needs: the step, and the examination as the caller read it (or the answer given before).

    The key is looked up after the examination is read: a repeat that finds the change also finds its answer.
    """
    step = await _step(request, caller)
    examination = await load_examination(connection, str(examination_id), caller)
    earlier = await first_answer(connection, step.attempt)
    if earlier:
        return step, earlier
    require_match(request, examination.latest.revision)
    return step, examination


@router.post("", response_model=ExaminationOut, status_code=201, openapi_extra=_OPENING)
async def post_examination(request: Request, caller: Officer, examination: ExaminationIn) -> Response:
    """Open an examination from a scan and the facts declared; answers with its determination.

    The determination cites the requirement, the law and the evidence behind every point. It is advice: the officer
    decides.
    """
    state = request.app.state
    attempt = await attempt_of(request, caller)
    port = await remembered_port(request, caller)
    await state.notice_board.require_read(caller, examination.seeking, now_of(request))
    opening = open_examination(
        state.ledger,
        state.lawbook,
        state.identity_key,
        state.trust,
        state.subjects,
        port=port,
        caller=caller,
        examination=examination,
        attempt=attempt,
        at=state.clock(),
        language=language_of(request),
        path=request.scope["path"],
        engine=state.beside,
        receivers=state.receivers,
    )
    return await opened_once(state.engine, attempt, opening)


@router.get("", response_model=ListOfExaminations)
async def list_examinations(
    request: Request,
    response: Response,
    caller: Officer,
    connection: Reading,
    state: Annotated[State | None, Query(description="only examinations in this state")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Examinations at the caller's port, newest first."""
    before = decode_cursor(cursor, 1)
    port_id = caller.port_id or ""
    rows = await queries.page_at_port(connection, port_id, state, before[0] if before else None, limit)
    return await _page(request, response, connection, rows, limit)


async def _page(
    request: Request, response: Response, connection: AsyncConnection, rows: Any, limit: int
) -> dict[str, Any]:
    corrections = await corrections_of(connection, [row.id for row in rows[:limit]])
    following = encode_cursor([rows[limit - 1].id]) if len(rows) > limit else None
    link_next(request, response, following)
    told, unreadable = summaries(rows[:limit], corrections)
    return {"examinations": told, "next": following, "unreadable": unreadable}


@router.get("/{examination_id}", response_model=ExaminationOut)
async def read_examination(request: Request, caller: Officer, connection: Reading, examination_id: UUID) -> Response:
    """An examination as it stands."""
    examination = await load_examination(connection, str(examination_id), caller)
    latest = examination.latest
    determination = await determination_of(request.app.state.lawbook, connection, examination)
    told = tell_examination(
        examination.opened._asdict(),
        latest._asdict(),
        as_mappings(list(examination.revisions)),
        determination,
        language_of(request),
        examination.rulings,
        examination.corrections,
    )
    return JsonAnswer(told, 200, {"ETag": etag(latest.revision)})


@router.get("/{examination_id}/revisions", response_model=ListOfRevisions)
async def list_revisions(caller: Officer, connection: Reading, examination_id: UUID) -> dict[str, Any]:
    """Every step of an examination, first to latest."""
    examination = await load_examination(connection, str(examination_id), caller)
    names = ("revision", "kind", "state", "at", "determination_digest", "pack_digest")
    return {
        "revisions": [
            {name: row._mapping[name] for name in names} | {"by": row.actor, "detail": json.loads(row.detail)}
            for row in examination.revisions
        ]
    }


@router.patch("/{examination_id}/facts", response_model=ExaminationOut, openapi_extra=_STEP)
async def patch_facts(
    request: Request, caller: Officer, connection: Reading, examination_id: UUID, added: FactsIn
) -> Response:
    """Add facts and findings; each change is a new determination and nothing is overwritten."""
    step, found = await _changing(request, connection, caller, examination_id)
    if isinstance(found, Response):
        return found
    return await once(connection, step.attempt, add_facts(step, connection, found, added))


@router.post("/{examination_id}/referral", response_model=ExaminationOut, openapi_extra=_STEP)
async def post_referral(
    request: Request, caller: Officer, connection: Reading, examination_id: UUID, referral: ReferralIn
) -> Response:
    """Refer the traveller to secondary examination."""
    step, found = await _changing(request, connection, caller, examination_id)
    if isinstance(found, Response):
        return found
    return await once(connection, step.attempt, refer_to_secondary(step, connection, found, referral))


@router.post("/{examination_id}/decision", response_model=ExaminationOut, openapi_extra=_STEP)
async def post_decision(
    request: Request, caller: Officer, connection: Reading, examination_id: UUID, decision: DecisionIn
) -> Response:
    """Record the officer's decision, with its reason and every requirement seen otherwise than the determination."""
    step, found = await _changing(request, connection, caller, examination_id)
    if isinstance(found, Response):
        return found
    return await once(connection, step.attempt, record_decision(step, connection, found, decision))


@router.post("/{examination_id}/supersession", response_model=ExaminationOut, openapi_extra=_STEP)
async def post_supersession(
    request: Request, caller: Supervisor, connection: Reading, examination_id: UUID, supersession: SupersessionIn
) -> Response:
    """Put another decision in the place of the one that stands; supervisors only. The earlier one stays on record."""
    step, found = await _changing(request, connection, caller, examination_id)
    if isinstance(found, Response):
        return found
    return await once(connection, step.attempt, supersede_decision(step, connection, found, supersession))


@router.post("/{examination_id}/withdrawal", response_model=ExaminationOut, openapi_extra=_STEP)
async def post_withdrawal(
    request: Request, caller: Officer, connection: Reading, examination_id: UUID, withdrawal: WithdrawalIn
) -> Response:
    """Record that the traveller withdrew the application for admission."""
    step, found = await _changing(request, connection, caller, examination_id)
    if isinstance(found, Response):
        return found
    return await once(connection, step.attempt, withdraw_application(step, connection, found, withdrawal))


@router.post("/{examination_id}/departure", response_model=ExaminationOut, openapi_extra=_STEP)
async def post_departure(
    request: Request, caller: Officer, connection: Reading, examination_id: UUID, departure: RulingDepartureIn
) -> Response:
    """Propose to depart from an advance ruling that binds, on a ground of the closed list and with written reasons.

    It has effect once another officer confirms it. To disagree with a ruling is no ground.
    """
    step, found = await _changing(request, connection, caller, examination_id)
    if isinstance(found, Response):
        return found
    return await once(connection, step.attempt, propose_departure(step, connection, found, departure))


@router.post("/{examination_id}/departure/confirmation", response_model=ExaminationOut, openapi_extra=_STEP)
async def post_departure_confirmation(
    request: Request, caller: Officer, connection: Reading, examination_id: UUID, confirmation: DepartureConfirmationIn
) -> Response:
    """Confirm another officer's departure from a ruling."""
    step, found = await _changing(request, connection, caller, examination_id)
    if isinstance(found, Response):
        return found
    return await once(connection, step.attempt, confirm_departure(step, connection, found, confirmation))


@router.get("/{examination_id}/history", response_model=ListOfExaminations)
async def read_history(
    request: Request,
    response: Response,
    caller: Officer,
    connection: Reading,
    examination_id: UUID,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Earlier and later examinations of the same traveller at every port, newest first.

    Found by the document shown and by name with birth date; only from an examination at the caller's port, and every
    reading leaves an audit entry.
    """
    before = decode_cursor(cursor, 1)
    examination = await load_examination(connection, str(examination_id), caller)
    rows = await look_up_history(
        request.app.state.ledger,
        connection,
        examination,
        caller,
        before=before[0] if before else None,
        limit=limit,
        at=now_of(request),
    )
    return await _page(request, response, connection, rows, limit)


@router.get(
    "/{examination_id}/notice",
    response_class=Response,
    responses={200: {"content": {"text/html": {}, "application/pdf": {}}, "description": "The notice"}},
)
async def read_notice(
    request: Request,
    caller: Officer,
    connection: Reading,
    examination_id: UUID,
    format: Annotated[NoticeFormat, Query(description="page for a screen, or PDF/UA document")] = NoticeFormat.HTML,
) -> Response:
    """The notice of a refusal or withdrawal: requirements not met, citations, evidence seen, cure and redress.

    In the language of ``Accept-Language``, else in the traveller's.
    """
    examination = await load_examination(connection, str(examination_id), caller)
    determination = await determination_of(request.app.state.lawbook, connection, examination)
    port = await port_of_caller(request, connection, caller)
    language = language_of(request) if "accept-language" in request.headers else examination.opened.language
    settings = request.app.state.settings
    return await give_notice(examination, determination, port, language, format, settings.redress_address)
