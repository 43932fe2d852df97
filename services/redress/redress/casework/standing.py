"""Where a case stands, in words: what happens now, who acts, by when, and what whoever filed can do. Pure."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from babel.dates import format_date

from crossing.casework.procedure import duration, later
from crossing.kit.database import format_instant
from crossing.packs.files import read_yaml
from redress.casework.steps import Case
from redress.inquiries.experiences import load_experiences, routes
from redress.procedure import load_procedure
from redress.settings import LETTERS
from redress.units import referral_name, unit_name

WORDS: Final[Mapping[str, Any]] = read_yaml(Path(__file__).parents[1] / "states.yaml")
STATES: Final[Mapping[str, Any]] = read_yaml(LETTERS)["states"]
_LOCALES: Final = {"en": "en_CA", "fr": "fr_CA", "es": "es"}
_APPEALS: Final = frozenset({"appeal", "request_late_appeal"})


def standing(case: Case, party: str, at: datetime, language: str) -> dict[str, Any]:
    """How a case stands, with the steps that a party among those who filed may take.

    ``case`` is the case as its reader may know it.
    """
    words, due = WORDS["states"][case.state], due_at(case)
    named = {
        "number": case.control_number,
        "date": say_day(due, language) if due else "",
        "list": ", ".join(group_name(each["group"], language) for each in case.content.get("items", ())),
        "unit": _first_unit(case, language),
        "body": _body(case, language),
    }
    return {
        "state": case.state,
        "state_text": STATES[case.state][language],
        "now": words[_how(case)][language].format(**named),
        "who_acts": WORDS["who"][words["who"]][language],
        "due_at": due,
        "you_can": [{"step": event, "text": WORDS["can"][event][language]} for event in possible(case, party, at)],
    }


def _how(case: Case) -> str:
    """Which words of a state fit: those for a case that a repeat took up again, or the usual ones."""
    return "again" if _came(case).event == "recurrence" else "now"


def due_at(case: Case) -> str | None:
    """The instant that a state's words name: of the decision, of the answer awaited, or the last one to appeal."""
    named = WORDS["states"][case.state].get("date")
    if named in _DAYS:
        return _DAYS[named](case)
    instant: str | None = case.content.get(named)
    return instant


def _of_decision(case: Case) -> str:
    """When the decision is due: the time of the priority, counted while the clock runs."""
    within = load_procedure().content["priorities"][case.content["priority"]]["decided_within"]
    latest = case.latest
    since = datetime.fromisoformat(latest.clock_since or latest.at)
    return format_instant(since + duration(within) - timedelta(seconds=latest.clock_used_s))


def _of_reopening(case: Case) -> str:
    """Until when a case may be reopened."""
    return format_instant(later(_entered_at(case), load_procedure().states[case.state].rules["reopen_within"]))


_DAYS: Final[Mapping[str | None, Callable[[Case], str | None]]] = {
    None: lambda case: None,
    "due": lambda case: case.latest.due_at,
    "decision": _of_decision,
    "reopening": _of_reopening,
}


def say_day(instant: str, language: str) -> str:
    """The day of an instant (UTC) as a letter writes it; French writes the first of a month as “1er”."""
    day = datetime.fromisoformat(instant).astimezone(UTC).date()
    told = format_date(day, "long", _LOCALES[language])
    return told.replace("1 ", "1er ", 1) if language == "fr" and day.day == 1 else told


def possible(case: Case, party: str, at: datetime) -> list[str]:
    """The steps of a party where a case stands, in the order of the texts, without those whose time is over."""
    procedure = load_procedure()
    open_to = set()
    for event in WORDS["can"]:
        transition = procedure.transition(case.state, event)
        if transition and any(party in way.by for way in transition.ways()):
            open_to.add(event)
    if open_to & _APPEALS:
        open_to -= _APPEALS - _appeals(case, at)
    if any(row.event == "extend" and row.revision > case.latest.entered for row in case.history):
        open_to.discard("extend")
    if case.state == "abandoned" and format_instant(at) > _of_reopening(case):
        open_to.discard("reopen")
    representative = case.content.get("representative")
    if not representative or representative["consent"].get("revoked_on"):
        open_to.discard("revoke_consent")
    return [event for event in WORDS["can"] if event in open_to]


def _appeals(case: Case, at: datetime) -> frozenset[str]:
    """Which of the two ways to appeal a refusal is open: in time, or late with a reason; none after the first."""
    events, until = [row.event for row in case.history], case.content.get("appeal_until")
    began = max((place for place, event in enumerate(events) if event == "recurrence"), default=0)
    outcome = (case.content.get("decision") or {}).get("outcome")
    refuses = outcome in load_procedure().content["refuses"]
    if until is None or not refuses or {"appeal", "appeal_decided"} & set(events[began:]):
        return frozenset()
    in_time = at <= datetime.fromisoformat(until) or case.content.get("late_reason_accepted")
    return frozenset({"appeal"}) if in_time else frozenset({"request_late_appeal"})


def _entered_at(case: Case) -> datetime:
    return datetime.fromisoformat(_came(case).at)


def _came(case: Case) -> Any:
    """The row by which a case came to where it stands."""
    return next((row for row in case.history if row.revision == case.latest.entered), case.latest)


def group_name(group: str, language: str) -> str:
    """What a group of documents proves."""
    return str(load_experiences().groups[group]["label"][language])


def _first_unit(case: Case, language: str) -> str:
    """Who keeps such records, by what is complained of alone: where a case truly goes would tell whether one exists."""
    units = routes(case.content) if case.content.get("experiences") else []
    return unit_name(units[0], language) if units else ""


def _body(case: Case, language: str) -> str:
    """Where a case that is not for redress was referred."""
    referral = case.content.get("referral")
    return referral_name(referral["body"], language) if referral else ""
