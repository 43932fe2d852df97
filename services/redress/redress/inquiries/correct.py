"""Save a draft, or correct what an inquiry says once it was sent."""

from typing import Any, Final

from starlette.responses import Response

from crossing.casework.steps import Step
from crossing.kit.problems import InvalidRequest
from redress.casework.act import Act, take
from redress.casework.steps import Case
from redress.inquiries.checks import fault, require_own_way, require_sound
from redress.inquiries.experiences import missing_documents, routes
from redress.inquiries.file_inquiry import found_by
from redress.inquiries.priority import priority_of
from redress.inquiries.queries import kinds_sent
from redress.inquiries.schemas import ChangesIn
from redress.inquiries.submit import INTAKE
from redress.procedure import load_procedure
from redress.units import any_secret

DRAFT: Final = load_procedure().initial
#: What decides who is written to, and who acts for a child, is for the traveller alone to change.
_TRAVELLERS: Final = ("contact", "guardian")
_FOUND_BY: Final = ("identity", "documents")
_NEEDED: Final = ("language", "identity", "documents", "contact", "experiences", "journey")


def event_of(case: Case) -> str:
    """What a change is called where a case stands."""
    return "save" if case.state == DRAFT else "correct"


async def correct(act: Act, case: Case, changes: ChangesIn) -> Response:
    """Lay changes over an inquiry.

    Raises ``InvalidRequest`` for what cannot be, and ``IllegalStep`` where nothing can be corrected any more.
    """
    given = changes.model_dump(mode="json", exclude_unset=True)
    _require_possible(act, given)
    content = {**case.content, **given}
    require_sound(content, given, act.at)
    if content.get("representative") and "contact" in given:
        require_own_way(content, content["filed_by"])
    given["priority"] = _priority(act, case, content)
    steps = [act.step(case, event_of(case), content=given, detail={"changed": sorted(given)})]
    if "items" in case.content:
        steps += await _looked_through(act, case, given, content)
    if case.state != DRAFT and "experiences" in given:
        given["security_sourced"] = bool(case.content.get("security_sourced")) or any_secret(routes(content))
    number = case.latest.revision + 1
    rows = found_by(act, case.id, content, number) if set(given) & set(_FOUND_BY) else []
    return await take(act, case, steps, rows=rows)


async def _looked_through(act: Act, case: Case, given: dict[str, Any], content: dict[str, Any]) -> list[Step]:
    """The documents still missing after a change; when none is, the system's own step follows."""
    if not case.content["items"]:
        return []
    given["items"] = missing_documents(content, await kinds_sent(act.connection, case.id), act.at.date())
    complete = load_procedure().transition(case.state, "documents_received") and not given["items"]
    return [Step("documents_received", INTAKE, INTAKE, act.at)] if complete else []


def _priority(act: Act, case: Case, content: dict[str, Any]) -> str:
    """The priority by the next journey; one that a repeat or a departure gave stays."""
    own = priority_of(load_procedure(), content, act.at)
    was = priority_of(load_procedure(), case.content, act.at)
    return own if case.content["priority"] == was or own < case.content["priority"] else case.content["priority"]


def _require_possible(act: Act, given: dict[str, Any]) -> None:
    errors = [fault(f"/{name}", "needed") for name in _NEEDED if name in given and given[name] is None]
    if "applicant" not in act.parties:
        errors += [fault(f"/{name}", "only_the_traveller") for name in _TRAVELLERS if name in given]
    if errors:
        raise InvalidRequest(errors=errors)
