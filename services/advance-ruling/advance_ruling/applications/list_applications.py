"""List applications: an applicant's own, or the queue of an adjudicator."""

import json
from types import SimpleNamespace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from advance_ruling.applications import queries
from advance_ruling.applications.act import Act
from advance_ruling.applications.tell import standing
from advance_ruling.steps import Application
from crossing.kit.identity import Role
from crossing.kit.paging import decode_cursor, encode_cursor, link_next


async def list_page(
    act: Act, request: Request, response: Response, only: dict[str, str | None], limit: int, cursor: str | None
) -> dict[str, Any]:
    """A page; raises ``InvalidRequest`` for a cursor that no page gave."""
    caller, before = act.caller, decode_cursor(cursor, 1)
    from_desk = Role.ADJUDICATOR in caller.roles
    rows = await queries.page_of_applications(
        act.connection,
        owner=None if from_desk else caller.subject,
        classes=act.state.settings.adjudicator_classes.get(caller.subject) if from_desk else None,
        only=only,
        before=before[0] if before else None,
        limit=limit,
    )
    following = encode_cursor([rows[limit - 1].id]) if len(rows) > limit else None
    link_next(request, response, following)
    return {"applications": [_summary(act, row) for row in rows[:limit]], "next": following}


def _summary(act: Act, row: Any) -> dict[str, Any]:
    """An application in a list, without the name of the traveller."""
    told = standing(Application(SimpleNamespace(id=row.id), [row], row), act.at, act.language)
    return {
        "id": row.id,
        "file": row.file_id,
        "into": row.into,
        "class": row.class_id,
        "track": json.loads(row.content)["track"],
        **{name: told[name] for name in ("state", "state_text", "who_acts", "due_at", "late")},
    }
