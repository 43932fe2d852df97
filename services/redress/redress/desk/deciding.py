"""Draft, decide, correct a clerical error at once, and decide an appeal: always by the letter that is sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from crossing.kit.database import format_instant
from redress.casework.act import Act, take
from redress.casework.steps import Case
from redress.desk.drafts import checked_draft, findings, letter_drafted, shown_at
from redress.desk.evidence import documents_of
from redress.desk.people import as_person, conflicts_of, free_of_conflict, require_person, staff_list
from redress.desk.problems import NothingDrafted, fails_checks, wrong
from redress.desk.schemas import DraftIn, FastFixIn
from redress.letters.next_steps import appeal_until
from redress.procedure import load_procedure


async def draft(act: Act, case: Case, given: DraftIn) -> Response:
    """Keep a draft, with what the checks find in the letter it would send; nothing of it is told to the traveller."""
    require_person(case)
    documents = await documents_of(act.connection, case.id)
    drafted = checked_draft(case, documents, given)
    content, detail = await _deciders(act, case)
    drafted["on_appeal"] = "panel" in detail
    letter = letter_drafted(case, documents, drafted, act.at)
    found = findings(case, documents, drafted, letter, await staff_list(act))
    drafted["findings"] = [each.told(act.language) for each in found]
    drafted["by"] = act.caller.subject
    return await take(
        act, case, [act.step(case, "draft_decision", content={**content, "draft": drafted}, detail=detail)]
    )


async def decide(act: Act, case: Case) -> Response:
    """Decide as drafted; raises ``NothingDrafted``, ``LetterFailsChecks`` or ``ConflictOfInterest``."""
    return await _decide(act, case, "decide", _draft_of(case), {})


async def fast_fix(act: Act, case: Case, given: FastFixIn) -> Response:
    """Decide at once on a clerical error that a document of the case proves."""
    require_person(case)
    documents = await documents_of(act.connection, case.id)
    if given.document not in {each["number"] for each in documents}:
        raise wrong("/document", "no_such_document")
    return await _decide(act, case, "fast_fix", checked_draft(case, documents, given), {"document": given.document})


async def decide_appeal(act: Act, case: Case) -> Response:
    """Decide an appeal as the panel drafted it."""
    return await _decide(act, case, "appeal_decided", _draft_of(case), {})


def _draft_of(case: Case) -> dict[str, Any]:
    drafted: dict[str, Any] | None = case.content.get("draft")
    if not drafted:
        raise NothingDrafted
    return {name: value for name, value in drafted.items() if name not in ("findings", "by")}


async def _decide(act: Act, case: Case, event: str, decided: dict[str, Any], more: Mapping[str, Any]) -> Response:
    content, detail = await _deciders(act, case)
    documents = await documents_of(act.connection, case.id)
    decided["on_appeal"] = "panel" in detail
    letter = letter_drafted(case, documents, decided, act.at)
    found = findings(case, documents, decided, letter, await staff_list(act))
    if found:
        raise fails_checks(found)
    content |= {"decision": _decision(act, decided), "draft": None} | _told(act, decided)
    return await take(act, case, [act.step(case, event, content=content, detail={**detail, **more, "lint": []})])


def _decision(act: Act, decided: Mapping[str, Any]) -> dict[str, Any]:
    shown = format_instant(shown_at(decided, act.at))
    return {**decided, "by": act.caller.subject, "decided_at": format_instant(act.at), "shown_at": shown}


def _told(act: Act, decided: Mapping[str, Any]) -> dict[str, Any]:
    """When it is told, and the instant at which the last day to appeal is over everywhere."""
    shown = format_instant(shown_at(decided, act.at))
    until = load_procedure().day_over(appeal_until(shown[:10]))
    told = {"shown_from": shown, "notice_on": shown[:10], "appeal_until": format_instant(until)}
    return {**told, **({"referral": {"body": decided["body"], "at": shown}} if decided.get("body") else {})}


async def _deciders(act: Act, case: Case) -> tuple[dict[str, Any], dict[str, Any]]:
    """Who decides, as the staff list has them now, with the conflict set of now; raises ``ConflictOfInterest``."""
    staff, panel = await staff_list(act), case.content.get("panel") if case.state == "appealed" else None
    conflicts = conflicts_of(case, staff, beside=decided_before(case) if panel is not None else ())
    if panel is None:
        person = as_person(act.caller.subject, staff, "")
        free_of_conflict(person, conflicts, "")
        return {"conflicts": conflicts}, {"adjudicator": person}
    people = [as_person(subject, staff, f"/panel/{place}") for place, subject in enumerate(panel)]
    for place, person in enumerate(people):
        free_of_conflict(person, conflicts, f"/panel/{place}")
    return {"conflicts": conflicts}, {"panel": people}


def decided_before(case: Case) -> Sequence[str]:
    """Who decided a case before it was appealed; a panel may hold none of them."""
    deciders = (case.content.get("adjudicator"), (case.content.get("decision") or {}).get("by"))
    answered = (each["by"] for each in case.content.get("component_answers", ()))
    return sorted({each for each in (*deciders, *answered) if each and each != "clock"})
