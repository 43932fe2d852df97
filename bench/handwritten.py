"""The floor of the engine: the law of two classes as plain ``if``s, explained as the engine explains it.

What a programmer would write who knows these two classes and nothing else: texts and citations are constants, a fact
nobody stated is unknown, reasons are f-strings. ``bench.engine`` holds it to the engine's answers.
"""

from calendar import monthrange
from collections.abc import Mapping
from typing import Any

from crossing.packs import load_pack

Facts = Mapping[str, Any]
LAW = load_pack("US").on("2026-11-09")
#: What never changes of a requirement: id, kind, text, citation, verified, evidence.
STATIC = {part["id"]: part for part in LAW.static_parts("en") if part}
COUNTRY = (load_pack("US").names or {})["country"]["en"]
TEXT = {
    path: {value: text["en"] for value, text in definition["options"].items()}
    for path, definition in LAW.dictionary.facts.items()
    if isinstance(definition.get("options"), Mapping)
}
STATUS_DOCUMENT = LAW.dictionary.documents["i94"]["en"]
FEES = {
    fee.then.id: {
        "id": fee.then.id,
        "text": fee.then.text["en"],
        "amount": fee.then.amount,
        "currency": fee.then.currency,
        "payer": fee.then.payer,
        "citation": fee.then.citation["en"],
        "verified": fee.then.verified,
    }
    for fee in LAW.classes["us.tn"].grants.fees
}


class NotWritten(NotImplementedError):
    """A case beyond the law written here by hand."""


class Answer:
    """Requirements decided so far, and the facts still missing."""

    def __init__(self) -> None:
        self.requirements: list[dict[str, Any]] = []
        self.missing: list[str] = []
        self.words: set[str] = set()

    def add(self, name: str, status: str, reason: str, facts: dict[str, Any]) -> None:
        """One requirement and what it came to."""
        self.words.add(status)
        self.requirements.append({**STATIC[name], "status": status, "reason": reason, "facts": facts})

    def unknown(self, name: str, reason: str, *paths: str, facts: dict[str, Any] | None = None) -> None:
        """One requirement that waits for facts."""
        self.missing += paths
        self.add(name, "unknown", reason, facts or {})

    def judged(self, name: str, findings: Mapping[str, str]) -> None:
        """One requirement that only an officer decides."""
        found = findings.get(name)
        if found is None:
            self.add(name, "judgement", "Only an officer can decide this.", {})
        elif found == "met":
            self.add(name, "met", "An officer found that this is so.", {})
        else:
            self.add(name, "not_met", "An officer found that this is not so.", {})

    def plain(self, name: str, path: str, value: Any, is_met: bool, said: str, wanted: str) -> None:
        """One requirement on one fact; ``said`` is the sentence for its value."""
        if value is None:
            self.unknown(name, f"Not stated: {said}", path)
        elif is_met:
            self.add(name, "met", said, {path: value})
        else:
            self.add(name, "not_met", f"{said} Required: {wanted}.", {path: value})

    def told(self, grants: dict[str, Any]) -> dict[str, Any]:
        """The class as it is answered."""
        words = self.words
        status = (
            "does_not_qualify"
            if "not_met" in words
            else "needs_facts"
            if "unknown" in words or self.missing
            else "needs_judgement"
            if "judgement" in words
            else "qualifies"
        )
        settled = status in ("qualifies", "does_not_qualify")
        return {
            "status": status,
            "requirements": self.requirements,
            "missing_facts": [] if settled else list(dict.fromkeys(self.missing)),
            "grants": {} if status == "does_not_qualify" else grants,
        }


def yes(value: bool) -> str:
    """Yes or no."""
    return "yes" if value else "no"


def months_later(day: str, months: int) -> str:
    """The day some months later, the month's last day where it has no such day."""
    year, month = divmod(int(day[:4]) * 12 + int(day[5:7]) - 1 + months, 12)
    return f"{year}-{month + 1:02}-{min(int(day[8:]), monthrange(year, month + 1)[1]):02}"
