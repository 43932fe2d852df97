"""What the routes of an inquiry share: who opens it, and one way to change it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from crossing.casework.problems import NotYourStep, not_ready
from crossing.kit.database import reading
from crossing.kit.etag import IF_MATCH
from crossing.kit.idempotency import IDEMPOTENCY_KEY
from redress.casework.act import Act, Way, act_of
from redress.casework.act import change as change_case
from redress.casework.steps import Case, load_case
from redress.inquiries.access import Access, InquiryAccess, wrong_number_or_secret
from redress.inquiries.representatives import is_represented
from redress.inquiries.tell import Reader, reader_of, shown_case, told_by

Reading = Annotated[AsyncConnection, Depends(reading)]
Shown = Annotated[Access, Depends(InquiryAccess())]
OPENING: dict[str, Any] = {"parameters": [IDEMPOTENCY_KEY]}
STEP: dict[str, Any] = {"parameters": [IF_MATCH, IDEMPOTENCY_KEY]}


async def opened(request: Request, connection: AsyncConnection, access: Access) -> tuple[Act, Case, Reader]:
    """An inquiry, for whoever opened it; raises ``WrongNumberOrSecret`` once a representation is over."""
    act = await act_of(request, connection, access.caller, frozenset({access.party}), at_desk=False)
    case = await load_case(connection, access.case_id)
    if access.party == "representative" and not is_represented(case.content, act.at.date().isoformat(), access.number):
        raise wrong_number_or_secret()
    reader = reader_of(case, access)
    return replace(act, tell=told_by(reader)), case, reader


#: What is done to an inquiry; for some it depends on where that stands.
Event = str | Callable[[Case], str]


async def change(request: Request, connection: AsyncConnection, access: Access, event: Event, way: Way) -> Response:
    """Change an inquiry by an event in some way, once; a repeat of the request gets the first answer.

    Raises ``NotYourStep`` when the traveller's consent does not cover it, and ``StepNotReady`` while a decision that
    is made already is not told yet, in the same words whatever it is.
    """
    act, case, reader = await opened(request, connection, access)
    if not reader.may(event if isinstance(event, str) else event(case)):
        raise no_consent()

    async def unless_decided(act: Act, case: Case) -> Response:
        if shown_case(case, act.at) is not case:
            raise not_ready(_ON_ITS_WAY)
        return await way(act, case)

    return await change_case(request, act, case, unless_decided)


_ON_ITS_WAY: Final = {
    "en": "The decision is on its way to you; look again within a day.",
    "fr": "La décision est en route; consultez de nouveau le dossier d’ici un jour.",
    "es": "La decisión va en camino; vuelva a consultar dentro de un día.",
}


def no_consent() -> NotYourStep:
    """The problem of a representative whose consent does not go so far."""
    return NotYourStep(
        {
            "en": "The traveller’s consent does not cover this.",
            "fr": "Le consentement du voyageur ne vise pas cette étape.",
            "es": "El consentimiento del viajero no abarca este paso.",
        }
    )
