"""Routes by which cases are decided, and of what follows a decision."""

from uuid import UUID

from fastapi import APIRouter, Response
from starlette.requests import Request

from crossing.kit.strict_json import StrictRoute
from redress.desk import after, deciding
from redress.desk.common import STEP, Caseworker, Reading, change
from redress.desk.out_schemas import CaseOut
from redress.desk.schemas import CorrectionIn, DraftIn, FastFixIn, NotationIn, NoteIn, PanelIn, ReasonIn, ReviewIn

router = APIRouter(prefix="/v1/cases/{case_id}", tags=["deciding"], route_class=StrictRoute)


@router.put("/draft", response_model=CaseOut, openapi_extra=STEP)
async def put_draft(
    request: Request, caller: Caseworker, connection: Reading, case_id: UUID, given: DraftIn
) -> Response:
    """Draft the decision; the answer's draft has what the eleven checks find in its letter."""
    return await change(request, connection, caller, case_id, lambda act, case: deciding.draft(act, case, given))


@router.post("/decision", response_model=CaseOut, openapi_extra=STEP)
async def post_decision(request: Request, caller: Caseworker, connection: Reading, case_id: UUID) -> Response:
    """Decide as drafted; refused while a check of the letter fires, and to whoever took part before."""
    return await change(request, connection, caller, case_id, deciding.decide)


@router.post("/fast-fix", response_model=CaseOut, openapi_extra=STEP)
async def post_fast_fix(
    request: Request, caller: Caseworker, connection: Reading, case_id: UUID, given: FastFixIn
) -> Response:
    """Decide at once on a clerical error that a document proves."""
    return await change(request, connection, caller, case_id, lambda act, case: deciding.fast_fix(act, case, given))


@router.post("/correction", response_model=CaseOut, openapi_extra=STEP)
async def post_correction(
    request: Request, caller: Caseworker, connection: Reading, case_id: UUID, given: CorrectionIn
) -> Response:
    """Order the correction that was granted; or anew, once the records were read again."""
    return await change(request, connection, caller, case_id, lambda act, case: after.correct(act, case, given))


@router.post("/notation", response_model=CaseOut, openapi_extra=STEP)
async def post_notation(
    request: Request, caller: Caseworker, connection: Reading, case_id: UUID, given: NotationIn
) -> Response:
    """Put the traveller's statement beside a record whose correction was refused."""
    return await change(request, connection, caller, case_id, lambda act, case: after.notate(act, case, given))


@router.post("/notes", response_model=CaseOut, openapi_extra=STEP)
async def post_note(
    request: Request, caller: Caseworker, connection: Reading, case_id: UUID, given: NoteIn
) -> Response:
    """Write something down for the others at the desk."""
    return await change(request, connection, caller, case_id, lambda act, case: after.note(act, case, given))


@router.post("/remedy-review", response_model=CaseOut, openapi_extra=STEP)
async def post_remedy_review(
    request: Request, caller: Caseworker, connection: Reading, case_id: UUID, given: ReviewIn
) -> Response:
    """Let a remedy hold on that was due for review; the time to its next review begins."""
    return await change(request, connection, caller, case_id, lambda act, case: after.confirm_remedy(act, case, given))


@router.post("/late-appeal", response_model=CaseOut, openapi_extra=STEP)
async def post_late_appeal(
    request: Request, caller: Caseworker, connection: Reading, case_id: UUID, given: ReasonIn
) -> Response:
    """Let an appeal be filed after its last day, for a reason."""
    return await change(
        request, connection, caller, case_id, lambda act, case: after.accept_late_reason(act, case, given)
    )


@router.post("/panel", response_model=CaseOut, openapi_extra=STEP)
async def post_panel(
    request: Request, caller: Caseworker, connection: Reading, case_id: UUID, given: PanelIn
) -> Response:
    """Seat the panel of an appeal, none of whom took part before."""
    return await change(request, connection, caller, case_id, lambda act, case: after.seat_panel(act, case, given))


@router.post("/appeal-decision", response_model=CaseOut, openapi_extra=STEP)
async def post_appeal_decision(request: Request, caller: Caseworker, connection: Reading, case_id: UUID) -> Response:
    """Decide an appeal as its panel drafted it."""
    return await change(request, connection, caller, case_id, deciding.decide_appeal)
