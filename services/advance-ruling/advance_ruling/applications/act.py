"""One way to act on an application: read it as the caller may, take steps, record them with the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from advance_ruling.applications import queries
from advance_ruling.applications.see import is_owner, require_seen
from advance_ruling.applications.tell import tell_application
from advance_ruling.deadlines import pass_deadlines
from advance_ruling.follow_ups import follow_ups
from advance_ruling.steps import Application, load_application, plan_all, record
from crossing.casework.steps import Step
from crossing.kit.etag import etag, require_match
from crossing.kit.idempotency import Attempt, attempt_of, first_answer
from crossing.kit.identity import Caller
from crossing.kit.jobs import TABLE
from crossing.kit.json_text import JsonAnswer
from crossing.kit.languages import language_of
from crossing.kit.ledger import Insert
from crossing.kit.problems import NotFound


@dataclass(frozen=True)
class Act:
    """What every step needs: the service, a connection, who acts, when, and in which language to answer."""

    state: Any
    connection: AsyncConnection
    caller: Caller
    attempt: Attempt | None
    at: datetime
    language: str

    def step(self, event: str, party: str, **more: Any) -> Step:
        """A step that the caller takes as some party; ``more`` as ``Step`` has it."""
        return Step(event, party, self.caller.subject, self.at, **more)


async def act_of(request: Request, connection: AsyncConnection, caller: Caller) -> Act:
    """What a request needs to act."""
    state = request.app.state
    attempt = await attempt_of(request, caller)
    return Act(state, connection, caller, attempt, state.clock(), language_of(request))


async def seen(act: Act, application_id: UUID) -> tuple[Application, bool]:
    """An application, and whether the caller sees it from the desk; raises ``NotFound``."""
    application = await load_application(act.connection, str(application_id))
    return application, require_seen(act.state.settings, act.caller, application)


async def changing(
    request: Request, connection: AsyncConnection, caller: Caller, application_id: UUID, *, at_desk: bool
) -> tuple[Act, Application | Response]:
    """What a change needs: the act, and the application as the caller read it (or the answer given before).

    A deadline that has passed has had its effect before anybody acts, whether or not the clock's own job came to it.
    """
    act = await act_of(request, connection, caller)
    application, from_desk = await seen(act, application_id)
    earlier = await first_answer(connection, act.attempt)
    if earlier:
        return act, earlier
    if at_desk != from_desk or (at_desk and is_owner(caller, application)):
        raise NotFound
    require_match(request, application.latest.revision)
    if await pass_deadlines(act.state, application, act.at):
        await connection.rollback()
        application = await load_application(connection, str(application_id))
    return act, application


async def take(
    act: Act,
    application: Application,
    steps: Sequence[Step],
    *,
    rows: Sequence[Insert] = (),
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Take steps, with rows that belong to them, in one transaction; answers with the application as it is then.

    Raises what ``plan`` does, and ``StaleVersion`` when somebody acted meanwhile.
    """
    planned, after = plan_all(application, steps)
    return await finish(act, application, after, [*planned, *rows], status=status, headers=headers)


async def finish(
    act: Act,
    before: Application,
    after: Application,
    rows: Sequence[Insert],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Record the rows of steps taken and answer with the application after them; raises what ``record`` does."""
    told = await told_of(act, after, added=rows)
    answer = JsonAnswer(told, status, {"ETag": etag(after.latest.revision), **(headers or {})})
    covered, beside = [row for row in rows if row.table != TABLE], [row for row in rows if row.table == TABLE]
    beside += follow_ups(act.state.settings, before, after)
    await record(act.state.ledger, covered, beside=beside, attempt=act.attempt, answer=answer)
    return answer


async def told_of(act: Act, application: Application, *, added: Sequence[Insert] = ()) -> dict[str, Any]:
    """An application as the caller may read it; ``added`` are documents not yet in the database."""
    kept = await queries.documents_of(act.connection, application.opened.id)
    documents = [dict(row._mapping) for row in kept] + [dict(row.values) for row in added if row.table == "evidence"]
    return tell_application(
        act.state.lawbook,
        application,
        documents,
        at=act.at,
        language=act.language,
        from_desk=not is_owner(act.caller, application),
    )
