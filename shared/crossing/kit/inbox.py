"""The receiver's side of events: each is taken once, however often it is delivered."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Body, Depends, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Column, MetaData, String, Table, text
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request

from crossing.kit.clock import now_of
from crossing.kit.database import surely_kept
from crossing.kit.events import MEDIA_TYPE, PATH
from crossing.kit.identity import Caller, Role, caller_with
from crossing.kit.ledger import AuditEntry, Conflict, Insert
from crossing.kit.logging import log
from crossing.kit.problems import FieldError, Problem, UnsupportedMediaType
from crossing.kit.strict_json import StrictRoute

TABLE: Final = "inbox"


class Event(BaseModel):
    """A CloudEvent. Attributes beyond those of the standard are let pass unread, as it asks (§3.1.2)."""

    model_config = ConfigDict(strict=True, extra="ignore")

    specversion: Literal["1.0"]
    id: str = Field(min_length=1, max_length=64)
    source: str = Field(min_length=2, max_length=128, pattern=r"^/[a-z-]+$", description="`/` and the sender's name")
    type: str = Field(min_length=1, max_length=64)
    subject: str | None = Field(default=None, min_length=1, max_length=128)
    time: str | None = Field(default=None, max_length=40, description="RFC 3339")
    datacontenttype: Literal["application/json"] = "application/json"
    data: dict[str, Any] = Field(default_factory=dict)


#: What follows from an event: the rows to append, and the audit entry that covers them.
Effect = tuple[Sequence[Insert], AuditEntry | None]
#: Says what follows from an event; raises a problem for data it cannot read. It changes nothing itself.
Taker = Callable[[Event, Request], Awaitable[Effect]]


class NotACloudEvent(UnsupportedMediaType):
    """The body is no CloudEvent in structured JSON."""

    titles = {
        "en": f"Send the event as {MEDIA_TYPE}, without a content encoding",
        "fr": f"Envoyez l’événement en {MEDIA_TYPE}, sans codage de contenu",
        "es": f"Envíe el evento como {MEDIA_TYPE}, sin codificación de contenido",
    }


class UnknownEventType(Problem):
    """No event of this type is taken here."""

    slug, status = "unknown-event-type", 422
    titles = {
        "en": "No event of this type is taken here",
        "fr": "Aucun événement de ce type n’est accepté ici",
        "es": "Aquí no se acepta ningún evento de este tipo",
    }


class SourceIsAnother(Problem):
    """The caller tells events in the name of another service."""

    slug, status = "source-is-another", 403
    titles = {
        "en": "A service tells its own events only",
        "fr": "Un service n’annonce que ses propres événements",
        "es": "Un servicio solo anuncia sus propios eventos",
    }


_TYPES: Final = {
    "en": "must be one of {types}",
    "fr": "doit être l’une des valeurs {types}",
    "es": "debe ser uno de {types}",
}


def inbox_table(metadata: MetaData) -> Table:
    """Declare the table of events that were taken."""
    return Table(
        TABLE,
        metadata,
        Column("source", String(128), primary_key=True),
        Column("id", String(64), primary_key=True),
        Column("type", String(64), nullable=False),
        Column("received_at", String(27), nullable=False),
    )


class _EventRoute(StrictRoute):
    media_type = MEDIA_TYPE
    refusal = NotACloudEvent


_taken = text(f"SELECT 1 FROM {TABLE} WHERE source = :source AND id = :id")


def events_router(takers: Mapping[str, Taker]) -> APIRouter:
    """``POST /v1/events``: takes the events that have a taker by type, from services only.

    A service's token names it as its subject; it tells events of the source ``/`` and that name, and no other's.
    """
    router = APIRouter(tags=["events"], route_class=_EventRoute)

    @router.post(PATH, status_code=204, response_class=Response)
    async def post_event(
        request: Request,
        caller: Annotated[Caller, Depends(caller_with(Role.SERVICE))],
        event: Annotated[Event, Body(media_type=MEDIA_TYPE)],
    ) -> Response:
        """Take an event (CloudEvents 1.0, structured JSON). A repeat of one that was taken changes nothing."""
        if event.source != f"/{caller.subject}":
            raise SourceIsAnother
        taker = takers.get(event.type)
        if taker is None:
            types = ", ".join(sorted(takers))
            says = {language: told.format(types=types) for language, told in _TYPES.items()}
            raise UnknownEventType(errors=[FieldError("/type", says)])
        if not await _was_taken(request.app.state.engine, event):
            await _take(request, event, taker)
        return Response(status_code=204)

    return router


async def _take(request: Request, event: Event, taker: Taker) -> None:
    rows, entry = await taker(event, request)
    row = {"source": event.source, "id": event.id, "type": event.type, "received_at": now_of(request)}
    try:
        await request.app.state.ledger.append([Insert(TABLE, row), *rows], entry)
    except Conflict:
        # The same event, delivered twice at once: the other one has been taken meanwhile.
        if not await _was_taken(request.app.state.engine, event):
            raise
        return
    log().info("event.taken", kind=event.type)


async def _was_taken(engine: AsyncEngine, event: Event) -> bool:
    async with engine.connect() as connection:
        taken = (await connection.execute(_taken, {"source": event.source, "id": event.id})).first() is not None
        if taken:
            await surely_kept(connection)
    return taken
