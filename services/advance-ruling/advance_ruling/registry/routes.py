"""Routes of the registry: open search, and drafts for their holders."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import FileResponse

from advance_ruling.follow_ups import follow_ups
from advance_ruling.registry.bulk import write_file
from advance_ruling.registry.objections import answered, latest_draft, objected, objections_to, read_draft
from advance_ruling.registry.rules import rules, words
from advance_ruling.registry.schemas import (
    DraftOut,
    ListOfDigests,
    ObjectionAnswerIn,
    ObjectionIn,
    ObjectionTaken,
    PublishedOut,
)
from advance_ruling.registry.searching import Sought, search
from advance_ruling.rulings.access import Adjudicator, Anyone, Holder
from advance_ruling.rulings.numbers import NUMBER
from advance_ruling.steps import Application, load_application, plan, record
from advance_ruling.tables import digests
from crossing.casework.procedure import duration
from crossing.casework.steps import Step
from crossing.desk.case import ClassId, CountryOfAdmission, RequirementId
from crossing.desk.say_facts import say_facts
from crossing.kit.database import format_instant, reading
from crossing.kit.idempotency import IDEMPOTENCY_KEY, attempt_of, first_answer
from crossing.kit.identity import Caller, Role, open_to_anyone
from crossing.kit.json_text import JsonAnswer
from crossing.kit.languages import language_of
from crossing.kit.once import once
from crossing.kit.paging import Cursor, Limit, decode_cursor, encode_cursor, link_next
from crossing.kit.problems import FieldError, InvalidRequest, NotFound
from crossing.kit.strict_json import StrictRoute
from crossing.wire.day import Day

router = APIRouter(prefix="/v1/registry", tags=["registry"], route_class=StrictRoute)
Reading = Annotated[AsyncConnection, Depends(reading)]
Numbered = Annotated[str, Path(pattern=NUMBER)]
_OPEN = [Depends(open_to_anyone)]
_ONCE: dict[str, Any] = {"parameters": [IDEMPOTENCY_KEY]}
_NO_WORDS = {
    "en": "must have a word or a number",
    "fr": "doit contenir un mot ou un nombre",
    "es": "debe contener una palabra o un número",
}


@router.get("", response_model=ListOfDigests, dependencies=_OPEN)
async def search_registry(
    request: Request,
    response: Response,
    connection: Reading,
    q: Annotated[str | None, Query(max_length=200, description="words, all of which a digest must have")] = None,
    class_id: Annotated[ClassId | None, Query(alias="class")] = None,
    requirement: Annotated[RequirementId | None, Query(description="a requirement that was decided")] = None,
    into: Annotated[CountryOfAdmission | None, Query(description="country of admission")] = None,
    since: Annotated[Day | None, Query(alias="from", description="first day of decision")] = None,
    until: Annotated[Day | None, Query(alias="to", description="last day of decision")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Digests of decisions, the latest first. Words are found without case and accents, in any of the languages."""
    if q is not None and not words(q):
        raise InvalidRequest(errors=[FieldError("/q", _NO_WORDS)])
    key = decode_cursor(cursor, 1)
    before = int(key[0]) if key and key[0].isdecimal() else None
    sought = Sought(q, class_id, requirement, into, since, until)
    rows = await search(connection, request.app.state.registry_statistics, sought, before, limit)
    following = encode_cursor([str(rows[limit - 1].place)]) if len(rows) > limit else None
    link_next(request, response, following)
    told = [await _told(request, row) for row in rows[:limit]]
    return {"digests": told, "next": following}


@router.get(
    "/bulk",
    response_class=FileResponse,
    dependencies=_OPEN,
    responses={200: {"content": {"application/jsonl": {}}, "description": "Every digest, one in a line"}},
)
async def read_bulk(request: Request) -> Response:
    """Every version of every digest as JSON Lines, with its SHA-256 as ``Content-Digest`` (RFC 9530) and ``ETag``."""
    file = await write_file(request.app.state)
    headers = {
        "Content-Digest": f"sha-256=:{base64.b64encode(file.sha256).decode()}:",
        "ETag": f'"{file.sha256.hex()}"',
        "Cache-Control": "public, max-age=3600",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return FileResponse(file.path, headers=headers, media_type="application/jsonl", filename="registry.jsonl")


@router.get("/{number}", response_model=PublishedOut, dependencies=_OPEN)
async def read_digest(request: Request, connection: Reading, number: Numbered) -> dict[str, Any]:
    """The digest of a decision with its status history; what was withdrawn stays as a tombstone."""
    statement = select(digests).where(digests.c.number == number).order_by(digests.c.version.desc()).limit(1)
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        raise NotFound
    application = await _decided(connection, number)
    told = await _told(request, row)
    return {
        **told,
        "status_history": _history(application, number),
        "replaced_by": application.content.get("replaced_by"),
    }


@router.get("/{number}/draft", response_model=DraftOut)
async def read_own_draft(request: Request, caller: Anyone, connection: Reading, number: Numbered) -> dict[str, Any]:
    """The draft of a digest, for the holder and the adjudicators, before it is published and after."""
    row = await latest_draft(connection, number)
    application = await load_application(connection, row.application_id)
    if application.opened.created_by != caller.subject and not caller.roles & {Role.ADJUDICATOR, Role.SUPERVISOR}:
        raise NotFound
    content = read_draft(row)
    seen_before = duration(request.app.state.procedure.content["registry"]["holder_sees_before"])
    published = select(digests.c.published_at).where(digests.c.number == number, digests.c.version == row.version)
    return {
        "number": number,
        "version": row.version,
        "made_at": row.made_at,
        "published_not_before": format_instant(datetime.fromisoformat(row.made_at) + seen_before),
        "published_at": (await connection.execute(published)).scalar_one_or_none(),
        "digest": content,
        "objections": objections_to(application.content, content),
    }


@router.post("/{number}/objections", response_model=ObjectionTaken, openapi_extra=_ONCE)
async def object_to_sentence(
    request: Request, caller: Holder, connection: Reading, number: Numbered, objection: ObjectionIn
) -> Response:
    """Object to a fact or a sentence of one's own draft; a second reader answers."""
    row = await latest_draft(connection, number)
    application = await load_application(connection, row.application_id)
    if application.opened.created_by != caller.subject:
        raise NotFound
    content = objected(application.content, read_draft(row), objection.sentence, objection.reason)
    return await _act(
        request, connection, caller, application, "object_to_digest", application.file.party, content, row
    )


@router.post("/{number}/objections/answer", response_model=ObjectionTaken, openapi_extra=_ONCE)
async def answer_objection(
    request: Request, caller: Adjudicator, connection: Reading, number: Numbered, answer: ObjectionAnswerIn
) -> Response:
    """Answer an objection, as another adjudicator than the one who decided."""
    row = await latest_draft(connection, number)
    application = await load_application(connection, row.application_id)
    content = answered(
        application.content, read_draft(row), answer.sentence, upheld=answer.upheld, answer=answer.answer
    )
    return await _act(request, connection, caller, application, "answer_objection", "second_reader", content, row)


async def _act(
    request: Request,
    connection: AsyncConnection,
    caller: Caller,
    application: Application,
    event: str,
    party: str,
    content: Mapping[str, Any],
    row: Row[Any],
) -> Response:
    state, attempt = request.app.state, await attempt_of(request, caller)
    earlier = await first_answer(connection, attempt)
    if earlier:
        return earlier
    taken = content["digest_objections"][-1]
    step = Step(event, party, caller.subject, state.clock(), content=content, detail=taken)
    rows = plan(application, step)
    told = {"number": row.number, "sentence": taken["sentence"], "upheld": taken["upheld"]}
    answer = JsonAnswer(told)

    async def recorded() -> Response:
        beside = follow_ups(state.settings, application, application.after(rows))
        await record(state.ledger, rows, beside=beside, attempt=attempt, answer=answer)
        return answer

    return await once(connection, attempt, recorded())


async def _told(request: Request, row: Row[Any]) -> dict[str, Any]:
    state, language = request.app.state, language_of(request)
    content = json.loads(row.content)
    dictionary = state.lawbook.packs[content["into"]].dictionary
    word = await state.standings.word(row.number)
    return {
        **content,
        "question": content["question"][language],
        "holding": content["holding"][language],
        "facts_in_words": say_facts(content["facts"], dictionary, language),
        "status": content["kind"] if word == "unknown" else word,
    }


async def _decided(connection: AsyncConnection, number: str) -> Application:
    row = await latest_draft(connection, number)
    return await load_application(connection, row.application_id)


def _history(application: Application, number: str) -> list[dict[str, str]]:
    """Steps since the decision, without what was said in them."""
    told = [row for row in application.history if row.event in rules()["history"]]
    return [{"at": row.at, "event": row.event, "state": row.state} for row in told]
