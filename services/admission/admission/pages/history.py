"""What the history of a traveller shows."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from admission.examinations.look_up_history import look_up_history
from admission.examinations.revise import Examination
from admission.examinations.tell_examination import summaries
from admission.pages.saying import class_titles, told_rows
from admission.ports.port_of_caller import port_of_caller
from admission.subjects.on_record import corrections_of
from crossing.kit.clock import local_day, now_of
from crossing.kit.identity import Caller
from crossing.kit.paging import encode_cursor
from crossing.pages.language import page_language

_ROWS_ON_A_PAGE = 20


async def history_context(
    request: Request, connection: AsyncConnection, caller: Caller, examination: Examination, before: str | None
) -> dict[str, Any]:
    """Examinations of the same traveller, with a way back to the one it was asked from."""
    state, language = request.app.state, page_language(request)
    port = await port_of_caller(request, connection, caller)
    rows = await look_up_history(
        state.ledger, connection, examination, caller, before=before, limit=_ROWS_ON_A_PAGE, at=now_of(request)
    )
    corrections = await corrections_of(connection, [row.id for row in rows])
    today = local_day(state.clock(), port.time_zone)
    titles: dict[str, str] = {}
    for pack in state.lawbook.packs.values():
        titles |= class_titles(pack, today, language)
    return {
        "examination_id": examination.opened.id,
        "port": port,
        "person": caller,
        "rows": told_rows(summaries(rows[:_ROWS_ON_A_PAGE], corrections)[0], port, titles),
        "next": encode_cursor([rows[_ROWS_ON_A_PAGE - 1].id]) if len(rows) > _ROWS_ON_A_PAGE else None,
    }
