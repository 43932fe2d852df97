"""Routes of applications for those who apply, and for whoever may read them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response
from starlette.requests import Request

from advance_ruling.applications import queries
from advance_ruling.applications.act import act_of, seen, told_of
from advance_ruling.applications.answer import answer
from advance_ruling.applications.common import STEP, Applicant, Reader, Reading, change
from advance_ruling.applications.evidence import add_document, give_document
from advance_ruling.applications.list_applications import list_page
from advance_ruling.applications.out_schemas import (
    ApplicationOut,
    LateStatistics,
    ListOfApplications,
    ListOfDocuments,
)
from advance_ruling.applications.review import request_review, withdraw
from advance_ruling.applications.save_draft import save_draft
from advance_ruling.applications.schemas import DraftIn
from advance_ruling.applications.step_schemas import AnswersIn, ReasonIn, SubmissionIn
from advance_ruling.applications.submit import submit
from advance_ruling.applications.tell import tell_document
from crossing.desk.case import ClassId, CountryOfAdmission
from crossing.kit.etag import etag
from crossing.kit.identity import open_to_anyone
from crossing.kit.json_text import JsonAnswer
from crossing.kit.languages import language_of
from crossing.kit.paging import Cursor, Limit
from crossing.kit.strict_json import StrictRoute
from crossing.kit.uploads import form_with
from crossing.rulings.procedure import load_procedure

router = APIRouter(prefix="/v1", tags=["applications"], route_class=StrictRoute)
State = Annotated[str | None, Query(pattern=f"^({'|'.join(load_procedure().states)})$")]
_FIELDS = {"kind": {"type": "string"}, "requirements": {"type": "array", "items": {"type": "string"}}}
_FORM = form_with(_FIELDS, required=["kind"])
DocumentNumber = Annotated[int, Path(ge=1, le=1_000_000)]


@router.get("/applications", response_model=ListOfApplications)
async def list_applications(
    request: Request,
    response: Response,
    caller: Reader,
    connection: Reading,
    state: State = None,
    class_id: Annotated[ClassId | None, Query(alias="class")] = None,
    into: CountryOfAdmission | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Applications, newest first: the caller's own, or for an adjudicator those of the queue."""
    act = await act_of(request, connection, caller)
    only = {"state": state, "class_id": class_id, "into": into}
    return await list_page(act, request, response, only, limit, cursor)


@router.get("/applications/{application_id}", response_model=ApplicationOut)
async def read_application(request: Request, caller: Reader, connection: Reading, application_id: UUID) -> Response:
    """An application in words: where it stands, what happens now, who acts, by when, what can be done, and why."""
    act = await act_of(request, connection, caller)
    application, _ = await seen(act, application_id)
    return JsonAnswer(await told_of(act, application), 200, {"ETag": etag(application.latest.revision)})


@router.patch("/applications/{application_id}", response_model=ApplicationOut, openapi_extra=STEP)
async def patch_application(
    request: Request, caller: Applicant, connection: Reading, application_id: UUID, draft: DraftIn
) -> Response:
    """Save a draft. What is given is laid over what it says; null takes back."""
    return await change(
        request, connection, caller, application_id, lambda act, found: save_draft(act, found, draft), at_desk=False
    )


@router.post("/applications/{application_id}/submission", response_model=ApplicationOut, openapi_extra=STEP)
async def post_submission(
    request: Request, caller: Applicant, connection: Reading, application_id: UUID, submission: SubmissionIn
) -> Response:
    """Submit with the statement of truth; the answer says whether it is complete, and what cures what is missing."""
    return await change(
        request, connection, caller, application_id, lambda act, found: submit(act, found, submission), at_desk=False
    )


@router.post("/applications/{application_id}/answers", response_model=ApplicationOut, openapi_extra=STEP)
async def post_answers(
    request: Request, caller: Applicant, connection: Reading, application_id: UUID, answers: AnswersIn
) -> Response:
    """Supply what is missing, answer questions, or answer a proposed denial."""
    return await change(
        request, connection, caller, application_id, lambda act, found: answer(act, found, answers), at_desk=False
    )


@router.post("/applications/{application_id}/withdrawal", response_model=ApplicationOut, openapi_extra=STEP)
async def post_withdrawal(request: Request, caller: Applicant, connection: Reading, application_id: UUID) -> Response:
    """Withdraw; nothing is concluded from it."""
    return await change(request, connection, caller, application_id, withdraw, at_desk=False)


@router.post("/applications/{application_id}/review-request", response_model=ApplicationOut, openapi_extra=STEP)
async def post_review_request(
    request: Request, caller: Applicant, connection: Reading, application_id: UUID, given: ReasonIn
) -> Response:
    """Ask for a review by another adjudicator."""
    return await change(
        request, connection, caller, application_id, lambda act, found: request_review(act, found, given), at_desk=False
    )


@router.post(
    "/applications/{application_id}/evidence",
    response_model=ApplicationOut,
    status_code=201,
    openapi_extra={**STEP, "requestBody": _FORM},
)
async def post_evidence(request: Request, caller: Applicant, connection: Reading, application_id: UUID) -> Response:
    """Add a document: a form with the ``file``, its ``kind`` and the ``requirements`` that it is to show."""
    return await change(
        request, connection, caller, application_id, lambda act, found: add_document(act, request, found), at_desk=False
    )


@router.get("/applications/{application_id}/evidence", response_model=ListOfDocuments)
async def list_evidence(request: Request, caller: Reader, connection: Reading, application_id: UUID) -> dict[str, Any]:
    """The documents of an application."""
    act = await act_of(request, connection, caller)
    application, _ = await seen(act, application_id)
    rows = await queries.documents_of(connection, application.opened.id)
    return {"documents": [tell_document(row._asdict(), language_of(request)) for row in rows]}


@router.get(
    "/applications/{application_id}/evidence/{number}",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The document as it was sent"}},
)
async def read_evidence(
    request: Request, caller: Reader, connection: Reading, application_id: UUID, number: DocumentNumber
) -> Response:
    """A document, for its owner and for the desk."""
    act = await act_of(request, connection, caller)
    application, _ = await seen(act, application_id)
    return await give_document(act, application, number)


@router.get("/statistics/late", response_model=LateStatistics, dependencies=[Depends(open_to_anyone)])
async def read_late(connection: Reading) -> dict[str, Any]:
    """How often the law's last day for deciding was passed, by class and direction only."""
    rows = await queries.late_by_class(connection)
    return {"late": [{"into": row.into, "class": row.class_id, "count": row.count} for row in rows]}
