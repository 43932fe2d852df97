"""Routes by which holders, adjudicators and authorities read rulings."""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import HTMLResponse

from advance_ruling.rulings.access import Anyone, Authority, Holder, require_holder, require_sight
from advance_ruling.rulings.law_change import affected, tell_affected
from advance_ruling.rulings.letter import letter_of
from advance_ruling.rulings.load import load_ruling
from advance_ruling.rulings.numbers import NUMBER
from advance_ruling.rulings.schemas import ListOfAffected, RulingOut
from advance_ruling.rulings.tell import tell_ruling
from crossing.kit.database import reading
from crossing.kit.etag import etag
from crossing.kit.json_text import JsonAnswer
from crossing.kit.languages import language_of
from crossing.kit.paging import Cursor, Limit, decode_cursor, encode_cursor, link_next
from crossing.kit.strict_json import StrictRoute
from crossing.rulings.letter import LETTER_POLICY, letter_html, letter_pdf
from crossing.rulings.qr import qr_svg

router = APIRouter(prefix="/v1/rulings", tags=["rulings"], route_class=StrictRoute)
Reading = Annotated[AsyncConnection, Depends(reading)]
RulingNumber = Annotated[str, Path(pattern=NUMBER)]
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
    state = request.app.state
    word = await state.standings.word(number)
    told = tell_ruling(ruling, word, state.clock(), language_of(request))
    return JsonAnswer(told, 200, {"ETag": etag(ruling.application.latest.revision)})


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
