"""What an adjudicator records while examining: findings, questions, and what is said of precedents."""

from typing import Any

from starlette.responses import Response

from advance_ruling.applications import queries
from advance_ruling.applications.act import Act, take
from advance_ruling.applications.problems import wrong
from advance_ruling.applications.step_schemas import FindingsIn, PrecedentsIn, QuestionsIn
from advance_ruling.eligibility import consider
from advance_ruling.steps import Application
from crossing.kit.database import format_instant


async def record_findings(act: Act, application: Application, given: FindingsIn) -> Response:
    """Record findings with their reasons; what a second reader read before is to be read again.

    Raises ``InvalidRequest`` for what no ruling decides, and ``CaseCannotBeDetermined`` for what is no judgement.
    """
    law = consider(act.state.lawbook, application.opened.into, application.content, act.at).whole.law
    findings = dict(application.content.get("findings", {}))
    reasons = []
    for name, found in given.findings.items():
        if law.requirement(name) is not None and not law.may_be_ruled(name):
            raise wrong(f"/findings/{name}", "never_ruled")
        reasons.append({"requirement": name, "text": found.reason if found else None})
        if found is None:
            findings.pop(name, None)
        else:
            findings[name] = {**found.model_dump(), "by": act.caller.subject, "at": format_instant(act.at)}
    content = {"findings": findings, "second_reading": None, "denial_draft": None}
    step = act.step("record_findings", "adjudicator", content=content, detail={"reasons": reasons})
    return await take(act, application, [step])


async def ask(act: Act, application: Application, given: QuestionsIn) -> Response:
    """Ask the applicant; the time for deciding stands still meanwhile.

    Raises ``StepNotReady`` for what was asked before, or too often, and ``InvalidRequest`` for what cites no law.
    """
    law = consider(act.state.lawbook, application.opened.into, application.content, act.at).whole.law
    for position, each in enumerate(given.questions):
        if law.requirement(each.requirement) is None:
            raise wrong(f"/questions/{position}/requirement", "no_such_requirement")
    asked = application.content.get("questions", [])
    new: list[dict[str, Any]] = [
        {"id": len(asked) + place, **each.model_dump(), "asked_at": format_instant(act.at), "answer": None}
        for place, each in enumerate(given.questions, start=1)
    ]
    detail = {"questions": [each.model_dump() for each in given.questions]}
    return await take(
        act, application, [act.step("ask", "adjudicator", content={"questions": [*asked, *new]}, detail=detail)]
    )


async def precedents_of(act: Act, application: Application) -> list[queries.Alike]:
    """Rulings on an equal pattern of facts that still stand, other than the application's own."""
    content = application.content
    alike = await queries.rulings_alike(act.connection, content["pattern"], application.opened.into)
    return [each for each in alike if each.number != content.get("number") and each.is_in_force]


async def list_precedents(act: Act, application: Application) -> list[dict[str, Any]]:
    """The precedents, each with what the adjudicator said of it."""
    said = {each["number"]: each for each in application.content.get("precedents_answered", [])}
    return [
        {
            "number": each.number,
            "class": each.class_id,
            "state": each.state,
            "issued_at": each.issued_at,
            "how": said.get(each.number, {}).get("how"),
            "reason": said.get(each.number, {}).get("reason"),
        }
        for each in await precedents_of(act, application)
    ]


async def answer_precedents(act: Act, application: Application, given: PrecedentsIn) -> Response:
    """Record of each precedent whether it is followed or held to be another case, and why."""
    known = {each.number for each in await precedents_of(act, application)}
    for position, each in enumerate(given.precedents):
        if each.number not in known:
            raise wrong(f"/precedents/{position}/number", "no_such_precedent")
    said = {each["number"]: each for each in application.content.get("precedents_answered", [])}
    said |= {each.number: each.model_dump() for each in given.precedents}
    content = {"precedents_answered": list(said.values())}
    return await take(act, application, [act.step("answer_precedents", "adjudicator", content=content)])
