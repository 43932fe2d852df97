"""What a step of a case needs besides its state and its party, by the names the procedure gives. Pure: no I/O."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from crossing.casework.requirements import Check, Moment, load_requirements
from redress.casework.conflicts import in_conflict

#: Some people have one name only.
_IDENTITY: Final = ("surname", "born_on")


def _identity_claimed(moment: Moment) -> bool:
    identity: Mapping[str, Any] = moment.content.get("identity") or {}
    return all(identity.get(name) for name in _IDENTITY)


def _consent_signed(moment: Moment) -> bool:
    """The statement of truth, and where somebody files for the traveller, what the traveller consented to."""
    stated = bool(moment.detail.get("statement_of_truth"))
    return stated and (moment.party != "representative" or _consent_named(moment))


def _consent_named(moment: Moment) -> bool:
    consent = (moment.content.get("representative") or {}).get("consent") or {}
    return bool(consent.get("scope") and consent.get("given_on")) and not consent.get("revoked_on")


def _since_acceptance(moment: Moment) -> tuple[str, ...]:
    """The events since the case began, or began anew with a recurrence."""
    again = [place for place, event in enumerate(moment.events) if event == "recurrence"]
    return moment.events[again[-1] :] if again else moment.events


def _since_entered(moment: Moment) -> tuple[str, ...]:
    return moment.events[moment.entered - 1 :]


def _decision(moment: Moment) -> Mapping[str, Any]:
    decision: Mapping[str, Any] = moment.content.get("decision") or {}
    return decision


def _has_outcome(kind: str) -> Check:
    return lambda moment: _decision(moment).get("outcome") in moment.procedure.content[kind]


def _assigned(moment: Moment) -> bool:
    return moment.content.get("adjudicator") == moment.actor


def _no_conflict(moment: Moment) -> bool:
    """Whoever acts stands as the adjudicator, with a unit, in the step itself, as the staff list has it now."""
    person: Mapping[str, Any] = moment.detail.get("adjudicator") or {}
    return person.get("subject") == moment.actor and not in_conflict(person, moment.content.get("conflicts", ()))


def _adjudicator_without_conflict(moment: Moment) -> bool:
    person: Mapping[str, Any] = moment.detail.get("adjudicator") or {}
    return bool(person.get("subject")) and not in_conflict(person, moment.content.get("conflicts", ()))


def _panel(moment: Moment) -> Sequence[Mapping[str, Any]]:
    panel: Sequence[Mapping[str, Any]] = moment.detail.get("panel") or ()
    return panel


def _panel_complete(moment: Moment) -> bool:
    members = {person.get("subject") for person in _panel(moment)}
    return len(members) == moment.procedure.content["panel"]["members"] and members == set(moment.content["panel"])


def _on_the_panel(moment: Moment) -> bool:
    seated = set(moment.content.get("panel", ()))
    return moment.actor in seated and {person.get("subject") for person in _panel(moment)} == seated


def _no_panel_conflict(moment: Moment) -> bool:
    conflicts = moment.content.get("conflicts", ())
    decided_before = {moment.content.get("adjudicator")} - {None}
    return not any(
        in_conflict(person, conflicts) or person.get("subject") in decided_before for person in _panel(moment)
    )


def _answer_is_whole(moment: Moment) -> bool:
    answer: Mapping[str, Any] = moment.detail.get("answer") or {}
    return bool(answer.get("facts") and answer.get("sources")) and "secrecy_basis" in answer


def _reviewer_owns_record(moment: Moment) -> bool:
    owner, reviewer = moment.content.get("record_owner"), moment.detail.get("reviewer") or {}
    return bool(owner) and reviewer.get("unit") == owner


def _window_over(moment: Moment) -> bool:
    return moment.at >= datetime.fromisoformat(moment.content["appeal_until"])


def _within_window(moment: Moment) -> bool:
    return bool(moment.content.get("late_reason_accepted")) or not _window_over(moment)


def _not_appealed_before(moment: Moment) -> bool:
    return not {"appeal", "appeal_decided"} & set(_since_acceptance(moment))


def _corrections_applied(moment: Moment) -> bool:
    corrections: Sequence[Mapping[str, Any]] = moment.content.get("corrections", ())
    return bool(corrections) and all(
        each.get("applied") and each["applied"]["version"] >= each["version"] for each in corrections
    )


def _same_subject_and_cause(moment: Moment) -> bool:
    """Whether the same happened to the same person again; a decision by the clock has found no cause to compare."""
    decision = _decision(moment)
    alike = decision.get("by") == "clock" or moment.detail.get("cause") == decision.get("root_cause")
    return bool(moment.detail.get("same_subject")) and alike


def _security_sourced(moment: Moment) -> bool:
    return bool(moment.content.get("security_sourced"))


_CHECKS: Final[Mapping[str, Check]] = {
    "identity_claimed": _identity_claimed,
    "consent_signed": _consent_signed,
    "consent_named": _consent_named,
    "at_least_one_experience": lambda moment: bool(moment.content.get("experiences")),
    "documents_complete": lambda moment: not moment.content.get("items"),
    "nothing_in_scope": lambda moment: moment.detail.get("in_scope") == [],
    "referral_target_named": lambda moment: bool(moment.detail.get("body")),
    "two_reminders_sent": lambda moment: (
        _since_entered(moment).count("remind") >= moment.procedure.content["reminders"]["number"]
    ),
    "not_extended_before": lambda moment: "extend" not in _since_entered(moment),
    "reviewer_owns_record": _reviewer_owns_record,
    "clerical_error_proved": lambda moment: bool(moment.detail.get("document")),
    "assigned_adjudicator": _assigned,
    "no_conflict": _no_conflict,
    "adjudicator_without_conflict": _adjudicator_without_conflict,
    "letter_passed": lambda moment: moment.detail.get("lint") == [],
    "root_cause_coded": lambda moment: _decision(moment).get("root_cause") in moment.procedure.content["root_causes"],
    "outcome_listed": _has_outcome("outcomes"),
    "answer_is_whole": _answer_is_whole,
    "questions_named": lambda moment: bool(moment.detail.get("questions")),
    "not_asked_too_often": lambda moment: (
        _since_acceptance(moment).count("ask_applicant")
        < moment.procedure.states["evidence_requested"].rules["max_times"]
    ),
    "correction_granted": _has_outcome("corrects"),
    "no_correction_granted": lambda moment: not _has_outcome("corrects")(moment),
    "correction_refused": _has_outcome("refuses"),
    "granted_in_part": lambda moment: _decision(moment).get("outcome") == "granted_in_part",
    "appeal_window_over": _window_over,
    "within_appeal_window": _within_window,
    "late_reason_named": lambda moment: bool(moment.detail.get("reason")),
    "late_reason_accepted": lambda moment: bool(moment.content.get("late_reason_accepted")),
    "not_appealed_before": _not_appealed_before,
    "corrections_applied": _corrections_applied,
    "panel_complete": _panel_complete,
    "on_the_panel": _on_the_panel,
    "no_panel_conflict": _no_panel_conflict,
    "same_subject_and_cause": _same_subject_and_cause,
    "within_reopening": lambda moment: (
        moment.at <= moment.entered_at + moment.procedure.states[moment.state].within("reopen_within")
    ),
    "nothing_ordered": lambda moment: not moment.before.get("corrections") and bool(moment.content.get("corrections")),
    "looked_again": lambda moment: bool(moment.detail.get("looked_at")),
    "security_sourced": _security_sourced,
    "not_security_sourced": lambda moment: not _security_sourced(moment),
}
REQUIREMENTS: Final = load_requirements(_CHECKS, Path(__file__).with_suffix(".yaml"))
