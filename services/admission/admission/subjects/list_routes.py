"""Routes that bring entries into lists."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from admission.subjects.bring import Brought, bring
from admission.subjects.entries import EntryIn, ExitIn, LookoutIn, MemberIn, name_of
from crossing.kit.clock import now_of
from crossing.kit.database import reading
from crossing.kit.idempotency import IDEMPOTENCY_KEY, Attempt, attempt_of, first_answer
from crossing.kit.identity import Caller, Role, caller_with
from crossing.kit.json_text import JsonAnswer
from crossing.kit.once import once
from crossing.kit.problems import FieldError, InvalidRequest, pointer
from crossing.kit.strict_json import StrictRoute

router = APIRouter(prefix="/v1", tags=["lists"], route_class=StrictRoute)
Keeper = Annotated[Caller, Depends(caller_with(Role.SUPERVISOR, Role.SERVICE))]
Reading = Annotated[AsyncConnection, Depends(reading)]
_MOST = 100
_OPENING = {"parameters": [IDEMPOTENCY_KEY]}
_TWICE = {
    "en": "stands twice in this body",
    "fr": "figure deux fois dans ce corps",
    "es": "figura dos veces en este cuerpo",
}


class LookoutsIn(BaseModel):
    """Entries of lookout lists; one with an id that stands is its next version."""

    model_config = ConfigDict(extra="forbid")

    entries: list[LookoutIn] = Field(min_length=1, max_length=_MOST)


class MembersIn(BaseModel):
    """Memberships; one with a number that stands is its next version."""

    model_config = ConfigDict(extra="forbid")

    entries: list[MemberIn] = Field(min_length=1, max_length=_MOST)


class ExitsIn(BaseModel):
    """Exits; one with an id that stands is its next version."""

    model_config = ConfigDict(extra="forbid")

    entries: list[ExitIn] = Field(min_length=1, max_length=_MOST)


class BroughtOut(BaseModel):
    """How many entries were new, changed, and as they were; ``batch`` names them in the audit chain."""

    batch: str | None
    added: int
    changed: int
    unchanged: int


@router.post("/lookouts", response_model=BroughtOut, status_code=201, openapi_extra=_OPENING)
async def post_lookouts(request: Request, caller: Keeper, connection: Reading, body: LookoutsIn) -> Response:
    """Bring entries into lookout lists: all or none. An entry is a reason to look, never a refusal."""
    return await _bring(request, caller, connection, "lookouts", body.entries)


@router.post("/members", response_model=BroughtOut, status_code=201, openapi_extra=_OPENING)
async def post_members(request: Request, caller: Keeper, connection: Reading, body: MembersIn) -> Response:
    """Bring trusted-traveller memberships: all or none."""
    return await _bring(request, caller, connection, "members", body.entries)


@router.post("/exits", response_model=BroughtOut, status_code=201, openapi_extra=_OPENING)
async def post_exits(request: Request, caller: Keeper, connection: Reading, body: ExitsIn) -> Response:
    """Bring exits: all or none."""
    return await _bring(request, caller, connection, "exits", body.entries)


async def _bring(
    request: Request, caller: Caller, connection: AsyncConnection, name: str, entries: Sequence[EntryIn]
) -> Response:
    names = [name_of(entry) for entry in entries]
    twice = [place for place, each in enumerate(names) if each in names[:place]]
    if twice:
        raise InvalidRequest(errors=[FieldError(pointer("entries", place), _TWICE) for place in twice])
    attempt = await attempt_of(request, caller)
    earlier = await first_answer(connection, attempt)
    if earlier:
        return earlier
    return await once(connection, attempt, _brought(request, caller, connection, name, entries, attempt))


async def _brought(
    request: Request,
    caller: Caller,
    connection: AsyncConnection,
    name: str,
    entries: Sequence[EntryIn],
    attempt: Attempt | None,
) -> Response:
    state, at = request.app.state, now_of(request)

    def kept(brought: Brought) -> Any:
        return [attempt.kept(_answer(brought), at)] if attempt else []

    brought = await bring(
        state.ledger, connection, name, entries, secret=state.identity_key, actor=caller.subject, at=at, kept=kept
    )
    return _answer(brought)


def _answer(brought: Brought) -> Response:
    return JsonAnswer(brought.to_json(), 201)
