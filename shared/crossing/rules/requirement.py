"""Requirements of a pack as they stand on one day."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crossing.rules.dates import current
from crossing.rules.dictionary import Text
from crossing.rules.phrases import LANGUAGES


@dataclass(frozen=True)
class Requirement:
    """One atomic test of the law, in force: what must be true, where it is written, and what shows it."""

    id: str
    kind: str
    text: Text
    citation: Text
    evidence: tuple[str, ...]
    on_fail: str | None
    cure: Text | None
    verified: bool
    unverified_note: str | None
    source: tuple[str, ...]
    in_force: Mapping[str, str]

    @property
    def is_tested(self) -> bool:
        """Whether it is evaluated; a provision binds the officer or explains the rule."""
        return self.kind != "provision"


def as_of(raw: Mapping[str, Any], on: str) -> Mapping[str, Any]:
    """A requirement's YAML with the version in force on a day laid over what is common to all versions."""
    versions = [version for version in raw.get("versions", ()) if version["from"] <= on]
    return {**raw, **versions[-1]} if versions else raw


def read_requirement(raw: Mapping[str, Any], on: str) -> Requirement:
    """The requirement that YAML describes, on a day."""
    current = as_of(raw, on)
    cited_so = citation_as_of(current["citation"], on)
    # The wording that a dated citation names may be unseen while that of today was read.
    mark = cited_so if cited_so.get("verified") is False else current
    return Requirement(
        id=current["id"],
        kind=current["kind"],
        text=current["text"],
        citation=cited(current["citation"], on),
        evidence=tuple(current.get("evidence", ())),
        on_fail=current.get("on_fail"),
        cure=current.get("cure"),
        verified=mark["verified"],
        unverified_note=mark.get("unverified_note"),
        source=tuple(current.get("source", ())),
        in_force=current.get("in_force", {}),
    )


def citation_as_of(raw: Any, on: str) -> Mapping[str, Any]:
    """A citation as it reads on a day: one string for all languages, a map of languages, or a list of dated ones."""
    if isinstance(raw, list):
        return current(raw, on)
    return {"en": raw} if isinstance(raw, str) else raw


def cited(raw: Any, on: str) -> Text:
    """A citation in every language."""
    reads = citation_as_of(raw, on)
    return {language: reads.get(language, reads["en"]) for language in LANGUAGES}
