"""An examination told in full: the traveller, what is known, the determination with reasons, and what was decided."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import Row

from admission.examinations.states import Kind, State
from admission.rulings.telling import tell_rulings
from admission.subjects.effects import Effects
from admission.subjects.tell import tell_subject
from crossing.facts.statement import nested
from crossing.kit.logging import log
from crossing.rules import Determination, tell

_NONE: Final = Effects()


def tell_examination(
    opened: Mapping[str, Any],
    latest: Mapping[str, Any],
    history: list[Mapping[str, Any]],
    determination: Determination,
    language: str,
    rulings: Sequence[Mapping[str, Any]] = (),
    corrections: Effects = _NONE,
) -> dict[str, Any]:
    """The answer for an examination; ``history`` are the details of its revisions, first to latest.

    ``rulings`` are the rows of the advance rulings presented, as they were last assessed; ``corrections`` the remedies
    that stand on it.
    """
    subject = orjson.loads(history[0]["detail"]).get("subject")
    return {
        "id": opened["id"],
        "port_id": opened["port_id"],
        "terminal_id": opened["terminal_id"],
        "state": latest["state"],
        "revision": latest["revision"],
        "opened_at": opened["opened_at"],
        "opened_by": opened["opened_by"],
        "language": opened["language"],
        "traveller": orjson.loads(opened["identity"]),
        "facts": nested(determination.facts),
        "findings": dict(determination.findings),
        "determination": tell(determination, language),
        "referral": _last(history, Kind.REFERRED),
        "decision": decision_of(history, opened["id"], corrections),
        "withdrawal": _last(history, Kind.WITHDRAWN),
        "subject": tell_subject(subject, language) if subject else None,
        "look_closer": bool(subject and subject["look_closer"]),
        "rulings": tell_rulings(rulings, determination.law.dictionary, opened["opened_at"], language),
        "ruling_departures": _ruling_departures(history),
    }


def _ruling_departures(history: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The departures from rulings as they stand, by ruling: the last one proposed, and who confirmed it."""
    found: dict[str, dict[str, Any]] = {}
    for revision in history:
        if revision["kind"] in (Kind.DEPARTURE_PROPOSED, Kind.DEPARTURE_CONFIRMED):
            proposed = {"proposed_by": revision["actor"], "confirmed_by": None}
            detail = proposed | orjson.loads(revision["detail"])
            found[detail["ruling"]] = detail
    return list(found.values())


def _last(history: list[Mapping[str, Any]], *kinds: Kind) -> dict[str, Any] | None:
    for revision in reversed(history):
        if revision["kind"] in kinds:
            detail: dict[str, Any] = orjson.loads(revision["detail"])
            return {**detail, "by": revision["actor"], "at": revision["at"]}
    return None


def decision_of(history: list[Mapping[str, Any]], examination_id: str, corrections: Effects) -> dict[str, Any] | None:
    """The decision that stands: a superseding one takes the place of the one before.

    An annulled refusal stays on record and is no longer adverse; an amended admission is told with what it is now.
    """
    found = _last(history, Kind.DECIDED, Kind.SUPERSEDED)
    if found is None:
        return None
    if "decision" in found:
        found = {**found["decision"], "by": found["by"], "at": found["at"]}
    revision = next(each["revision"] for each in reversed(history) if each["kind"] in (Kind.DECIDED, Kind.SUPERSEDED))
    annulled = corrections.annulled(examination_id, revision)
    amended = corrections.amended(examination_id, revision)
    adverse = found["action"] == "refuse" and annulled is None
    return {"rulings": [], "notations_read": [], **found, "annulled": annulled, "amended": amended, "adverse": adverse}


def as_mappings(rows: list[Row[Any]]) -> list[Mapping[str, Any]]:
    """Rows as mappings."""
    return [row._asdict() for row in rows]


def summaries(rows: Iterable[Row[Any]], corrections: Effects) -> tuple[list[dict[str, Any]], list[str]]:
    """Examinations in a list, and the ids of those that are damaged so that nothing can be told of them."""
    told, unreadable = [], []
    for row in rows:
        try:
            told.append(summary(row, corrections))
        except (ValueError, KeyError, TypeError, AttributeError):
            log().error("examination.unreadable", examination=row.id)
            unreadable.append(row.id)
    return told, unreadable


def summary(row: Row[Any], corrections: Effects = _NONE) -> dict[str, Any]:
    """An examination in a list; ``corrections`` are the remedies that stand on those of the list."""
    decision = decision_of([{**row._mapping, "actor": "", "at": ""}], row.id, corrections) or {}
    return {
        "id": row.id,
        "port_id": row.port_id,
        "opened_at": row.opened_at,
        "state": State(row.state),
        "seeking": orjson.loads(row.seeking),
        "action": decision.get("action"),
        "class": decision.get("class"),
        "adverse": decision.get("adverse", False),
        "annulled": decision.get("annulled"),
        "amended": decision.get("amended"),
    }
