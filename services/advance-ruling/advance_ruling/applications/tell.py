"""An application told in words: where it stands, what happens now, who acts, by when, and what may be done."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from advance_ruling.applications.completeness import DOCUMENT_KINDS, missing_items, tell_items
from advance_ruling.eligibility import Considered, consider
from advance_ruling.settings import LETTERS
from advance_ruling.steps import Application
from advance_ruling.time_used import due_at, is_late
from crossing.casework.procedure import duration
from crossing.desk.lawbook import Lawbook
from crossing.facts.statement import nested
from crossing.kit.database import format_instant
from crossing.packs.files import read_yaml
from crossing.rules import tell
from crossing.rulings.procedure import load_procedure

TEXTS: Final = read_yaml(Path(__file__).parent / "texts.yaml")
_STATES: Final = read_yaml(LETTERS)["states"]
_APPLICANTS: Final = frozenset({"applicant", "petitioner", "agent"})
_COPIED: Final = ("class_id", "track", "publication", "language", "identity", "request", "consent")


def tell_application(
    lawbook: Lawbook,
    application: Application,
    documents: Sequence[Mapping[str, Any]],
    *,
    at: datetime,
    language: str,
    from_desk: bool,
) -> dict[str, Any]:
    """The answer for an application, for its owner or for the desk; ``documents`` are rows of evidence.

    An applicant reads the roles of those who acted, never their names.
    """
    content, latest = application.content, application.latest
    considered = consider(lawbook, application.opened.into, content, at)
    missing = missing_items(content, considered, [each["kind"] for each in documents])
    items = missing if application.state == load_procedure().initial else content.get("items", [])
    told = {
        **{name.removesuffix("_id"): content[name] for name in _COPIED},
        "id": application.opened.id,
        "file": application.opened.file_id,
        "into": application.opened.into,
        "number": content.get("number"),
        "revision": latest.revision,
        **standing(application, at, language),
        "facts": nested(content["facts"]),
        "completeness": {"complete": not items, "items": tell_items(items, considered, language)},
        "determination": tell(considered.whole, language),
        "eligibility": eligibility(considered, language),
        "findings": _findings(content, from_desk),
        "documents": [tell_document(each, language) for each in documents],
        "questions": content.get("questions", []),
        "answers": content.get("answers", []),
        "denial": _denial(application, from_desk),
        "declination": _detail(application, "decline"),
        "history": [_event(row, language, from_desk) for row in application.history],
        "binding_note": TEXTS["binding"][language],
    }
    return {**told, "desk": _desk(content)} if from_desk else {**told, "desk": None}


def standing(application: Application, at: datetime, language: str) -> dict[str, Any]:
    """Where an application stands, in words: what happens now, who acts, by when, and what the applicant can do."""
    about, due, late = TEXTS["states"][application.state], due_at(application), is_late(application, at)
    return {
        "state": application.state,
        "state_text": _STATES[application.state][language],
        "now": about["now"][language],
        "who_acts": TEXTS["who"][about["who"]][language],
        "due_at": format_instant(due) if due else None,
        "late": late,
        "late_text": TEXTS["late"][language] if late else None,
        "you_can": [{"step": event, "text": TEXTS["can"][event][language]} for event in _possible(application, at)],
    }


def _possible(application: Application, at: datetime) -> list[str]:
    """The applicant's steps in this state, in the order of the texts; no second answer to a denial, no late review."""
    transitions = load_procedure().transitions
    open_to = {
        event for (state, event), each in transitions.items() if state == application.state and each.by & _APPLICANTS
    }
    if application.state == "proposed_denial" and application.content.get("answered_denials"):
        open_to.discard("answer")
    within = load_procedure().states[application.state].rules.get("review_within")
    if within and at > _entered_at(application) + duration(within):
        open_to.discard("review_request")
    return [event for event in TEXTS["can"] if event in open_to]


def _entered_at(application: Application) -> datetime:
    latest = application.latest
    came = next((row for row in application.history if row.revision == latest.entered), latest)
    return datetime.fromisoformat(came.at)


def eligibility(considered: Considered, language: str) -> dict[str, Any]:
    """What the part of the law that a ruling may decide comes to."""
    told = tell(considered.ruled, language)
    return {
        "outcome": considered.outcome,
        "judgements": told["classes"][0]["judgements"],
        "next_questions": told["next_questions"],
        "never_ruled": considered.never_ruled,
        "never_ruled_text": TEXTS["never_ruled"][language],
    }


def tell_document(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A document as it is listed."""
    names = ("number", "name", "media_type", "size", "sha256", "added_at", "kind")
    about = DOCUMENT_KINDS[row["kind"]][language]
    return {**{name: row[name] for name in names}, "kind_text": about, "requirements": json.loads(row["requirements"])}


def _findings(content: Mapping[str, Any], from_desk: bool) -> dict[str, Any]:
    """Findings by requirement; by whom is for the desk."""
    shown = ("finding", "reason", "at", *(["by"] if from_desk else []))
    return {key: {name: each[name] for name in shown} for key, each in content.get("findings", {}).items()}


def _denial(application: Application, from_desk: bool) -> dict[str, Any] | None:
    """The reasons of a denial, once they are proposed; while they are a draft, for the desk alone."""
    draft: dict[str, Any] | None = application.content.get("denial_draft")
    return draft if from_desk or application.state in ("proposed_denial", "denied") else None


def _detail(application: Application, event: str) -> dict[str, Any] | None:
    """What was said with the latest event of a kind, once the application stands where that led."""
    row = application.latest
    return json.loads(row.detail) if row.event == event else None


def _event(row: Any, language: str, from_desk: bool) -> dict[str, Any]:
    return {
        "revision": row.revision,
        "event": row.event,
        "state": row.state,
        "state_text": _STATES[row.state][language],
        "at": row.at,
        "by": TEXTS["parties"][row.party][language],
        "actor": row.actor if from_desk else None,
    }


def _desk(content: Mapping[str, Any]) -> dict[str, Any]:
    """What only the desk reads."""
    names = ("adjudicator", "second_reading", "precedents_answered", "screening", "conflicts")
    return {name: content.get(name) for name in names}
