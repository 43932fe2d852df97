"""Ask for a review, or withdraw."""

from starlette.responses import Response

from advance_ruling.applications.act import Act, take
from advance_ruling.applications.see import party_of
from advance_ruling.applications.step_schemas import ReasonIn
from advance_ruling.steps import Application


async def request_review(act: Act, application: Application, given: ReasonIn) -> Response:
    """Ask for a review; whoever decided or read the case before takes no part in it.

    Raises ``StepNotReady`` once the time for it is over.
    """
    content = application.content
    took_part = {row.actor for row in application.history if row.party in ("adjudicator", "second_reader")}
    changed: dict[str, object] = {
        "adjudicator": None,
        "conflicts": sorted({*content["conflicts"], *took_part}),
        "findings": {},
        "denial_draft": None,
        "second_reading": None,
        "answered_denials": 0,
        "precedents_answered": [],
    }
    party = party_of(application, "review_request")
    step = act.step("review_request", party, content=changed, detail={"reason": given.reason})
    return await take(act, application, [step])


async def withdraw(act: Act, application: Application) -> Response:
    """Withdraw; nothing is concluded from it, and it is shown nowhere as a refusal."""
    return await take(act, application, [act.step("withdraw", party_of(application, "withdraw"))])
