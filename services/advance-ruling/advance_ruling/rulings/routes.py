"""Routes of rulings for their holders, the adjudicators and the authorities."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import HTMLResponse

from advance_ruling.covered import NumberTaken
from advance_ruling.rulings import changes
from advance_ruling.rulings.access import (
    Anyone,
    Authority,
    Holder,
    require_authority,
    require_holder,
    require_sight,
)
from advance_ruling.rulings.changes import Acting
from advance_ruling.rulings.law_change import affected, tell_affected
from advance_ruling.rulings.letter import letter_of
from advance_ruling.rulings.load import Ruling, load_ruling
from advance_ruling.rulings.numbers import NUMBER
from advance_ruling.rulings.schemas import (
    AdoptionIn,
    CommentIn,
    DropIn,
    ListOfAffected,
    PostponementIn,
    ProposalIn,
    ResumptionIn,
    RevocationIn,
    RulingOut,
    ShortChangeIn,
    StepTaken,
    SuspensionIn,
    UpdateBegun,
)
from advance_ruling.rulings.supersede import begun_again
from advance_ruling.rulings.tell import tell_ruling
from advance_ruling.steps import record
from crossing.kit.database import reading
from crossing.kit.etag import IF_MATCH, etag, require_match
from crossing.kit.idempotency import IDEMPOTENCY_KEY, Attempt, attempt_of, first_answer
from crossing.kit.identity import Caller
from crossing.kit.json_text import JsonAnswer
from crossing.kit.languages import language_of
from crossing.kit.ledger import Insert, Ledger
from crossing.kit.once import once
from crossing.kit.paging import Cursor, Limit, decode_cursor, encode_cursor, link_next
from crossing.kit.strict_json import StrictRoute
from crossing.rulings.letter import LETTER_POLICY, letter_html, letter_pdf
from crossing.rulings.qr import qr_svg

router = APIRouter(prefix="/v1/rulings", tags=["rulings"], route_class=StrictRoute)
Reading = Annotated[AsyncConnection, Depends(reading)]
RulingNumber = Annotated[str, Path(pattern=NUMBER)]
_STEP: dict[str, Any] = {"parameters": [IF_MATCH, IDEMPOTENCY_KEY]}
_QR = {
    "en": ("Advance ruling {number}", "Code that a port reads to verify the ruling"),
    "fr": ("Décision anticipée {number}", "Code que lit un point d’entrée pour vérifier la décision"),
    "es": ("Resolución anticipada {number}", "Código que lee un punto de entrada para verificar la resolución"),
}


@router.get("/affected", response_model=ListOfAffected)
async def list_affected(
    request: Request,
    response: Response,
    caller: Authority,
    connection: Reading,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Rulings in force that new law would decide otherwise. None is changed by being listed."""
    key = decode_cursor(cursor, 2)
    rows = await affected(connection, (key[0], key[1]) if key else None, limit)
    last = rows[limit - 1] if len(rows) > limit else None
    following = encode_cursor([last.number, last.pack_digest]) if last else None
    link_next(request, response, following)
    return {"rulings": [tell_affected(row) for row in rows[:limit]], "next": following}


@router.get("/{number}", response_model=RulingOut)
async def read_ruling(request: Request, caller: Anyone, connection: Reading, number: RulingNumber) -> Response:
    """A ruling with the version that binds, the one that is coming, and everything that happened to it."""
    ruling = await load_ruling(connection, number)
    require_sight(ruling, caller)
    return await _told(request, ruling)


@router.get("/{number}/token", response_class=Response, responses={200: {"content": {"application/jwt": {}}}})
async def read_token(request: Request, caller: Holder, connection: Reading, number: RulingNumber) -> Response:
    """The token of the version that binds, for its holder to carry."""
    ruling = await load_ruling(connection, number)
    require_holder(ruling, caller)
    return Response(ruling.at(request.app.state.clock()).row.token, 200, media_type="application/jwt")


@router.get(
    "/{number}/letter",
    response_class=Response,
    responses={200: {"content": {"text/html": {}, "application/pdf": {}}, "description": "The letter"}},
)
async def read_letter(
    request: Request,
    caller: Anyone,
    connection: Reading,
    number: RulingNumber,
    format: Annotated[Literal["html", "pdf"], Query(description="page for a screen, or PDF/UA document")] = "html",
) -> Response:
    """The letter of the version that binds, in the language asked for, else in that of the file."""
    ruling, state = await load_ruling(connection, number), request.app.state
    require_sight(ruling, caller)
    language = language_of(request) if "accept-language" in request.headers else ruling.application.file.language
    version, address = ruling.at(state.clock()), state.settings.public_address
    letter = await letter_of(state.lawbook, connection, ruling, version, language, address)
    headers = {"Content-Language": language}
    if format == "pdf":
        return Response(await asyncio.to_thread(letter_pdf, letter, language), 200, headers, "application/pdf")
    policy = {"Content-Security-Policy": LETTER_POLICY}
    return HTMLResponse(await asyncio.to_thread(letter_html, letter, language), 200, {**headers, **policy})


@router.get("/{number}/qr.svg", response_class=Response, responses={200: {"content": {"image/svg+xml": {}}}})
async def read_code(request: Request, caller: Holder, connection: Reading, number: RulingNumber) -> Response:
    """The token as a QR code."""
    ruling = await load_ruling(connection, number)
    require_holder(ruling, caller)
    title, description = _QR[language_of(request)]
    token = ruling.at(request.app.state.clock()).row.token
    return Response(qr_svg(token, title.format(number=number), description), 200, media_type="image/svg+xml")


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


async def _told(request: Request, ruling: Ruling) -> Response:
    state = request.app.state
    word = await state.standings.word(ruling.number)
    told = tell_ruling(ruling, word, state.clock(), language_of(request))
    return JsonAnswer(told, 200, {"ETag": etag(ruling.application.latest.revision)})
