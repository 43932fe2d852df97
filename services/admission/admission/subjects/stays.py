"""Stays granted, and whether somebody stayed longer, from the exits on record. No I/O."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from admission.examinations.states import State
from admission.subjects.effects import Effects
from admission.subjects.keys import SubjectKeys
from crossing.kit.ledger import Insert


def stays_to_tell(
    stays: Iterable[Mapping[str, Any]], exits: Sequence[Mapping[str, Any]], effects: Effects, day: str
) -> list[dict[str, Any]]:
    """The stays of which no exit by their last day is on record on a day (ISO), and those that redress corrected.

    Whoever was admitted anew had left before, which is an exit too. A hit says what the records lack, and nothing
    about what the traveller did.
    """
    granted = _as_they_stand(stays)
    told = []
    for stay in granted:
        corrected = effects.stay(stay["id"])
        amended = effects.amended(stay["id"], stay["version"])
        until = amended["until"] if amended else stay["until"]
        left_on = corrected["left_on"] if corrected else _left_on(stay, granted, exits)
        overstay = bool(until and until < day and not (left_on and left_on <= until))
        if overstay or corrected:
            told.append(
                {
                    "examination": stay["id"],
                    "country": stay["country"],
                    "class": amended["class"] if amended else stay["class_id"],
                    "from": stay["from_on"],
                    "until": until,
                    "left_on": left_on,
                    "overstay": overstay,
                    "corrected": {name: corrected[name] for name in ("control_number", "on")} if corrected else None,
                }
            )
    return told


def stay_granted(latest: Row[Any], decision: Mapping[str, Any], keys: SubjectKeys) -> list[Insert]:
    """The row of the stay that a decision grants, to be appended with the revision after ``latest``.

    A refusal leaves none, unless it takes the place of an admission.
    """
    if decision["action"] != "admit" and latest.state != State.DECIDED:
        return []
    values = {
        "examination_id": latest.examination_id,
        "revision": latest.revision + 1,
        "port_id": latest.port_id,
        "country": latest.country,
        "class_id": decision["class"],
        "from_on": latest.day,
        "until": decision["until"],
        "person_key": keys.person,
        "document_key": keys.document,
    }
    return [Insert("stays", values)]


def _as_they_stand(stays: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The stay of each examination as last decided, the earliest first; a superseding refusal leaves none."""
    latest: dict[str, Mapping[str, Any]] = {}
    for stay in sorted(stays, key=lambda stay: stay["version"]):
        latest[stay["id"]] = stay
    # Ids are in order of time, so that two admissions of a day are in theirs.
    return sorted((stay for stay in latest.values() if stay["class_id"]), key=lambda stay: stay["id"])


def _left_on(
    stay: Mapping[str, Any], granted: Sequence[Mapping[str, Any]], exits: Iterable[Mapping[str, Any]]
) -> str | None:
    """The first day on which the person is known to have left, if there is one."""
    out = [left["left_on"] for left in exits if left["country"] == stay["country"]]
    anew = [later["from_on"] for later in granted if later["id"] > stay["id"]]
    return min((day for day in [*out, *anew] if day >= stay["from_on"]), default=None)
