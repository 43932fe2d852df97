"""The form that opens an examination, and what it amounts to."""

from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from admission.examinations.open_examination import open_examination
from admission.examinations.schemas import ExaminationIn
from admission.pages.controls import id_of
from admission.pages.faults import Faults, faults_of
from admission.pages.posted import Posted, checked
from crossing.kit.clock import now_of
from crossing.kit.idempotency import attempt_with, first_answer
from crossing.kit.identity import Caller
from crossing.kit.once import once
from crossing.kit.problems import FieldError, InvalidRequest, Problem
from crossing.pages.language import page_language

#: Fields entered by hand; the document's kind always says something, so it alone states nothing.
BY_HAND: Final = ("surname", "given_names", "document_number", "issued_by", "nationality", "born_on", "expires_on")
_BOTH: Final = {
    "en": "give the machine readable zone or the fields by hand, not both",
    "fr": "donnez la zone de lecture automatique ou les champs saisis, pas les deux",
    "es": "indique la zona de lectura mecánica o los campos a mano, no ambos",
}
_NEITHER: Final = {
    "en": "scan the machine readable zone, or enter the fields by hand",
    "fr": "balayez la zone de lecture automatique, ou saisissez les champs",
    "es": "escanee la zona de lectura mecánica o introduzca los campos a mano",
}


def read_opening(posted: Posted) -> ExaminationIn:
    """The examination that the form asks to open; raises ``InvalidRequest``."""
    lines = [line.strip().upper() for line in posted.one("mrz").splitlines() if line.strip()]
    by_hand = {name: posted.one(name) for name in BY_HAND if posted.one(name)}
    if bool(lines) == bool(by_hand):
        raise InvalidRequest(errors=[FieldError("/scan/mrz", _BOTH if lines else _NEITHER)])
    scan: dict[str, Any] = (
        {"mrz": lines} if lines else {"fields": {**by_hand, "document_kind": posted.one("document_kind")}}
    )
    return checked(
        ExaminationIn,
        {
            "scan": scan,
            "seeking": posted.all("seeking"),
            "language": posted.one("language", "en"),
            "rulings": posted.one("rulings").split(),
            "redress_control_number": posted.one("redress_control_number").strip().upper() or None,
        },
    )


def opening_faults(problem: Problem | None, language: str, texts: Any) -> Faults:
    """What is wrong with the form."""
    labels = {name: getattr(texts, name) for name in (*BY_HAND, "document_kind")}
    labels |= {"mrz": texts.mrz, "seeking": texts.class_sought, "language": texts.traveller_language}
    labels |= {"rulings": texts.rulings, "redress_control_number": texts.control_number}
    return faults_of(problem, language, labels, _id_of_pointer)


def _id_of_pointer(pointer: str) -> str:
    if pointer.startswith("/rulings"):
        return "rulings"  # one field for all tokens
    return id_of(pointer.removeprefix("/scan/fields").removeprefix("/scan"))


async def open_from_desk(
    request: Request, connection: AsyncConnection, caller: Caller, port: Row[Any], posted: Posted
) -> Response:
    """Open the examination that the form asks for, once; raises what ``open_examination`` raises."""
    attempt = await attempt_with(posted.one("key"), request, caller)
    earlier = await first_answer(connection, attempt)
    if earlier:
        return earlier
    state, examination = request.app.state, read_opening(posted)
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
        language=page_language(request),
        path=f"{request.scope.get('root_path', '')}/examinations",
        engine=state.beside,
        receivers=state.receivers,
    )
    return await once(connection, attempt, opening)
