"""Routes by which holders and authorities act on rulings."""

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from advance_ruling.covered import NumberTaken
from advance_ruling.rulings import changes
from advance_ruling.rulings.access import (
    Authority,
    Holder,
    require_authority,
    require_holder,
)
from advance_ruling.rulings.changes import Acting
from advance_ruling.rulings.load import Ruling, load_ruling
from advance_ruling.rulings.numbers import NUMBER
from advance_ruling.rulings.schemas import (
    AdoptionIn,
    CommentIn,
    DropIn,
    PostponementIn,
    ProposalIn,
    ResumptionIn,
    RevocationIn,
    ShortChangeIn,
    StepTaken,
    SuspensionIn,
    UpdateBegun,
)
from advance_ruling.rulings.supersede import begun_again
from advance_ruling.steps import record
from crossing.kit.database import reading
from crossing.kit.etag import IF_MATCH, etag, require_match
from crossing.kit.idempotency import IDEMPOTENCY_KEY, Attempt, attempt_of, first_answer
from crossing.kit.identity import Caller
from crossing.kit.json_text import JsonAnswer
from crossing.kit.ledger import Insert, Ledger
from crossing.kit.once import once
from crossing.kit.strict_json import StrictRoute

router = APIRouter(prefix="/v1/rulings", tags=["rulings"], route_class=StrictRoute)
Reading = Annotated[AsyncConnection, Depends(reading)]
RulingNumber = Annotated[str, Path(pattern=NUMBER)]
_STEP: dict[str, Any] = {"parameters": [IF_MATCH, IDEMPOTENCY_KEY]}


@router.post("/{number}/change-proposals", response_model=StepTaken, openapi_extra=_STEP)
async def propose_change(
    request: Request, caller: Authority, connection: Reading, number: RulingNumber, proposal: ProposalIn
) -> Response:
    """Propose to modify or revoke a ruling, on a ground of the procedure's list; its holder may comment."""
    return await _act(
        request, caller, connection, number, require_authority, lambda acting: changes.propose(acting, proposal)
    )


@router.post("/{number}/comments", response_model=StepTaken, openapi_extra=_STEP)
async def post_comment(
    request: Request, caller: Holder, connection: Reading, number: RulingNumber, comment: CommentIn
) -> Response:
    """Comment on a proposal, as its holder."""
    return await _act(
        request, caller, connection, number, require_holder, lambda acting: changes.comment(acting, comment.text)
    )


@router.post("/{number}/adoption", response_model=StepTaken, openapi_extra=_STEP)
async def adopt_proposal(
    request: Request, caller: Authority, connection: Reading, number: RulingNumber, adoption: AdoptionIn
) -> Response:
    """Adopt a proposal once its comments are in; what was issued binds until the change has effect."""
    return await _act(
        request, caller, connection, number, require_authority, lambda acting: changes.adopt(acting, adoption)
    )


@router.post("/{number}/drop", response_model=StepTaken, openapi_extra=_STEP)
async def drop_proposal(
    request: Request, caller: Authority, connection: Reading, number: RulingNumber, drop: DropIn
) -> Response:
    """Drop a proposal: the ruling stays as it is."""
    detail = drop.model_dump()
    return await _act(request, caller, connection, number, require_authority, _plain("drop", None, detail=detail))


@router.post("/{number}/short-change", response_model=StepTaken, openapi_extra=_STEP)
async def change_by_letter(
    request: Request, caller: Authority, connection: Reading, number: RulingNumber, change: ShortChangeIn
) -> Response:
    """Change a young ruling by letter to its holder, without a proposal."""
    return await _act(
        request, caller, connection, number, require_authority, lambda acting: changes.change_by_letter(acting, change)
    )


@router.post("/{number}/postponement", response_model=StepTaken, openapi_extra=_STEP)
async def postpone_effect(
    request: Request, caller: Authority, connection: Reading, number: RulingNumber, postponement: PostponementIn
) -> Response:
    """Postpone the effect of a change for a holder who relied on the ruling in good faith."""
    return await _act(
        request, caller, connection, number, require_authority, lambda acting: changes.postpone(acting, postponement)
    )


@router.post("/{number}/suspension", response_model=StepTaken, openapi_extra=_STEP)
async def suspend_ruling(
    request: Request, caller: Authority, connection: Reading, number: RulingNumber, suspension: SuspensionIn
) -> Response:
    """Suspend a ruling on a ground of the procedure's list; it resumes by itself."""
    way = _plain("suspend", "ruling.suspended", detail=suspension.model_dump(), ground=suspension.ground)
    return await _act(request, caller, connection, number, require_authority, way)


@router.post("/{number}/resumption", response_model=StepTaken, openapi_extra=_STEP)
async def resume_ruling(
    request: Request, caller: Authority, connection: Reading, number: RulingNumber, resumption: ResumptionIn
) -> Response:
    """End a suspension."""
    way = _plain("resume", "ruling.resumed", detail=resumption.model_dump())
    return await _act(request, caller, connection, number, require_authority, way)


@router.post(
    "/{number}/update", status_code=201, response_model=UpdateBegun, openapi_extra={"parameters": [IDEMPOTENCY_KEY]}
)
async def begin_update(request: Request, caller: Holder, connection: Reading, number: RulingNumber) -> Response:
    """Begin an application on changed facts from the one ruled on; the ruling binds until the new one is issued."""
    attempt = await attempt_of(request, caller)
    ruling = await load_ruling(connection, number)
    party = require_holder(ruling, caller)
    earlier = await first_answer(connection, attempt)
    if earlier:
        return earlier
    rows = begun_again(ruling, caller.subject, party, request.app.state.clock())
    identifier = rows[0].values["id"]
    told = {"application": identifier, "replaces": number}
    answer = JsonAnswer(told, 201, {"Location": f"{request.scope.get('root_path', '')}/v1/applications/{identifier}"})
    return await once(connection, attempt, _recorded(request.app.state.ledger, rows, attempt, answer))


@router.post("/{number}/revocation", response_model=StepTaken, openapi_extra=_STEP)
async def revoke_ruling(
    request: Request, caller: Authority, connection: Reading, number: RulingNumber, revocation: RevocationIn
) -> Response:
    """Revoke a ruling that false or misleading information brought about, after hearing its holder."""
    return await _act(
        request,
        caller,
        connection,
        number,
        require_authority,
        lambda acting: changes.revoke_for_falsehood(acting, revocation),
    )


def _plain(name: str, event: str | None, **parts: Any) -> Callable[[Acting], Awaitable[list[Insert]]]:
    """A way that is a step and nothing else."""

    async def way(acting: Acting) -> list[Insert]:
        return acting.rows(acting.step(name, **parts), event)

    return way


async def _act(
    request: Request,
    caller: Caller,
    connection: AsyncConnection,
    number: str,
    party_of: Callable[[Ruling, Caller], str],
    way: Callable[[Acting], Awaitable[list[Insert]]],
) -> Response:
    """Do something with a ruling as its caller read it; answers with the step taken."""
    state = request.app.state
    attempt = await attempt_of(request, caller)
    ruling = await load_ruling(connection, number)
    party = party_of(ruling, caller)
    earlier = await first_answer(connection, attempt)
    if earlier:
        return earlier
    require_match(request, ruling.application.latest.revision)
    while True:
        rows = await way(Acting(state, connection, ruling, party, caller.subject, state.clock()))
        answer = _step_taken(number, rows)
        try:
            return await once(connection, attempt, _recorded(state.ledger, rows, attempt, answer))
        except NumberTaken:
            await connection.rollback()  # to see the number that another change took meanwhile


async def _recorded(ledger: Ledger, rows: Sequence[Insert], attempt: Attempt | None, answer: Response) -> Response:
    covered = [row for row in rows if row.table != "jobs"]
    beside = [row for row in rows if row.table == "jobs"]
    await record(ledger, covered, beside=beside, attempt=attempt, answer=answer)
    return answer


def _step_taken(number: str, rows: Sequence[Insert]) -> Response:
    revision = rows[0].values
    content = json.loads(revision["content"])
    told = {name: revision[name] for name in ("revision", "event", "state", "at", "due_at")}
    told |= {"number": number, "effective_from": content["effective_from"]}
    return JsonAnswer(told, 200, {"ETag": etag(revision["revision"])})
