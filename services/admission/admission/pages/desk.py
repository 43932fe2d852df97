"""What an officer's desk shows: the form that opens an examination, and the latest ones at the port."""

from typing import Any
from uuid import uuid4

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from admission.examinations import queries
from admission.examinations.tell_examination import summaries
from admission.pages.choices import Choice, language_names
from admission.pages.look import PAGES
from admission.pages.opening import opening_faults
from admission.pages.posted import Posted
from admission.pages.saying import class_titles, told_rows
from admission.port_notices.board import notices_for, tell_notice
from admission.subjects.on_record import corrections_of
from crossing.kit.clock import local_day, now_of
from crossing.kit.identity import Caller
from crossing.kit.paging import decode_cursor, encode_cursor
from crossing.kit.problems import Problem, Unavailable
from crossing.packs.load import load_dictionary
from crossing.pages.language import page_language

_ROWS_ON_A_PAGE = 20
_NOTICES_ON_A_PAGE = 20


async def desk_context(
    request: Request,
    connection: AsyncConnection,
    caller: Caller,
    port: Row[Any],
    *,
    cursor: str | None = None,
    posted: Posted | None = None,
    problem: Problem | None = None,
) -> dict[str, Any]:
    """What the desk's page shows; with ``problem``, the form as it was typed and what is wrong with it."""
    language = page_language(request)
    before = decode_cursor(cursor, 1)
    rows = await queries.page_at_port(connection, port.id, None, before[0] if before else None, _ROWS_ON_A_PAGE)
    corrections = await corrections_of(connection, [row.id for row in rows])
    today = local_day(request.app.state.clock(), port.time_zone)
    titles = class_titles(request.app.state.lawbook.packs[port.country], today, language)
    kinds = load_dictionary()["facts"]["travel_document.kind"]["options"]
    keep_key = posted and isinstance(problem, Unavailable)
    return {
        "port": port,
        "person": caller,
        "posted": posted or Posted(),
        "faults": opening_faults(problem, language, PAGES.texts[language]),
        "key": posted.one("key") if posted and keep_key else uuid4().hex,
        "classes": [Choice(*each) for each in titles.items()],
        "kinds": [Choice(kind, text[language]) for kind, text in kinds.items() if kind != "none"],
        "languages_spoken": language_names(language),
        "rows": told_rows(summaries(rows[:_ROWS_ON_A_PAGE], corrections)[0], port, titles),
        "next": encode_cursor([rows[_ROWS_ON_A_PAGE - 1].id]) if len(rows) > _ROWS_ON_A_PAGE else None,
        "cursor": cursor,
        "notices": await _unread_notices(request, connection, caller, language),
        "wide": True,
    }


async def _unread_notices(
    request: Request, connection: AsyncConnection, caller: Caller, language: str
) -> list[dict[str, Any]]:
    rows = await notices_for(connection, caller, None, _NOTICES_ON_A_PAGE)
    return [tell_notice(row, language, now_of(request)) for row in rows if row.read_at is None]
