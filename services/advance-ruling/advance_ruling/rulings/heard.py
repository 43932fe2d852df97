"""What other services tell of rulings: how a port honoured one, what redress restored, that new law was released."""

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.requests import Request

from advance_ruling.follow_ups import follow_ups
from advance_ruling.rulings.announce import announce
from advance_ruling.rulings.law_change import reevaluation
from advance_ruling.rulings.load import Ruling, load_ruling
from advance_ruling.rulings.numbers import Number
from advance_ruling.steps import entry_of, plan
from crossing.casework.problems import IllegalStep
from crossing.casework.steps import Step
from crossing.desk.case import CountryOfAdmission
from crossing.kit.database import format_instant
from crossing.kit.inbox import Effect, Event, Taker
from crossing.kit.problems import InvalidRequest, field_errors
from crossing.wire.day import Day

_Short = Annotated[str, StringConstraints(min_length=1, max_length=128)]


class AtPort(BaseModel):
    """What a port did with a ruling."""

    model_config = ConfigDict(extra="ignore")

    number: Number
    version: int = Field(ge=1)
    examination: _Short
    port: _Short
    outcome: _Short | None = None
    ground: _Short | None = None


class Restored(BaseModel):
    """A remedy of redress: the ruling is to be honoured again."""

    model_config = ConfigDict(extra="ignore")

    number: Number
    case: _Short


class Released(BaseModel):
    """New law. ``takes_effect`` is a day where the law changes by its own terms; none for a change of view."""

    model_config = ConfigDict(extra="ignore")

    country: CountryOfAdmission
    digest: _Short
    takes_effect: Day | None = None


def _read(model: type[BaseModel], event: Event) -> Any:
    try:
        return model.model_validate(event.data)
    except ValidationError as error:
        raise InvalidRequest(errors=field_errors(error.errors())) from None


async def _ruling(request: Request, number: str) -> Ruling:
    async with request.app.state.engine.connect() as connection:
        return await load_ruling(connection, number)


async def take_port_note(event: Event, request: Request) -> Effect:
    """Note on a ruling that a port honoured it or departed from it."""
    told: AtPort = _read(AtPort, event)
    ruling = await _ruling(request, told.number)
    detail = {"kind": event.type, **told.model_dump(exclude={"number"}, exclude_none=True)}
    rows = plan(ruling.application, Step("note_port", "system", event.source, request.app.state.clock(), detail=detail))
    return rows, entry_of(rows)


async def take_restoration(event: Event, request: Request) -> Effect:
    """Let a suspended ruling bind again; one that is in force already only gets a note."""
    told: Restored = _read(Restored, event)
    ruling, now = await _ruling(request, told.number), request.app.state.clock()
    application, detail = ruling.application, {"kind": event.type, "case": told.case}
    try:
        rows = plan(application, Step("resume", "system", event.source, now, detail=detail))
    except IllegalStep:
        rows = plan(application, Step("note_port", "system", event.source, now, detail=detail))
        return rows, entry_of(rows)
    entry = entry_of(rows)
    rows += announce(request.app.state.settings, application, "ruling.resumed", told.number, {}, format_instant(now))
    rows += follow_ups(request.app.state.settings, application, application.after(rows))
    return rows, entry


async def take_release(event: Event, request: Request) -> Effect:
    """Hold every ruling in force of that country against the new law; none is changed by that."""
    told: Released = _read(Released, event)
    return [reevaluation(told.country, told.digest, told.takes_effect, "", request.app.state.clock())], None


TAKERS: Final[dict[str, Taker]] = {
    "ruling.honoured": take_port_note,
    "ruling.departed": take_port_note,
    "ruling.restored": take_restoration,
    "pack.released": take_release,
}
