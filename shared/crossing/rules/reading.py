"""What an explanation is read from: the facts and the statuses found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Reading:
    """One evaluated test, ready to be explained.

    ``trace`` holds the status of each node; ``entry`` is the list entry a ``where`` is read for, ``number`` its place.
    """

    facts: Mapping[str, Any]
    on: str
    finding: int | None
    trace: tuple[int, ...]
    entry: Mapping[str, Any] | None = None
    number: int = 0

    def of(self, trace: tuple[int, ...]) -> "Reading":
        """The same facts read for another test."""
        return Reading(self.facts, self.on, self.finding, trace, self.entry, self.number)

    def of_entry(self, trace: tuple[int, ...], entry: Mapping[str, Any], number: int) -> "Reading":
        """The same facts read for one entry of a list."""
        return Reading(self.facts, self.on, self.finding, trace, entry, number)

    def read(self, path: str, field: str | None) -> Any:
        """The value of a fact, or of a field of the entry."""
        return self.facts.get(path) if field is None else (self.entry or {}).get(field)

    @property
    def values(self) -> Mapping[str, Any]:
        """What an operand's value is looked up in: the facts and, inside ``where``, the entry's own as ``.field``."""
        if self.entry is None:
            return self.facts
        return {**self.facts, **{f".{field}": value for field, value in self.entry.items()}}
