"""Save a draft: what is given is laid over what it says, and what is given as null is taken back."""

from typing import Any

from starlette.responses import Response

from advance_ruling.applications.act import Act, take
from advance_ruling.applications.open_file import merged
from advance_ruling.applications.problems import consent_to_come
from advance_ruling.applications.schemas import DraftIn
from advance_ruling.applications.see import party_of
from advance_ruling.applications.step_schemas import AnswersIn
from advance_ruling.steps import Application
from crossing.facts.statement import laid_over


async def save_draft(act: Act, application: Application, draft: DraftIn) -> Response:
    """Save; raises ``IllegalStep`` for what is no draft any more, and ``ContradictoryFacts``."""
    content, given = said(application.content, draft), draft.model_dump(mode="json", exclude_unset=True)
    content |= {name: given[name] for name in ("publication", "language") if given.get(name)}
    if given.get("track"):
        content |= {"asked_track": given["track"], "track": given["track"]}
    if "consent" in given:
        if draft.consent and draft.consent.given_on > act.at.date().isoformat():
            raise consent_to_come("/consent/given_on")
        content["consent"] = given["consent"]
    return await take(act, application, [act.step("save", party_of(application, "save"), content=content)])


def said(content: dict[str, Any], given: DraftIn | AnswersIn) -> dict[str, Any]:
    """Identity, facts and request of a case file with what is given laid over them."""
    return {
        "identity": merged(content["identity"], given.identity.model_dump(mode="json", exclude_unset=True)),
        "facts": laid_over(content["facts"], given.facts),
        "request": merged(content["request"], given.request.model_dump(mode="json", exclude_unset=True)),
    }
