"""Answer when asked: missing items, questions of the adjudicator, or a proposed denial."""

from typing import Any

from starlette.responses import Response

from advance_ruling.applications.act import Act, take
from advance_ruling.applications.problems import wrong
from advance_ruling.applications.save_draft import said
from advance_ruling.applications.see import party_of
from advance_ruling.applications.step_schemas import AnswersIn
from advance_ruling.applications.submit import checked
from advance_ruling.eligibility import consider
from advance_ruling.pattern import pattern_of
from advance_ruling.steps import Application
from crossing.kit.database import format_instant

#: What an answer is called where it supplies missing items; elsewhere it is an answer.
_SUPPLY = "supply"


async def answer(act: Act, application: Application, given: AnswersIn) -> Response:
    """Answer; missing items are looked through again at once.

    Raises ``IllegalStep`` where nothing is asked, or no longer, and ``InvalidRequest`` for a question never asked.
    """
    event = _SUPPLY if application.state == "deficient" else "answer"
    party = party_of(application, event)
    content = application.content
    changed: dict[str, Any] = said(content, given) | _answered(act, content, given)
    detail = {"text": given.text, "answers": [each.model_dump() for each in given.answers]}
    if event == _SUPPLY:
        return await take(act, application, await checked(act, application, event, party, changed, detail))
    considered = consider(act.state.lawbook, application.opened.into, {**content, **changed}, act.at)
    changed["pattern"] = pattern_of(considered.ruled.facts, content["class_id"])
    if application.state == "proposed_denial":
        changed["answered_denials"] = content.get("answered_denials", 0) + 1
        changed |= {"denial_draft": None, "second_reading": None}
    return await take(act, application, [act.step(event, party, content=changed, detail=detail)])


def _answered(act: Act, content: dict[str, Any], given: AnswersIn) -> dict[str, Any]:
    """The questions with their answers, and the answer as a whole."""
    texts, at = {each.question: each.text for each in given.answers}, format_instant(act.at)
    questions = content.get("questions", [])
    known = {each["id"] for each in questions}
    for position, each in enumerate(given.answers):
        if each.question not in known:
            raise wrong(f"/answers/{position}/question", "no_such_question")
    return {
        "questions": [
            {**each, "answer": texts[each["id"]], "answered_at": at} if each["id"] in texts else each
            for each in questions
        ],
        "answers": [*content.get("answers", []), *([{"at": at, "text": given.text}] if given.text else [])],
    }
