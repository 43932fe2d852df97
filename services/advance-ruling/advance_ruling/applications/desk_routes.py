"""Routes of applications for those who decide."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.requests import Request

from advance_ruling.applications import decide, find
from advance_ruling.applications.act import act_of, seen
from advance_ruling.applications.assign import assign
from advance_ruling.applications.common import STEP, Adjudicator, Reading, change
from advance_ruling.applications.out_schemas import ApplicationOut, ListOfPrecedents
from advance_ruling.applications.step_schemas import (
    AssignmentIn,
    DeclinationIn,
    DeficiencyIn,
    DenialProposalIn,
    FindingsIn,
    PrecedentsIn,
    QuestionsIn,
    SecondReadingIn,
)
from crossing.kit.strict_json import StrictRoute

router = APIRouter(prefix="/v1/applications/{application_id}", tags=["deciding"], route_class=StrictRoute)


@router.post("/assignment", response_model=ApplicationOut, openapi_extra=STEP)
async def post_assignment(
    request: Request, caller: Adjudicator, connection: Reading, application_id: UUID, given: AssignmentIn
) -> Response:
    """Take an application, or give it to another adjudicator who has no conflict of interest."""
    return await change(
        request, connection, caller, application_id, lambda act, found: assign(act, found, given), at_desk=True
    )


@router.put("/findings", response_model=ApplicationOut, openapi_extra=STEP)
async def put_findings(
    request: Request, caller: Adjudicator, connection: Reading, application_id: UUID, given: FindingsIn
) -> Response:
    """Record findings with reasons, of what only a person can judge; null takes one back."""
    return await change(
        request,
        connection,
        caller,
        application_id,
        lambda act, found: find.record_findings(act, found, given),
        at_desk=True,
    )


@router.post("/questions", response_model=ApplicationOut, openapi_extra=STEP)
async def post_questions(
    request: Request, caller: Adjudicator, connection: Reading, application_id: UUID, given: QuestionsIn
) -> Response:
    """Ask the applicant; each question cites the requirement that it tests."""
    return await change(
        request, connection, caller, application_id, lambda act, found: find.ask(act, found, given), at_desk=True
    )


@router.get("/precedents", response_model=ListOfPrecedents)
async def read_precedents(
    request: Request, caller: Adjudicator, connection: Reading, application_id: UUID
) -> dict[str, Any]:
    """Rulings on an equal pattern of facts."""
    act = await act_of(request, connection, caller)
    application, _ = await seen(act, application_id)
    return {"precedents": await find.list_precedents(act, application)}


@router.put("/precedents", response_model=ApplicationOut, openapi_extra=STEP)
async def put_precedents(
    request: Request, caller: Adjudicator, connection: Reading, application_id: UUID, given: PrecedentsIn
) -> Response:
    """Say of each precedent whether it is followed, or why the case is another."""
    return await change(
        request,
        connection,
        caller,
        application_id,
        lambda act, found: find.answer_precedents(act, found, given),
        at_desk=True,
    )


@router.post("/issuance", response_model=ApplicationOut, openapi_extra=STEP)
async def post_issuance(request: Request, caller: Adjudicator, connection: Reading, application_id: UUID) -> Response:
    """Issue the ruling."""
    return await change(request, connection, caller, application_id, decide.issue, at_desk=True)


@router.post("/denial-proposal", response_model=ApplicationOut, openapi_extra=STEP)
async def post_denial_proposal(
    request: Request, caller: Adjudicator, connection: Reading, application_id: UUID, given: DenialProposalIn
) -> Response:
    """Lay reasons for a denial before a second reader."""
    return await change(
        request,
        connection,
        caller,
        application_id,
        lambda act, found: decide.draft_denial(act, found, given),
        at_desk=True,
    )


@router.post("/second-reading", response_model=ApplicationOut, openapi_extra=STEP)
async def post_second_reading(
    request: Request, caller: Adjudicator, connection: Reading, application_id: UUID, given: SecondReadingIn
) -> Response:
    """Agree or disagree as second reader; with agreement the denial is proposed to the applicant."""
    return await change(
        request,
        connection,
        caller,
        application_id,
        lambda act, found: decide.read_again(act, found, given),
        at_desk=True,
    )


@router.post("/denial", response_model=ApplicationOut, openapi_extra=STEP)
async def post_denial(request: Request, caller: Adjudicator, connection: Reading, application_id: UUID) -> Response:
    """Confirm a denial once the applicant's answer was heard."""
    return await change(request, connection, caller, application_id, decide.confirm_denial, at_desk=True)


@router.post("/deficiency", response_model=ApplicationOut, openapi_extra=STEP)
async def post_deficiency(
    request: Request, caller: Adjudicator, connection: Reading, application_id: UUID, given: DeficiencyIn
) -> Response:
    """Return an application that waits for a first look, with what is missing and what cures it."""
    return await change(
        request,
        connection,
        caller,
        application_id,
        lambda act, found: decide.return_incomplete(act, found, given),
        at_desk=True,
    )


@router.post("/declination", response_model=ApplicationOut, openapi_extra=STEP)
async def post_declination(
    request: Request, caller: Adjudicator, connection: Reading, application_id: UUID, given: DeclinationIn
) -> Response:
    """Decline to take an application up, on a ground of the closed list; nothing is said of its merits."""
    return await change(
        request, connection, caller, application_id, lambda act, found: decide.decline(act, found, given), at_desk=True
    )
