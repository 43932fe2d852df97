"""A case told in words: where it stands, what happens now, who acts, by when, and what its reader may do."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from crossing.casework.procedure import later
from crossing.kit.database import format_instant
from crossing.packs.files import read_yaml
from redress.casework.heads import due_of
from redress.casework.shown import is_shown, told_history, told_state
from redress.casework.steps import CASES, Case
from redress.procedure import load_procedure
from redress.settings import LETTERS

TEXTS: Final = read_yaml(Path(__file__).parents[1] / "states.yaml")
_STATES: Final = read_yaml(LETTERS)["states"]
_TRAVELLERS: Final = frozenset({"applicant", "representative"})
#: Parts of the case file that whoever filed reads as they stand.
_OWN: Final = (
    *("identity", "documents", "contact", "experiences", "narrative", "journey", "examination_id", "ruling"),
    *("representative", "guardian", "language", "items", "questions", "answers", "referral"),
)
#: Entries of the history that only the desk reads.
_DESK_ONLY: Final = frozenset(
    {"note", "assign", "read_records", "draft_decision", "seat_panel", "escalate", "page_on_call", "renew_access"}
    | {"remedy_applied", "remedy_refused", "reorder_correction", "component_answer"}
)


def tell_case(
    case: Case, *, at: datetime, language: str, for_desk: bool, documents: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """The answer for a case, for whoever filed it or for the desk; ``documents`` are rows of evidence.

    Whoever filed reads the roles of those who acted, never their names, and a decision from its showing on.
    """
    content = case.content
    told = {
        "control_number": case.control_number,
        "revision": case.latest.revision,
        **standing(case, at, language, for_desk=for_desk),
        **{name: content.get(name) for name in _OWN},
        "evidence": [_document(each) for each in documents],
        "decision": _decision(case, at, for_desk),
        "history": _history(case, at, language, for_desk),
    }
    if for_desk:
        return {**told, "id": case.id, "kind": case.opened.kind, "desk": content}
    return told


def standing(case: Case, at: datetime, language: str, *, for_desk: bool = False) -> dict[str, Any]:
    """Where a case stands, in words: what happens now, who acts, by when, and what whoever filed can do."""
    state = case.state if for_desk else told_state(case, at)
    about, due = TEXTS["states"][state], _told_due(case, at, for_desk)
    return {
        "state": state,
        "state_text": _STATES[state][language],
        "now": about["now"][language],
        "who_acts": TEXTS["who"][about["who"]][language],
        "due_at": format_instant(due) if due else None,
        "decided_by": _decided_by(case, state),
        "you_can": [{"step": event, "text": TEXTS["can"][event][language]} for event in possible(case, state, at)],
    }


def _told_due(case: Case, at: datetime, for_desk: bool) -> datetime | None:
    """Until when somebody must act; of a decision that is not shown yet, its showing."""
    if not for_desk and not is_shown(case, at):
        return datetime.fromisoformat(case.content["shown_from"])
    within = load_procedure().states[case.state].rules.get("reopen_within")
    return later(_entered_at(case), within) if within else due_of(case)


def _decided_by(case: Case, state: str) -> str | None:
    """The day by which the case is decided one way or another, while it is still to be decided."""
    named: str | None = case.content.get("deemed_at")
    return named if any(then["event"] == "deemed_outcome" for then in load_procedure().states[state].then()) else None


def possible(case: Case, state: str, at: datetime) -> list[str]:
    """The steps of whoever filed in a state, in the order of the texts, without those whose time is over."""
    transitions = CASES.procedure.transitions
    events = {event for (each, event), way in transitions.items() if each == state and way.by & _TRAVELLERS}
    content, over = case.content, set()
    if "appeal" in events and not _may_appeal(case, state, at):
        over.add("appeal")
    within = CASES.procedure.states[state].rules.get("reopen_within")
    if within and at > later(_entered_at(case), within):
        over.add("reopen")
    since = [row.event for row in case.history if row.revision > case.latest.entered]
    if "extend" in since or state == "routed":
        over.add("extend")
    if (content.get("decision") or {}).get("outcome") not in CASES.procedure.content["refuses"]:
        over.add("notate")
    return [event for event in TEXTS["can"] if event in events - over]


def _may_appeal(case: Case, state: str, at: datetime) -> bool:
    content, events = case.content, [row.event for row in case.history]
    began = max((place for place, event in enumerate(events) if event == "recurrence"), default=0)
    late, until = bool(content.get("late_reason_accepted")), content.get("appeal_until")
    in_time = late or (state != "watch" and until is not None and at < datetime.fromisoformat(until))
    in_part = (content.get("decision") or {}).get("outcome") == "granted_in_part" or state != "correction_verified"
    return in_time and in_part and not {"appeal", "appeal_decided"} & set(events[began:])


def _entered_at(case: Case) -> datetime:
    came = next((row for row in case.history if row.revision == case.latest.entered), case.latest)
    return datetime.fromisoformat(came.at)


def _decision(case: Case, at: datetime, for_desk: bool) -> dict[str, Any] | None:
    """The decision, once its reader may see it; whoever filed reads outcome and days, the rest in the letter."""
    decision: dict[str, Any] | None = case.content.get("decision")
    if decision is None or for_desk:
        return decision
    if not is_shown(case, at):
        return None
    days = {name: case.content.get(name) for name in ("notice_on", "appeal_until")}
    return {"outcome": decision.get("outcome"), "deemed": bool(decision.get("deemed")), **days}


def _document(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("number", "kind", "name", "media_type", "size", "sha256", "added_at")}


def _history(case: Case, at: datetime, language: str, for_desk: bool) -> list[dict[str, Any]]:
    rows = case.history if for_desk else [row for row in told_history(case, at) if row.event not in _DESK_ONLY]
    return [_event(row, language, for_desk) for row in rows]


def _event(row: Any, language: str, for_desk: bool) -> dict[str, Any]:
    told = {
        "revision": row.revision,
        "event": row.event,
        "state": row.state,
        "state_text": _STATES[row.state][language],
        "at": row.at,
        "by": TEXTS["parties"][row.party][language],
    }
    return {**told, "actor": row.actor, "detail": json.loads(row.detail)} if for_desk else told
