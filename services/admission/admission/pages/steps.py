"""The forms of an examination's page: each takes one step by the verb that the API uses."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admission.examinations.change_examination import (
    Step,
    add_facts,
    determination_of,
    law_of,
    record_decision,
    refer_to_secondary,
    supersede_decision,
    withdraw_application,
)
from admission.examinations.revise import Examination, load_examination
from admission.examinations.schemas import ReferralIn, WithdrawalIn
from admission.pages.answers import Shown, read_answers
from admission.pages.decisions import read_decision, read_supersession
from admission.pages.examination_page import Attempted, View, examination_context
from admission.pages.look import PAGES
from admission.pages.posted import Posted, checked, read_posted
from admission.ports.port_of_caller import port_of_caller
from crossing.kit.clock import now_of
from crossing.kit.idempotency import attempt_with, first_answer
from crossing.kit.identity import Caller
from crossing.kit.once import once
from crossing.kit.problems import Problem, StaleVersion
from crossing.pages.language import page_language

Act = Callable[[Step, AsyncConnection, Examination, Posted], Awaitable[Response]]


async def _answer(step: Step, connection: AsyncConnection, examination: Examination, posted: Posted) -> Response:
    law = await law_of(step.lawbook, connection, examination)
    added = read_answers(posted, shown_at(examination, posted.revision), law.pack.dictionary.facts)
    return await add_facts(step, connection, examination, added)


async def _refer(step: Step, connection: AsyncConnection, examination: Examination, posted: Posted) -> Response:
    referral = checked(ReferralIn, {"reason": posted.one("reason")})
    return await refer_to_secondary(step, connection, examination, referral)


async def _decide(step: Step, connection: AsyncConnection, examination: Examination, posted: Posted) -> Response:
    return await record_decision(step, connection, examination, read_decision(posted))


async def _supersede(step: Step, connection: AsyncConnection, examination: Examination, posted: Posted) -> Response:
    return await supersede_decision(step, connection, examination, read_supersession(posted))


async def _withdraw(step: Step, connection: AsyncConnection, examination: Examination, posted: Posted) -> Response:
    withdrawal = checked(WithdrawalIn, {"reason": posted.one("reason")})
    return await withdraw_application(step, connection, examination, withdrawal)


#: What each form of the page does, by the last part of its address.
ACTS: Final[Mapping[str, Act]] = {
    "facts": _answer,
    "referral": _refer,
    "decision": _decide,
    "supersession": _supersede,
    "withdrawal": _withdraw,
}


def shown_at(examination: Examination, revision: int) -> Shown:
    """What a page of a revision showed; of the latest one, when the form does not say."""
    known = 0 < revision <= len(examination.revisions)
    row = examination.revisions[revision - 1] if known else examination.latest
    return Shown(json.loads(row.facts), json.loads(row.findings), json.loads(row.seeking))


async def take_step(
    request: Request, connection: AsyncConnection, caller: Caller, examination_id: str, form: str
) -> Response:
    """Do what a form asks, once, and go back to the page; with a problem, ask again with all that was typed."""
    posted = await read_posted(request)
    examination = await load_examination(connection, examination_id, caller)
    try:
        attempt = await attempt_with(posted.one("key"), request, caller)
        if await first_answer(connection, attempt) is None:
            if posted.revision != examination.latest.revision:
                raise StaleVersion
            state, language = request.app.state, page_language(request)
            board, subjects = state.notice_board, state.subjects
            at = now_of(request)
            step = Step(state.ledger, state.lawbook, caller, attempt, at, language, state.receivers, subjects, board)
            await once(connection, attempt, ACTS[form](step, connection, examination, posted))
    except Problem as problem:
        await connection.rollback()
        examination = await load_examination(connection, examination_id, caller)
        attempted = Attempted(form, posted, shown_at(examination, posted.revision), problem)
        return await show_examination(request, connection, caller, examination, attempted)
    return RedirectResponse(f"{request.scope.get('root_path', '')}/examinations/{examination_id}", 303)


async def show_examination(
    request: Request,
    connection: AsyncConnection,
    caller: Caller,
    examination: Examination,
    attempted: Attempted | None = None,
) -> Response:
    """The page of an examination as it stands."""
    determination = await determination_of(request.app.state.lawbook, connection, examination)
    port = await port_of_caller(request, connection, caller)
    view = View(examination, determination, port, caller, page_language(request))
    own = f"{request.scope.get('root_path', '')}/examinations/{examination.opened.id}"
    context = examination_context(view, PAGES.texts[view.language], attempted) | {"back_to": own, "own": own}
    return PAGES.show(request, "examination.html", context, status=attempted.problem.status if attempted else 200)
