"""What a decision says before it is made: its parts fit one another, and its letter is checked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from crossing.kit.database import format_instant
from crossing.kit.problems import FieldError, InvalidRequest
from crossing.recourse.recourse import outcomes
from crossing.redress.remedies import load_remedies, remedy_errors
from redress.casework.shown import next_showing
from redress.casework.staff import Staff
from redress.casework.steps import Case
from redress.desk.problems import wrong
from redress.desk.schemas import DraftIn, RemedyIn
from redress.letters.give import composed
from redress.letters.letter import letter_data
from redress.letters.lint import Finding, LintContext, lint
from redress.letters.parts import Letter
from redress.procedure import load_procedure


def checked_draft(case: Case, documents: Sequence[Mapping[str, Any]], given: DraftIn) -> dict[str, Any]:
    """A draft as it is kept; raises ``InvalidRequest`` where its parts do not fit one another, or the case."""
    procedure, content = load_procedure().content, case.content
    category = letter_data()["categories"][given.category]
    if given.outcome not in category["outcomes"]:
        raise wrong("/outcome", "outcome_of_category", outcomes=", ".join(category["outcomes"]))
    grants = given.outcome in procedure["corrects"]
    if grants and not given.remedies:
        raise wrong("/remedies", "remedies_needed")
    if given.remedies and not grants:
        raise wrong("/remedies", "no_remedies")
    if procedure["root_causes"][given.root_cause].get("leaves_example") and grants and not given.requirement:
        raise wrong("/requirement", "requirement_needed")
    if given.outcome == "referred" and not given.body:
        raise wrong("/body", "body_needed")
    if given.recourse and given.recourse.outcome not in outcomes(content["country"]):
        raise wrong("/recourse/outcome", "no_such_outcome")
    numbers = {each["number"] for each in documents}
    for place, each in enumerate(given.letter.evidence):
        if each.number not in numbers:
            raise wrong(f"/letter/evidence/{place}/number", "no_such_document")
    check_remedies(content, given.remedies)
    told_as = category.get("told_as") or given.outcome
    return {**given.model_dump(mode="json", by_alias=True, exclude={"document"}), "told_as": told_as}


def check_remedies(content: Mapping[str, Any], remedies: Sequence[RemedyIn]) -> None:
    """Raise ``InvalidRequest`` for a remedy that nobody may order, or of a record that this case is not about."""
    known = records_known(content)
    for place, each in enumerate(remedies):
        if each.kind not in load_remedies()["may_be_ordered"]:
            raise wrong(f"/remedies/{place}/kind", "may_not_be_ordered")
        record = each.record.model_dump(mode="json") if each.record else None
        errors = remedy_errors(each.kind, record, each.content)
        if errors:
            raise InvalidRequest(errors=[FieldError(f"/remedies/{place}{at.pointer}", at.texts) for at in errors])
        if record and known.get((record["kind"], record["id"]), record["version"]) != record["version"]:
            raise wrong(f"/remedies/{place}/record", "not_in_records")
        if record and (record["kind"], record["id"]) not in known:
            raise wrong(f"/remedies/{place}/record", "not_in_records")


def records_known(content: Mapping[str, Any]) -> dict[tuple[str, str], int | None]:
    """Versions of the records that a case is about, by kind and id, as admission told them; of a ruling, none."""
    records = content.get("records") or {}
    known: dict[tuple[str, str], int | None] = {
        ("examination", each["id"]): each["revision"] for each in records.get("examinations", ())
    }
    known |= {("lookout", each["id"]): each["version"] for each in records.get("lookouts", ())}
    member, ruling = records.get("member"), content.get("ruling")
    if member:
        known["member", member["number"]] = member["version"]
    if ruling:
        known["ruling", ruling["number"] if isinstance(ruling, Mapping) else ruling] = None
    return known


def shown_at(decided: Mapping[str, Any], at: datetime) -> datetime:
    """When a decision is shown: at once where it orders a correction, else at the next of the daily instants."""
    return at if decided["outcome"] in load_procedure().content["corrects"] else next_showing(at)


def letter_drafted(
    case: Case, documents: Sequence[Mapping[str, Any]], decided: Mapping[str, Any], at: datetime
) -> Letter:
    """The letter that a draft would send, were it decided at an instant."""
    told_on = format_instant(shown_at(decided, at))[:10]
    return composed(case, documents, decided, made_on=format_instant(at)[:10], told_on=told_on)


def findings(
    case: Case,
    documents: Sequence[Mapping[str, Any]],
    decided: Mapping[str, Any],
    letter: Letter,
    staff: Mapping[str, Staff],
) -> list[Finding]:
    """What keeps a letter from being sent."""
    procedure, content = load_procedure().content, case.content
    kinds = load_remedies()["kinds"]
    answers = content.get("component_answers", ())
    context = LintContext(
        language=content["language"],
        documents=frozenset(each["number"] for each in documents),
        systems=frozenset(kinds[each["kind"]]["goes_to"] for each in decided["remedies"]),
        grants=decided["outcome"] in procedure["corrects"],
        keeps_secret=any(each["secrecy_basis"] for each in answers),
        officers=frozenset([*staff, *involved_in(content)]),
        highest_grade=procedure["reading_grade_at_most"],
    )
    return lint(letter, context)


def involved_in(content: Mapping[str, Any]) -> list[str]:
    """Whoever acted on the records that a case is about: decided, concurred or edited, as admission told."""
    records = content.get("records") or {}
    kept = [*records.get("examinations", ()), *records.get("lookouts", ())]
    return sorted({subject for each in kept for subject in each.get("involved", ())})
