"""What an explanation is read from: the facts, the statuses found, and the language to say it in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from crossing.rules.dictionary import FactDictionary
from crossing.rules.phrases import PHRASES


@dataclass(slots=True)
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
    #: What an operand's value is looked up in: the facts and, inside ``where``, the entry's own as ``.field``.
    values: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        own = {f".{name}": value for name, value in self.entry.items()} if self.entry else None
        self.values = {**self.facts, **own} if own else self.facts

    def of(self, trace: tuple[int, ...]) -> "Reading":
        """The same facts read for another test."""
        return replace(self, trace=trace)

    def of_entry(self, trace: tuple[int, ...], entry: Mapping[str, Any], number: int) -> "Reading":
        """The same facts read for one entry of a list."""
        return replace(self, trace=trace, entry=entry, number=number)

    def phrase(self, key: str, **parts: Any) -> str:
        """A sentence of the explanation."""
        return PHRASES[self.language][key].format(**parts)
