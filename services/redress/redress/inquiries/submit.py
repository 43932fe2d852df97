"""Submit an inquiry, and what the system does at once: it is complete, or these documents are missing."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from starlette.responses import Response

from crossing.casework.steps import Step
from redress.casework.act import Act, take
from redress.casework.steps import Case
from redress.inquiries.experiences import in_scope, missing_documents, routes
from redress.inquiries.priority import priority_of
from redress.inquiries.queries import kinds_sent
from redress.inquiries.schemas import SubmissionIn
from redress.procedure import load_procedure
from redress.units import any_secret

#: The party that takes the steps which follow by themselves.
INTAKE: Final = "intake"


async def submit(act: Act, case: Case, given: SubmissionIn) -> Response:
    """Submit a draft; raises ``StepNotReady`` without the statement of truth, an experience or a valid consent."""
    step = act.step(case, "submit")
    detail = {"statement_of_truth": given.statement_of_truth}
    sent = await kinds_sent(act.connection, case.id)
    return await take(act, case, submission(case, {}, detail, sent, party=step.party, actor=step.actor, at=act.at))


def submission(
    case: Case,
    changes: Mapping[str, Any],
    detail: Mapping[str, Any],
    sent: Collection[str],
    *,
    party: str,
    actor: str,
    at: datetime,
) -> list[Step]:
    """The step that submits and the one that follows by itself; none follows where nothing is for redress to decide.

    Then a case officer names the body to go to. ``sent`` are the kinds of the documents that are there.
    """
    content = {**case.content, **changes}
    units = routes(content)
    stated = {
        **changes,
        "priority": priority_of(load_procedure(), content, at),
        "items": missing_documents(content, sent, at.date()),
        "record_owner": units[0] if units else None,
        "security_sourced": any_secret(units),
    }
    first = Step("submit", party, actor, at, stated, detail)
    return [first, Step("acknowledge", INTAKE, INTAKE, at)] if in_scope(content) else [first]
