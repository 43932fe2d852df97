"""Routes by which caseworkers find and read cases, and lead them to a decision."""

from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from starlette.requests import Request

from crossing.kit.etag import etag
from crossing.kit.json_text import JsonAnswer
from crossing.kit.languages import language_of
from crossing.kit.paging import Cursor, Limit, decode_cursor, encode_cursor, link_next
from crossing.kit.strict_json import StrictRoute
from redress.casework.staff import desk_of
from redress.casework.steps import load_case
from redress.casework.tell import tell_case
from redress.desk import records, routing
from redress.desk.common import STEP, Caseworker, Reading, at_desk, change
from redress.desk.evidence import documents_of
from redress.desk.out_schemas import CaseOut, ListOfCases
from redress.desk.queue import page_of_cases, tell_head
from redress.desk.schemas import (
    AssignmentIn,
    ComponentAnswerIn,
    QuestionsIn,
    ReasonIn,
    RecordsIn,
    ReferralIn,
    RoutingIn,
)
from redress.letters.give import LetterFormat, give, letter_of
from redress.procedure import load_procedure

router = APIRouter(prefix="/v1/cases", tags=["cases"], route_class=StrictRoute)
if TYPE_CHECKING:
    State = str
    Priority = str
else:
    State = Literal[tuple(load_procedure().states)]
    Priority = Literal[tuple(load_procedure().content["priorities"])]


@router.get("", response_model=ListOfCases)
async def list_cases(
    request: Request,
    response: Response,
    caller: Caseworker,
    connection: Reading,
    state: Annotated[State | None, Query()] = None,
    priority: Annotated[Priority | None, Query()] = None,
    unit: Annotated[str | None, Query(max_length=64)] = None,
    mine: Annotated[bool, Query(description="only those assigned to the caller")] = False,
    due_before: Annotated[str | None, Query(pattern=r"^\d{4}-\d{2}-\d{2}$", description="ISO day, UTC")] = None,
    review_due: Annotated[bool, Query(description="those of which a remedy waits for review, open or not")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Open cases, those first that are due first."""
    await desk_of(connection, caller)
    only = {"state": state, "priority": priority, "unit": unit, "assigned_to": caller.subject if mine else None}
    after = decode_cursor(cursor, 2)
    rows = await page_of_cases(connection, only, due_before=due_before, review_due=review_due, after=after, limit=limit)
    last = rows[limit - 1] if len(rows) > limit else None
    following = encode_cursor([last.due_at, last.case_id]) if last else None
    link_next(request, response, following)
    at, language = request.app.state.clock(), language_of(request)
    return {"cases": [tell_head(row, at, language) for row in rows[:limit]], "next": following}


@router.get("/{case_id}", response_model=CaseOut)
async def read_case(request: Request, caller: Caseworker, connection: Reading, case_id: UUID) -> Response:
    """A case in full, with everything that happened to it."""
    act = await at_desk(request, connection, caller)
    case = await load_case(connection, str(case_id))
    documents = await documents_of(connection, case.id)
    told = tell_case(case, at=act.at, language=act.language, documents=documents)
    return JsonAnswer(told, 200, {"ETag": etag(case.latest.revision)})


@router.get(
    "/{case_id}/letter",
    response_class=Response,
    responses={200: {"content": {"application/json": {}, "text/html": {}, "application/pdf": {}}}},
)
async def read_letter(
    request: Request,
    caller: Caseworker,
    connection: Reading,
    case_id: UUID,
    format: Annotated[LetterFormat, Query()] = LetterFormat.JSON,
) -> Response:
    """The letter as its reader gets it, in the language of the application; before it is shown, as it will be."""
    await desk_of(connection, caller)
    case = await load_case(connection, str(case_id))
    return await give(letter_of(case, await documents_of(connection, case.id), None), format)


@router.post("/{case_id}/records", response_model=CaseOut, openapi_extra=STEP)
async def post_records(
    request: Request, caller: Caseworker, connection: Reading, case_id: UUID, given: RecordsIn
) -> Response:
    """Ask admission anew what its records hold of the traveller, and who acted on them."""
    return await change(request, connection, caller, case_id, lambda act, case: records.read_records(act, case, given))


@router.post("/{case_id}/routing", response_model=CaseOut, openapi_extra=STEP)
async def post_routing(
    request: Request, caller: Caseworker, connection: Reading, case_id: UUID, given: RoutingIn
) -> Response:
    """Send a case to the body that owns the record."""
    return await change(request, connection, caller, case_id, lambda act, case: routing.route(act, case, given))


@router.post("/{case_id}/component-answer", response_model=CaseOut, openapi_extra=STEP)
async def post_component_answer(
    request: Request, caller: Caseworker, connection: Reading, case_id: UUID, given: ComponentAnswerIn
) -> Response:
    """Say, for the body that owns the record, what it holds; that body decides nothing."""
    return await change(
        request, connection, caller, case_id, lambda act, case: routing.answer_for_component(act, case, given)
    )


@router.post("/{case_id}/extension", response_model=CaseOut, openapi_extra=STEP)
async def post_extension(
    request: Request, caller: Caseworker, connection: Reading, case_id: UUID, given: ReasonIn
) -> Response:
    """Take the further time that a body may have once."""
    return await change(request, connection, caller, case_id, lambda act, case: routing.extend(act, case, given))


@router.post("/{case_id}/assignment", response_model=CaseOut, openapi_extra=STEP)
async def post_assignment(
    request: Request, caller: Caseworker, connection: Reading, case_id: UUID, given: AssignmentIn
) -> Response:
    """Give a case to an adjudicator who took no part in what it is about."""
    return await change(request, connection, caller, case_id, lambda act, case: routing.assign(act, case, given))


@router.post("/{case_id}/questions", response_model=CaseOut, openapi_extra=STEP)
async def post_questions(
    request: Request, caller: Caseworker, connection: Reading, case_id: UUID, given: QuestionsIn
) -> Response:
    """Ask the traveller, at most twice; the clock stands still until the answer."""
    return await change(request, connection, caller, case_id, lambda act, case: routing.ask(act, case, given))


@router.post("/{case_id}/referral", response_model=CaseOut, openapi_extra=STEP)
async def post_referral(
    request: Request, caller: Caseworker, connection: Reading, case_id: UUID, given: ReferralIn
) -> Response:
    """Say which body an inquiry is for that redress cannot take up."""
    return await change(request, connection, caller, case_id, lambda act, case: routing.refer(act, case, given))
