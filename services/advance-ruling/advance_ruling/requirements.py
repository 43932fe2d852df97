"""What a step needs besides its state and its party, by the names the procedure gives. Pure: no I/O."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from crossing.casework.procedure import duration
from crossing.casework.requirements import Check, Moment, load_requirements


def _day_reached(name: str) -> Check:
    return lambda moment: moment.at >= datetime.fromisoformat(str(moment.content[name]))


def _cites_rules(moment: Moment) -> bool:
    listed = [*moment.detail.get("items", ()), *moment.detail.get("reasons", ()), *moment.detail.get("questions", ())]
    return bool(listed) and all(each.get("requirement") for each in listed)


def _is_competent(moment: Moment) -> bool:
    return moment.content["class_id"] in moment.detail["adjudicator"]["classes"]


def _has_no_conflict(moment: Moment) -> bool:
    given: Mapping[str, Any] = moment.detail.get("adjudicator", {"subject": moment.actor})
    return given["subject"] not in moment.content.get("conflicts", ())


def _asked_before(moment: Moment) -> bool:
    asked = {(each["requirement"], each["text"]) for each in moment.before.get("questions", ())}
    return any((each["requirement"], each["text"]) in asked for each in moment.detail["questions"])


def _second_reader_agrees(moment: Moment) -> bool:
    reading = moment.content.get("second_reading") or {}
    return bool(reading.get("agrees")) and reading.get("by") != moment.content.get("adjudicator")


def _precedents_answered(moment: Moment) -> bool:
    answered = {each["number"] for each in moment.content.get("precedents_answered", ())}
    searched = moment.detail.get("precedents")
    return searched is not None and set(searched) <= answered


def _commenting_ends(moment: Moment) -> datetime:
    return moment.entered_at + moment.procedure.states[moment.state].within("comment_within")


_CHECKS: Final[Mapping[str, Check]] = {
    "statement_of_truth": lambda moment: bool(moment.detail.get("statement_of_truth")),
    "consent_of_applicant": lambda moment: moment.party != "agent" or bool(moment.content.get("consent")),
    "items_cite_rules": _cites_rules,
    "competent": _is_competent,
    "no_conflict": _has_no_conflict,
    "assigned_adjudicator": lambda moment: moment.content.get("adjudicator") == moment.actor,
    "not_the_adjudicator": lambda moment: moment.content.get("adjudicator") != moment.actor,
    "question_cites_rule": _cites_rules,
    "not_asked_before": lambda moment: not _asked_before(moment),
    "not_asked_too_often": lambda moment: (
        moment.events.count("ask") < moment.procedure.states["evidence_requested"].rules["times"]
    ),
    "qualifies_with_findings": lambda moment: moment.detail.get("outcome") == "qualifies",
    "precedents_answered": _precedents_answered,
    "second_reader_agrees": _second_reader_agrees,
    "reasons_cite_rules": _cites_rules,
    "first_answer": lambda moment: moment.before.get("answered_denials", 0) == 0,
    "answer_heard": lambda moment: moment.party == "clock" or moment.content.get("answered_denials", 0) > 0,
    "effective_day_reached": _day_reached("effective_from"),
    "within_review_period": lambda moment: (
        moment.at <= moment.entered_at + moment.procedure.states[moment.state].within("review_within")
    ),
    "younger_than_notice_age": lambda moment: (
        moment.at
        < datetime.fromisoformat(moment.content["issued_at"]) + duration(moment.procedure.content["short_change_age"])
    ),
    "letter_sent": lambda moment: bool(moment.detail.get("letter_sent_on")),
    "falsehood_proven": lambda moment: bool(moment.detail.get("document")),
    "holder_heard": lambda moment: bool(moment.detail.get("heard_on")),
    "new_ruling_issued": lambda moment: bool(moment.detail.get("replaced_by")),
    "validity_over": lambda moment: moment.at >= moment.procedure.day_over(str(moment.content["valid_until"])),
    "reliance_shown": lambda moment: bool(moment.detail.get("reliance")),
    "within_comment_period": lambda moment: moment.at < _commenting_ends(moment),
    "comment_period_over": lambda moment: moment.at >= _commenting_ends(moment),
    "not_postponed_before": lambda moment: "postpone" not in moment.events[moment.entered - 1 :],
    "not_yet_effective": lambda moment: moment.at < datetime.fromisoformat(moment.detail["postponed_from"]),
    "postponed_within_limit": lambda moment: (
        datetime.fromisoformat(moment.content["effective_from"])
        <= datetime.fromisoformat(moment.detail["postponed_from"])
        + moment.procedure.states[moment.state].within("reliance_at_most")
    ),
}
REQUIREMENTS: Final = load_requirements(_CHECKS, Path(__file__).with_suffix(".yaml"))
