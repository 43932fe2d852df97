"""What an explanation is read from: the facts, the statuses found, and the language to say it in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from crossing.rules.dictionary import FactDictionary
from crossing.rules.phrases import PHRASES


@dataclass(frozen=True)
class Reading:
    """One evaluated test, ready to be explained.

    ``trace`` holds the status of each node; ``entry`` is the list entry a ``where`` is read for, ``number`` its place.
    """

    facts: Mapping[str, Any]
    on: str
    finding: int | None
    trace: tuple[int, ...]
    dictionary: FactDictionary
    language: str
    entry: Mapping[str, Any] | None = None
    number: int = 0

    def of(self, trace: tuple[int, ...]) -> "Reading":
        """The same facts read for another test."""
        return replace(self, trace=trace)

    def of_entry(self, trace: tuple[int, ...], entry: Mapping[str, Any], number: int) -> "Reading":
        """The same facts read for one entry of a list."""
        return replace(self, trace=trace, entry=entry, number=number)

    @property
    def values(self) -> Mapping[str, Any]:
        """What an operand's value is looked up in: the facts and, inside ``where``, the entry's own fields."""
        return self.facts if self.entry is None else {**self.facts, **self.entry}

    def phrase(self, key: str, **parts: Any) -> str:
        """A sentence of the explanation."""
        return PHRASES[self.language][key].format(**parts)
