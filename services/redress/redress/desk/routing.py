"""Route a case to the owner of the record, take its answer, assign whoever decides, and ask the traveller."""

from datetime import datetime

from starlette.responses import Response

from crossing.casework.problems import NotYourStep
from crossing.casework.procedure import later
from crossing.kit.database import format_instant
from redress.casework.act import Act, take
from redress.casework.steps import Case
from redress.desk.people import as_person, conflicts_of, free_of_conflict, staff_list
from redress.desk.problems import wrong
from redress.desk.schemas import AssignmentIn, ComponentAnswerIn, QuestionsIn, ReasonIn, ReferralIn, RoutingIn
from redress.inquiries.experiences import in_scope
from redress.procedure import load_procedure
from redress.units import is_secret, load_units

_REVIEWER = "component_reviewer"


async def route(act: Act, case: Case, given: RoutingIn) -> Response:
    """Send a case to the body that owns the record; a reviewer of that body answers, and never decides.

    Raises ``InvalidRequest`` for a body that keeps no records, or a reviewer of another one.
    """
    staff = await staff_list(act)
    reviewer = as_person(given.reviewer, staff, "/reviewer")
    if given.record_owner not in load_units()["units"]:
        raise wrong("/record_owner", "no_such_unit")
    if reviewer["unit"] != given.record_owner or _REVIEWER not in staff[given.reviewer].duties:
        raise wrong("/reviewer", "not_of_unit")
    secret = is_secret(given.record_owner) or bool(case.content.get("security_sourced"))
    owned = {"record_owner": given.record_owner, "unit": given.record_owner, "security_sourced": secret}
    conflicts = conflicts_of(case, staff, told=owned)
    step = act.step(case, "route", content={**owned, "conflicts": conflicts}, detail={"reviewer": reviewer})
    return await take(act, case, [step])


async def answer_for_component(act: Act, case: Case, given: ComponentAnswerIn) -> Response:
    """Say what the record holds; raises ``NotYourStep`` for a reviewer of a body that does not own it."""
    reviewer = (await staff_list(act))[act.caller.subject]
    if reviewer.unit != case.content.get("record_owner"):
        raise NotYourStep
    answer = given.model_dump()
    kept = {"by": reviewer.subject, "unit": reviewer.unit, "at": format_instant(act.at), **answer}
    content = {
        "component_answers": [*case.content.get("component_answers", ()), kept],
        "security_sourced": bool(case.content.get("security_sourced") or given.secrecy_basis),
    }
    return await take(act, case, [act.step(case, "component_answer", content=content, detail={"answer": answer})])


async def extend(act: Act, case: Case, given: ReasonIn) -> Response:
    """Take the further time that a body may have once, counted from the day that it would have been due."""
    reviewer = (await staff_list(act))[act.caller.subject]
    if reviewer.unit != case.content.get("record_owner"):
        raise NotYourStep
    more = load_procedure().states[case.state].rules.get("extendable_once", "P0D")
    due_at = later(datetime.fromisoformat(case.latest.due_at), more)
    return await take(act, case, [act.step(case, "extend", detail={"reason": given.reason}, due_at=due_at)])


async def assign(act: Act, case: Case, given: AssignmentIn) -> Response:
    """Give a case to an adjudicator; raises ``ConflictOfInterest`` for whoever took part in what it is about."""
    staff, subject = await staff_list(act), given.to or act.caller.subject
    person, conflicts = as_person(subject, staff, "/to"), conflicts_of(case, staff)
    free_of_conflict(person, conflicts, "/to")
    if "independent_adjudicator" not in staff[subject].duties:
        raise wrong("/to", "not_an_adjudicator")
    content = {"adjudicator": subject, "conflicts": conflicts, "draft": None}
    return await take(act, case, [act.step(case, "assign", content=content, detail={"adjudicator": person})])


async def ask(act: Act, case: Case, given: QuestionsIn) -> Response:
    """Ask the traveller; the clock stands still until the answer, or until its day."""
    staff = await staff_list(act)
    person, conflicts = as_person(act.caller.subject, staff, ""), conflicts_of(case, staff)
    free_of_conflict(person, conflicts, "")
    asked = case.content.get("questions", [])
    questions = [
        {"id": number, **each.model_dump(), "asked_at": format_instant(act.at), "answer": None, "answered_at": None}
        for number, each in enumerate(given.questions, len(asked) + 1)
    ]
    content = {"questions": [*asked, *questions], "conflicts": conflicts}
    detail = {"questions": [each["id"] for each in questions], "adjudicator": person}
    return await take(act, case, [act.step(case, "ask_applicant", content=content, detail=detail)])


async def refer(act: Act, case: Case, given: ReferralIn) -> Response:
    """Say that nothing in an inquiry is for redress, and which body it is for."""
    content = case.content
    scope = content["experiences"] if in_scope(content) else []
    referral = {"body": given.body, "at": format_instant(act.at)}
    detail = {"in_scope": scope, "body": given.body, "reason": given.reason}
    return await take(act, case, [act.step(case, "refer_out", content={"referral": referral}, detail=detail)])
