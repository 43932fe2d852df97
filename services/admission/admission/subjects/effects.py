"""What remedies make a port see of a subject. Pure: no I/O (specification: redress, section 10)."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from crossing.redress.remedies import load_remedies

#: By what a later remedy of a kind takes the place of an earlier one; the others take it by their record.
_PLACE: Final[Mapping[str, tuple[str, ...]]] = {
    "identity_disambiguated": ("record_id", "match"),
    "record_notated": ("case_id", "record_id"),
    "route_pointed": ("case_id", "route"),
    "watch_set": ("case_id",),
    "watch_ended": ("case_id",),
    "examination_invited": (),
    "biometric_reenrolled": (),
}
_BY_RECORD: Final = ("record_id",)


@dataclass(frozen=True)
class Effects:
    """What holds of a subject on a day: by kind, the remedies that stand, the earliest first.

    Each is its content with ``remedy`` (its id), ``case_id``, ``control_number``, ``on`` (the day it was applied),
    ``record_kind``, ``record_id`` and ``record_version``.
    """

    standing: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    used: tuple[str, ...] = ()

    def of(self, kind: str) -> tuple[Mapping[str, Any], ...]:
        """The remedies of a kind that stand."""
        return self.standing.get(kind, ())

    def suppresses(self, lookout: str, match: str) -> dict[str, Any] | None:
        """Under which control number, and since when, a match with an entry does not count; ``None`` when it does."""
        for each in self.of("identity_disambiguated"):
            if (each["record_id"], each["match"]) == (lookout, match):
                return {"control_number": each["control_number"], "since": each["on"]}
        return None

    def stay(self, examination: str) -> dict[str, Any] | None:
        """The correction of the stay that an examination granted, if there is one."""
        for each in self.of("stay_corrected"):
            if each["record_id"] == examination:
                return _told(each, "left_on")
        return None

    def annulled(self, examination: str, revision: int) -> dict[str, Any] | None:
        """The annulment of the refusal decided at a revision; a decision made after it was ordered is not touched."""
        return self._of_decision("refusal_annulled", examination, revision)

    def amended(self, examination: str, revision: int) -> dict[str, Any] | None:
        """The class and last day that stand in the place of those decided at a revision."""
        return self._of_decision("admission_amended", examination, revision, "class", "until", "rule_version")

    def _of_decision(self, kind: str, examination: str, revision: int, *names: str) -> dict[str, Any] | None:
        for each in self.of(kind):
            if each["record_id"] == examination and each["record_version"] >= revision:
                return _told(each, *names)
        return None

    @property
    def invitation(self) -> dict[str, Any] | None:
        """The invitation that opens the next examination."""
        for each in self.of("examination_invited"):
            return _told(each, "classes", "valid_until") | {"examination": each["record_id"]}
        return None

    def told(self) -> dict[str, Any]:
        """The parts of a subject check that remedies make."""
        reenrol = self.of("biometric_reenrolled")
        return {
            "annulled": [self._at_examination(each) for each in self.of("refusal_annulled")],
            "amended": [
                self._at_examination(each, "class", "until", "rule_version") for each in self.of("admission_amended")
            ],
            "notations": [
                _told(each, "text") | {"record": {"kind": each["record_kind"], "id": each["record_id"]}}
                for each in self.of("record_notated")
            ],
            "biometric_reenrol": _told(reenrol[0], "reason") if reenrol else None,
            "invitation": self.invitation,
            "routes": [
                _told(each, "route") | load_remedies()["routes"][each["route"]] for each in self.of("route_pointed")
            ],
            "watch": [_told(each, "recurs_on", "until") | {"case": each["case_id"]} for each in self.of("watch_set")],
            "used": list(self.used),
        }

    def _at_examination(self, each: Mapping[str, Any], *names: str) -> dict[str, Any]:
        return _told(each, *names) | {"examination": each["record_id"], "revision": each["record_version"]}


def _told(remedy: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: remedy[name] for name in ("remedy", "control_number", "on", *names)}


def effects_of(rows: Iterable[Mapping[str, Any]], used: Collection[str], day: str) -> Effects:
    """What some remedies bring about on a day (ISO) for whoever stands there.

    ``rows`` are rows of the table of remedies, in any order, each with ``match``: by what it was found, ``document``,
    ``membership``, ``control_number`` (shown with the name or the document that it belongs to) or ``name``. ``used``
    are the ids of those that were used up.
    """
    standing: dict[str, dict[tuple[Any, ...], Mapping[str, Any]]] = {}
    theirs = [row for row in rows if _is_for(row)]
    for row in sorted(theirs, key=lambda row: (row["applied_at"], row["id"])):
        remedy = _read(row)
        place = tuple(remedy[name] for name in _PLACE.get(row["kind"], _BY_RECORD))
        of_kind = standing.setdefault(row["kind"], {})
        of_kind.pop(place, None)
        if row["kind"] == "watch_ended":
            standing.get("watch_set", {}).pop(place, None)
        if row["id"] not in used and day <= _last_day(remedy):
            of_kind[place] = remedy
    return Effects({kind: tuple(found.values()) for kind, found in standing.items()}, tuple(sorted(used)))


def _is_for(row: Mapping[str, Any]) -> bool:
    """Whether a remedy is for whoever it was found for: a namesake has the same name and birth date.

    What is corrected in a record is corrected whoever asks.
    """
    return row["match"] != "name" or bool(load_remedies()["kinds"][row["kind"]].get("whoever_asks"))


def _read(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("case_id", "control_number", "record_kind", "record_id", "record_version")
    content: dict[str, Any] = json.loads(row["content"])
    return content | {"remedy": row["id"], "on": row["applied_at"][:10]} | {name: row[name] for name in names}


def _last_day(remedy: Mapping[str, Any]) -> str:
    return str(remedy.get("valid_until") or ("9999-12-31" if "recurs_on" not in remedy else remedy["until"]))


def recurrences(watches: Iterable[Mapping[str, Any]], lookouts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The watches that a subject check's hits set off, each with the hit that is the repeat.

    A repeat is a hit that is not suppressed, by the very entry, or by name through another entry of its list: a list
    that is drawn up anew names the same person under another id.
    """
    hits = [each for each in lookouts if not each["suppressed"]]
    found = []
    for watch in watches:
        for cause in (each for each in watch["recurs_on"] if each["kind"] == "lookout"):
            hit = next((hit for hit in hits if _repeats(cause, hit)), None)
            if hit:
                found.append(
                    {"case": watch["case"], "cause": {"kind": "lookout", "id": hit["id"], "list": hit["list"]}}
                )
                break
    return found


def _repeats(cause: Mapping[str, Any], hit: Mapping[str, Any]) -> bool:
    return bool(hit["id"] == cause["id"] or (hit["match"] == "name" and cause["list"] and hit["list"] == cause["list"]))


def refused_again(watches: Iterable[Mapping[str, Any]], not_met: Collection[str]) -> list[dict[str, Any]]:
    """The watches that a refusal sets off, each with the requirement for which the subject was refused before."""
    found = []
    for watch in watches:
        named = [each["id"] for each in watch["recurs_on"] if each["kind"] == "requirement" and each["id"] in not_met]
        if named:
            found.append({"case": watch["case"], "cause": {"kind": "requirement", "id": named[0]}})
    return found
