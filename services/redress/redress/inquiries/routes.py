"""Routes of whoever files an inquiry, and of whoever opens one by its number and secret."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from starlette.requests import Request

from crossing.kit.etag import etag
from crossing.kit.identity import Caller, open_to_anyone
from crossing.kit.json_text import JsonAnswer
from crossing.kit.once import opened_once
from crossing.kit.strict_json import StrictRoute
from crossing.kit.uploads import form_with
from redress.casework.act import act_of
from redress.inquiries.act_as_traveller import answer, appeal, event_of_appeal, extend, reopen, withdraw
from redress.inquiries.common import OPENING, STEP, Reading, Shown, change, no_consent, opened
from redress.inquiries.correct import correct, event_of
from redress.inquiries.evidence import ADD, add_document, give_document
from redress.inquiries.file_inquiry import file_inquiry, with_secret
from redress.inquiries.out_schemas import FiledOut, InquiryOut, RecoveryOut
from redress.inquiries.queries import documents_of
from redress.inquiries.recovery import ask_for_the_way_back
from redress.inquiries.represent import end_representation, name_representative
from redress.inquiries.schemas import (
    AnswersIn,
    AppealIn,
    ChangesIn,
    InquiryIn,
    RecoveryIn,
    RepresentativeIn,
    SubmissionIn,
)
from redress.inquiries.submit import submit
from redress.inquiries.tell import tell_inquiry
from redress.letters.give import LetterFormat, give, letter_of

router = APIRouter(prefix="/v1", tags=["inquiries"], route_class=StrictRoute)
_FORM = form_with({"kind": {"type": "string"}}, required=["kind"])
DocumentNumber = Annotated[int, Path(ge=1, le=1_000)]
#: Who files has no account: a repeat is known by its key and its body.
_ANYONE = Caller("anyone", frozenset(), None, None, 0)


@router.post(
    "/inquiries",
    response_model=FiledOut,
    status_code=201,
    dependencies=[Depends(open_to_anyone)],
    openapi_extra=OPENING,
)
async def post_inquiry(request: Request, connection: Reading, inquiry: InquiryIn) -> Response:
    """File an inquiry, or keep a draft. The number is given at once; the secret goes to the e-mail address, if any."""
    state = request.app.state
    address = f"address/{request.client.host if request.client else 'unknown'}"
    state.filings.require_open(address)
    state.filings.count(address)
    act = await act_of(request, connection, _ANYONE, frozenset({inquiry.filed_by}), at_desk=False)
    path = request.url.path.removesuffix("inquiries") + "inquiry"
    filed = await opened_once(state.engine, act.attempt, file_inquiry(act, inquiry, path))
    return await with_secret(state, connection, filed) if "idempotency-replayed" in filed.headers else filed


@router.post("/recovery", response_model=RecoveryOut, status_code=202, dependencies=[Depends(open_to_anyone)])
async def post_recovery(request: Request, given: RecoveryIn) -> Response:
    """Ask for the way back to an inquiry. The answer is the same whether there is one or not."""
    return await ask_for_the_way_back(request, given)


@router.get("/inquiry", response_model=InquiryOut)
async def read_inquiry(request: Request, access: Shown, connection: Reading) -> Response:
    """An inquiry in words: where it stands, what happens now, who acts, by when, and what can be done."""
    act, case, reader = await opened(request, connection, access)
    documents = await documents_of(connection, case.id)
    told = tell_inquiry(case, reader, at=act.at, language=act.language, documents=documents)
    return JsonAnswer(told, 200, {"ETag": etag(case.latest.revision)})


@router.patch("/inquiry", response_model=InquiryOut, openapi_extra=STEP)
async def patch_inquiry(request: Request, access: Shown, connection: Reading, changes: ChangesIn) -> Response:
    """Fill in a draft, or correct what was said; each part given takes the place of the one before."""
    return await change(request, connection, access, event_of, lambda act, case: correct(act, case, changes))


@router.post("/inquiry/submission", response_model=InquiryOut, openapi_extra=STEP)
async def post_submission(request: Request, access: Shown, connection: Reading, given: SubmissionIn) -> Response:
    """Send a draft; the answer says whether it is complete, and which documents this complaint still needs."""
    return await change(request, connection, access, "submit", lambda act, case: submit(act, case, given))


@router.post(
    "/inquiry/evidence", response_model=InquiryOut, status_code=201, openapi_extra={**STEP, "requestBody": _FORM}
)
async def post_evidence(request: Request, access: Shown, connection: Reading) -> Response:
    """Add a document: a form with the ``file`` and its ``kind``."""
    return await change(request, connection, access, ADD, lambda act, case: add_document(act, request, case))


@router.get(
    "/inquiry/evidence/{number}",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The document as it was sent"}},
)
async def read_evidence(request: Request, access: Shown, connection: Reading, number: DocumentNumber) -> Response:
    """A document that was sent."""
    act, case, reader = await opened(request, connection, access)
    return await give_document(act, case, number, reader)


@router.post("/inquiry/answers", response_model=InquiryOut, openapi_extra=STEP)
async def post_answers(request: Request, access: Shown, connection: Reading, given: AnswersIn) -> Response:
    """Answer what the adjudicator asks."""
    return await change(request, connection, access, "answer", lambda act, case: answer(act, case, given))


@router.post("/inquiry/extension", response_model=InquiryOut, openapi_extra=STEP)
async def post_extension(request: Request, access: Shown, connection: Reading) -> Response:
    """Ask, once, for more time to send documents."""
    return await change(request, connection, access, "extend", extend)


@router.post("/inquiry/withdrawal", response_model=InquiryOut, openapi_extra=STEP)
async def post_withdrawal(request: Request, access: Shown, connection: Reading) -> Response:
    """Withdraw; nothing is concluded from it."""
    return await change(request, connection, access, "withdraw", withdraw)


@router.post("/inquiry/reopening", response_model=InquiryOut, openapi_extra=STEP)
async def post_reopening(request: Request, access: Shown, connection: Reading) -> Response:
    """Open again what was closed for want of documents."""
    return await change(request, connection, access, "reopen", reopen)


@router.post("/inquiry/appeal", response_model=InquiryOut, openapi_extra=STEP)
async def post_appeal(request: Request, access: Shown, connection: Reading, given: AppealIn) -> Response:
    """Appeal to the panel; after the last day, with the reason why it is late."""
    at = request.app.state.clock()
    return await change(
        request,
        connection,
        access,
        lambda case: event_of_appeal(case, given, at),
        lambda act, case: appeal(act, case, given),
    )


@router.get(
    "/inquiry/letter",
    response_class=Response,
    responses={200: {"content": {"application/json": {}, "text/html": {}, "application/pdf": {}}}},
)
async def read_letter(
    request: Request,
    access: Shown,
    connection: Reading,
    format: Annotated[LetterFormat, Query()] = LetterFormat.JSON,
) -> Response:
    """The letter with the decision and its reasons, once there is one to read."""
    act, case, reader = await opened(request, connection, access)
    if not reader.reads("letter") or not reader.hears_all:
        raise no_consent()
    return await give(letter_of(case, await documents_of(connection, case.id), act.at), format)


@router.put("/inquiry/representative", response_model=InquiryOut, openapi_extra=STEP)
async def put_representative(request: Request, access: Shown, connection: Reading, given: RepresentativeIn) -> Response:
    """Name a representative, in place of any other; a secret of their own goes to them by mail."""
    return await change(
        request, connection, access, "grant_consent", lambda act, case: name_representative(act, case, given)
    )


@router.delete("/inquiry/representative", response_model=InquiryOut, openapi_extra=STEP)
async def delete_representative(request: Request, access: Shown, connection: Reading) -> Response:
    """End the representation, at once."""
    return await change(request, connection, access, "revoke_consent", end_representation)
