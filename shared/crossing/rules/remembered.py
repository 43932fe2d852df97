"""What explanations remember: the same facts are told in the same sentences, whoever the traveller is.

What is personal and not one of a few values (a birth date, a day of departure) is told anew each time.
"""

from collections.abc import Iterable
from typing import Any, Final, TypeVar

_MOST: Final = 4_096


Entry = TypeVar("Entry")


class Remembered(dict[Any, Any]):
    """Entries by key; begun anew when there are too many, so that memory stays bounded."""

    def keep(self, key: Any, entry: Entry) -> Entry:
        """Keep an entry and give it back."""
        if len(self) >= _MOST:
            self.clear()
        self[key] = entry
        return entry


def key_of(values: Iterable[Any]) -> tuple[Any, ...]:
    """Values of facts as part of a key."""
    key = tuple(values)
    try:
        hash(key)
    except TypeError:
        return tuple(_hashable(value) if isinstance(value, list) else value for value in key)
    return key


def _hashable(values: list[Any]) -> tuple[Any, ...]:
    return tuple(tuple(value.items()) if isinstance(value, dict) else value for value in values)
