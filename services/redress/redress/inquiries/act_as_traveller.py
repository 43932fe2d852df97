"""What a traveller does once an inquiry runs: answer, ask for time, withdraw, reopen, appeal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from starlette.responses import Response

from crossing.casework.procedure import duration
from crossing.kit.database import format_instant
from crossing.kit.problems import InvalidRequest
from redress.casework.act import Act, take
from redress.casework.steps import Case
from redress.inquiries.checks import fault
from redress.inquiries.experiences import missing_documents
from redress.inquiries.queries import kinds_sent
from redress.inquiries.schemas import AnswerIn, AnswersIn, AppealIn
from redress.procedure import load_procedure


async def answer(act: Act, case: Case, given: AnswersIn) -> Response:
    """Answer questions; raises ``IllegalStep`` where nothing is asked, ``InvalidRequest`` for one never asked."""
    content = {"questions": _answered(case.content.get("questions", []), given.answers, act.at)}
    step = act.step(case, "answer", content=content, detail={"answers": [each.model_dump() for each in given.answers]})
    return await take(act, case, [step])


def _answered(questions: Sequence[dict[str, Any]], answers: Sequence[AnswerIn], at: datetime) -> list[dict[str, Any]]:
    known = {each["id"] for each in questions}
    unknown = [place for place, each in enumerate(answers) if each.question not in known]
    if unknown and questions:
        raise InvalidRequest(errors=[fault(f"/answers/{place}/question", "no_such_question") for place in unknown])
    texts, now = {each.question: each.text for each in answers}, format_instant(at)
    return [
        {**each, "answer": texts[each["id"]], "answered_at": now} if each["id"] in texts else each for each in questions
    ]


async def extend(act: Act, case: Case) -> Response:
    """Have once more the time that a state gives; raises ``StepNotReady`` the second time."""
    longer = load_procedure().states[case.state].rules.get("extendable_once")
    due_at = datetime.fromisoformat(case.latest.due_at) + duration(longer) if longer and case.latest.due_at else None
    return await take(act, case, [act.step(case, "extend", due_at=due_at)])


async def withdraw(act: Act, case: Case) -> Response:
    """Withdraw; nothing is concluded from it."""
    return await take(act, case, [act.step(case, "withdraw")])


async def reopen(act: Act, case: Case) -> Response:
    """Open again what was closed for want of papers; raises ``StepNotReady`` when the time for it is over."""
    sent = await kinds_sent(act.connection, case.id)
    content = {"items": missing_documents(case.content, sent, act.at.date())}
    return await take(act, case, [act.step(case, "reopen", content=content)])


def event_of_appeal(case: Case, given: AppealIn, at: datetime) -> str:
    """An appeal in time, or the request to be heard late, for which a reason is given."""
    until = case.content.get("appeal_until")
    late = until is not None and at > datetime.fromisoformat(until) and not case.content.get("late_reason_accepted")
    return "request_late_appeal" if late and given.late_reason else "appeal"


async def appeal(act: Act, case: Case, given: AppealIn) -> Response:
    """Appeal to the panel; when late, ask that the reason be accepted.

    Raises ``IllegalStep`` where there is nothing to appeal, ``StepNotReady`` when late without a reason, or twice.
    """
    event, at = event_of_appeal(case, given, act.at), format_instant(act.at)
    if event == "appeal":
        content: dict[str, Any] = {"appeal": {"reason": given.reason, "at": at}}
    else:
        content = {"late_appeal": {"reason": given.late_reason, "appeal": given.reason, "at": at}}
    return await take(act, case, [act.step(case, event, content=content)])
