"""What a ruling may decide of a case: eligibility for the class, without what is examined anew at every entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from crossing.desk.lawbook import Lawbook
from crossing.desk.make_determination import make_determination
from crossing.desk.problems import ContradictoryFacts
from crossing.kit.problems import FieldError, pointer
from crossing.rules import Determination, Pack, determine

#: What the travel document shows, by the name it has among the fields of an identity.
_SHOWN = {
    "traveller.born_on": "born_on",
    "travel_document.kind": "document_kind",
    "travel_document.issued_by": "issued_by",
    "travel_document.expires_on": "expires_on",
}
_DIFFERS = {
    "en": "differs from what the document says",
    "fr": "diffère de ce que dit le document",
    "es": "difiere de lo que dice el documento",
}


@dataclass(frozen=True)
class Considered:
    """A case considered twice: by the whole law, and by the part of it that a ruling may decide."""

    whole: Determination
    ruled: Determination

    @property
    def outcome(self) -> str:
        """What the case comes to as far as a ruling goes."""
        return self.ruled.outcome

    @property
    def never_ruled(self) -> list[str]:
        """Requirements that bear on the case and are left to every entry."""
        codes: Mapping[str, str] = self.whole.compact["classes"][0]["requirements"]
        return [each for each in codes if not self.whole.law.may_be_ruled(each)]


def consider(lawbook: Lawbook, into: str, content: Mapping[str, Any], at: datetime) -> Considered:
    """Consider the case of a case file, with the findings recorded in it.

    The law is that of the first intended entry, or of the day it is when that is later or not stated. Raises
    ``ContradictoryFacts`` and ``CaseCannotBeDetermined``.
    """
    findings = {name: each["finding"] for name, each in content.get("findings", {}).items()}
    facts, class_id = facts_of(content), content["class_id"]
    on = max(at.date().isoformat(), content["request"].get("first_entry") or "")
    whole = make_determination(lawbook, into, on, seeking=[class_id], overlays=[], facts=facts, findings=findings)
    part = _ruled_part(lawbook.packs[into])
    known = {name: found for name, found in findings.items() if part.on(on).requirement(name)}
    return Considered(whole, determine(facts, part, on, seeking=[class_id], findings=known))


def facts_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a case file with what the travel document shows; raises ``ContradictoryFacts``."""
    identity, facts = content["identity"], dict(content["facts"])
    shown = {path: identity[name] for path, name in _SHOWN.items() if identity.get(name)}
    if differing := [path for path, value in shown.items() if facts.get(path, value) != value]:
        errors = [FieldError(pointer("facts", *path.split(".")), _DIFFERS) for path in differing]
        raise ContradictoryFacts(errors=errors)
    if identity.get("nationality"):
        shown["traveller.citizenships"] = sorted({*facts.get("traveller.citizenships", ()), identity["nationality"]})
    return dict(sorted({**facts, **shown}.items()))


@lru_cache(maxsize=8)
def _ruled_part(pack: Pack) -> Pack:
    """The law without the sections that no ruling settles."""
    empty: dict[str, dict[str, list[str]]] = {
        name: {"all_of": []} for name in pack.content["pack"].get("never_ruled", ())
    }
    return Pack({**pack.content, "sections": {**pack.content["sections"], **empty}}, pack.names)
