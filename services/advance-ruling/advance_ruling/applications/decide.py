"""Decide: issue a ruling, or deny it with a second reader; decline what cannot be taken up."""

from starlette.responses import Response

from advance_ruling.applications.act import Act, finish, take
from advance_ruling.applications.find import precedents_of
from advance_ruling.applications.problems import wrong
from advance_ruling.applications.step_schemas import (
    DeclinationIn,
    DeficiencyIn,
    DenialProposalIn,
    SecondReadingIn,
)
from advance_ruling.covered import NumberTaken
from advance_ruling.eligibility import consider
from advance_ruling.rulings.issue import issue_ruling
from advance_ruling.steps import Application
from crossing.casework.problems import not_ready
from crossing.casework.steps import Step
from crossing.rules.status import CODES, MET


async def issue(act: Act, application: Application) -> Response:
    """Issue the ruling; the case must qualify with the findings recorded, in all that a ruling may decide.

    Raises ``StepNotReady`` where it does not, or where a precedent is neither cited nor distinguished.
    """
    considered = consider(act.state.lawbook, application.opened.into, application.content, act.at)
    numbers = [each.number for each in await precedents_of(act, application)]
    detail = {"outcome": considered.outcome, "precedents": numbers, "determination": considered.whole.digest}
    step = act.step("issue", "adjudicator", detail=detail)
    while True:
        rows = await issue_ruling(act.state, act.connection, application, step, considered.whole)
        try:
            return await finish(act, application, application.after(rows), rows)
        except NumberTaken:
            await act.connection.rollback()  # to see the number that another ruling took meanwhile


async def draft_denial(act: Act, application: Application, given: DenialProposalIn) -> Response:
    """Lay reasons for a denial before a second reader; the applicant sees nothing of it yet.

    Raises ``InvalidRequest`` for a reason that cites a requirement that is met.
    """
    considered = consider(act.state.lawbook, application.opened.into, application.content, act.at)
    shown = considered.ruled.compact["classes"][0]["requirements"]
    unmet = {name for name, code in shown.items() if code != CODES[MET]}
    for position, each in enumerate(given.reasons):
        if each.requirement not in unmet:
            raise wrong(f"/reasons/{position}/requirement", "is_met")
    draft = given.model_dump()
    numbers = [each.number for each in await precedents_of(act, application)]
    step = act.step(
        "draft_denial",
        "adjudicator",
        content={"denial_draft": draft, "second_reading": None},
        detail={**draft, "precedents": numbers},
    )
    return await take(act, application, [step])


async def read_again(act: Act, application: Application, given: SecondReadingIn) -> Response:
    """Record what the second reader thinks; with agreement the denial is proposed to the applicant.

    Raises ``StepNotReady`` where there is nothing to read, or for a reader who takes part in the case.
    """
    draft = application.content.get("denial_draft")
    if draft is None:
        raise not_ready(_NOTHING_TO_READ)
    reading = {"by": act.caller.subject, **given.model_dump()}
    steps = [act.step("read_again", "second_reader", content={"second_reading": reading}, detail=given.model_dump())]
    if given.agrees:
        numbers = [each.number for each in await precedents_of(act, application)]
        detail = {**draft, "precedents": numbers}
        steps.append(Step("propose_denial", "adjudicator", application.content["adjudicator"], act.at, detail=detail))
    return await take(act, application, steps)


async def confirm_denial(act: Act, application: Application) -> Response:
    """Confirm a proposed denial once the applicant's answer was heard; without one, the clock confirms it."""
    return await take(act, application, [act.step("confirm", "adjudicator")])


async def return_incomplete(act: Act, application: Application, given: DeficiencyIn) -> Response:
    """Return an application, with what is missing; raises ``InvalidRequest`` for an item that cites no law."""
    law = consider(act.state.lawbook, application.opened.into, application.content, act.at).whole.law
    for position, each in enumerate(given.items):
        if law.requirement(each.requirement) is None:
            raise wrong(f"/items/{position}/requirement", "no_such_requirement")
    items = [each.model_dump() for each in given.items]
    step = act.step("check_missing", "adjudicator", content={"items": items}, detail={"items": items})
    return await take(act, application, [step])


async def decline(act: Act, application: Application, given: DeclinationIn) -> Response:
    """Decline to take an application up, on a ground of the closed list; raises ``GroundNotListed``."""
    detail = {"reason": given.reason}
    return await take(act, application, [act.step("decline", "adjudicator", ground=given.ground, detail=detail)])


_NOTHING_TO_READ = {
    "en": "No denial has been drafted.",
    "fr": "Aucun refus n’a été rédigé.",
    "es": "No se ha redactado ninguna denegación.",
}
