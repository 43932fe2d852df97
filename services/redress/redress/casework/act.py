"""One way to act on a case: read it as the caller may, take steps, record them with the answer."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from crossing.casework.problems import NotYourStep, illegal_step
from crossing.casework.steps import Step
from crossing.kit.etag import etag, require_match
from crossing.kit.idempotency import Attempt, attempt_of, first_answer
from crossing.kit.identity import Caller
from crossing.kit.json_text import JsonAnswer
from crossing.kit.languages import language_of
from crossing.kit.ledger import Insert
from crossing.kit.once import once
from redress.casework.deadlines import pass_deadlines
from redress.casework.record import record
from redress.casework.steps import CASES, Case, load_case, plan_all
from redress.casework.tell import tell_case
from redress.tables import evidence


@dataclass(frozen=True)
class Act:
    """What every step needs: the service, a connection, who acts and as which parties, when, in which language."""

    state: Any
    connection: AsyncConnection
    caller: Caller
    parties: frozenset[str]
    at_desk: bool
    attempt: Attempt | None
    at: datetime
    language: str

    def step(self, case: Case, event: str, **more: Any) -> Step:
        """A step that the caller takes as the first of their parties that may; ``more`` as ``Step`` has it.

        Raises ``IllegalStep`` where the event has no place and ``NotYourStep`` where no party of the caller's may.
        """
        transition = CASES.procedure.transition(case.state, event)
        if transition is None:
            raise illegal_step(case.state, CASES.procedure.possible(case.state))
        parties = sorted(self.parties & {party for way in transition.ways() for party in way.by})
        if not parties:
            raise NotYourStep
        return Step(event, parties[0], self.caller.subject, self.at, **more)


#: A way to change a case, once it was read as its caller did.
Way = Callable[[Act, Case], Awaitable[Response]]


async def act_of(
    request: Request, connection: AsyncConnection, caller: Caller, parties: frozenset[str], *, at_desk: bool
) -> Act:
    """What a request needs to act."""
    state, attempt = request.app.state, await attempt_of(request, caller)
    return Act(state, connection, caller, parties, at_desk, attempt, state.clock(), language_of(request))


async def changing(request: Request, act: Act, case: Case) -> Case | Response:
    """A case that is to be changed, as the caller read it, or the answer given before.

    A deadline that has passed has had its effect before anybody acts, whether or not the clock's own job came to it.
    Raises ``StaleVersion`` and ``PreconditionRequired``.
    """
    if earlier := await first_answer(act.connection, act.attempt):
        return earlier
    require_match(request, case.latest.revision)
    if await pass_deadlines(act.state, case, act.at):
        await act.connection.rollback()
        return await load_case(act.connection, case.id)
    return case


async def change(request: Request, act: Act, case: Case, way: Way) -> Response:
    """Change a case in some way, once; a repeat of the request gets the first answer."""
    found = await changing(request, act, case)
    return found if isinstance(found, Response) else await once(act.connection, act.attempt, way(act, found))


async def take(
    act: Act,
    case: Case,
    steps: Sequence[Step],
    *,
    rows: Sequence[Insert] = (),
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Take steps, with rows that belong to them, in one transaction; answers with the case as it is then.

    Raises what ``plan`` does, and ``StaleVersion`` when somebody acted meanwhile.
    """
    planned, after = plan_all(case, steps)
    told = await told_of(act, after, added=rows)
    answer = JsonAnswer(told, status, {"ETag": etag(after.latest.revision), **(headers or {})})
    await record(act.state, case, after, [*planned, *rows], attempt=act.attempt, answer=answer)
    return answer


async def told_of(act: Act, case: Case, *, added: Sequence[Insert] = ()) -> dict[str, Any]:
    """A case as the caller may read it; ``added`` are documents not yet in the database."""
    statement = select(evidence).where(evidence.c.case_id == case.id).order_by(evidence.c.number)
    kept: list[Mapping[str, Any]] = [dict(row) for row in (await act.connection.execute(statement)).mappings()]
    kept += [dict(row.values) for row in added if row.table == "evidence"]
    return tell_case(case, at=act.at, language=act.language, for_desk=act.at_desk, documents=kept)
