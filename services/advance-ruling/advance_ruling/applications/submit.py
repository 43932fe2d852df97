"""Submit an application: the statement of truth, then at once whether it is complete."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from starlette.responses import Response

from advance_ruling.applications import queries
from advance_ruling.applications.act import Act, take
from advance_ruling.applications.completeness import missing_items
from advance_ruling.applications.see import party_of
from advance_ruling.applications.step_schemas import SubmissionIn
from advance_ruling.applications.tracks import track_of
from advance_ruling.eligibility import consider
from advance_ruling.pattern import pattern_of
from advance_ruling.steps import Application
from advance_ruling.time_used import budget
from crossing.casework.steps import Step
from crossing.kit.database import format_instant
from crossing.rulings.person import plain
from crossing.rulings.procedure import load_procedure


async def submit(act: Act, application: Application, submission: SubmissionIn) -> Response:
    """Submit; the answer says whether it is complete, or what is missing and what cures it.

    Raises ``StepNotReady`` without the statement of truth, or without consent where a representative submits.
    """
    party = party_of(application, "submit")
    stated = {"statement": {"at": format_instant(act.at), "party": party}}
    if submission.language:
        stated["language"] = submission.language  # type: ignore[assignment]
    detail = {"statement_of_truth": submission.statement_of_truth}
    return await take(act, application, await checked(act, application, "submit", party, stated, detail))


async def checked(
    act: Act, application: Application, event: str, party: str, changed: Mapping[str, Any], detail: Mapping[str, Any]
) -> list[Step]:
    """A step that leads to ``submitted``, and the system's own that follows: complete, or something is missing.

    Where a ground of declination may be present, the application stays for an adjudicator to look at, and is complete
    when the time for that is over.
    """
    content = {**application.content, **changed}
    considered = consider(act.state.lawbook, application.opened.into, content, act.at)
    facts = considered.ruled.facts
    content["pattern"] = pattern_of(facts, content["class_id"])
    content["person_key"] = _person_key(content["identity"], act.state.identity_key)
    content["track"] = await track_of(act.connection, application, content, facts)
    documents = await queries.documents_of(act.connection, application.opened.id)
    items = missing_items(content, considered, [row.kind for row in documents])
    content["items"] = items
    content["screening"] = [] if items else await _screening(act, content)
    first = act.step(event, party, content=content, detail=detail)
    if items:
        return [first, Step("check_missing", "system", "system", act.at, detail={"items": items})]
    return [first] if content["screening"] else [first, Step("check_ok", "system", "system", act.at)]


def _person_key(identity: Mapping[str, Any], secret: bytes) -> str:
    """Keyed hash of name and birth date, by which the same person is known again."""
    name = plain(f"{identity.get('surname', '')} {identity.get('given_names', '')}")
    return hmac.digest(secret, f"{name}\x1f{identity.get('born_on', '')}".encode(), "sha256").hex()


@dataclass(frozen=True)
class _Look:
    content: Mapping[str, Any]
    soonest: str
    earlier: list[str]


#: When a ground of declination may be present, by its name in the procedure.
_SCREENS: Final[Mapping[str, Callable[[_Look], bool]]] = {
    "pending_in_court": lambda look: bool(look.content["request"].get("pending_in_court")),
    "already_decided": lambda look: bool(look.earlier),
    "travel_sooner_than_possible": lambda look: look.content["request"]["first_entry"] < look.soonest,
}


async def _screening(act: Act, content: Mapping[str, Any]) -> list[str]:
    """Grounds of declination that may be present."""
    procedure = load_procedure()
    whole_days = timedelta(days=budget(content["track"]).days)  # an emergency may travel on the same day
    look = _Look(
        content,
        (act.at + whole_days).date().isoformat(),
        await queries.earlier_results(act.connection, content["pattern"], content["person_key"]),
    )
    return [ground for ground in procedure.content["screened_for"] if _SCREENS[ground](look)]
