"""Counts that may be published: no cell below a smallest one, and none that could be worked out. No I/O."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Published:
    """A table as it may be shown; ``None`` stands for what is withheld, cells of nobody among it."""

    total: int | None
    cells: Mapping[Any, int | None]


def published(cells: Mapping[Any, int], smallest: int) -> Published:
    """A table of counts with what could lead to a few persons withheld; ``cells`` add up to the total.

    Beside the small cells at least one more is withheld, and together not less than one below twice ``smallest``: then
    neither what is shown, taken from the total, nor this rule itself says what a small cell holds. The cells withheld
    besides are the first in the table's order: to choose them by size would tell something of the small ones.
    """
    total = sum(cells.values())
    if total < smallest:
        return Published(None, dict.fromkeys(cells))
    withheld: list[Hashable] = [key for key, count in cells.items() if count < smallest]
    besides = [key for key, count in cells.items() if count >= smallest] if withheld else []
    for position, key in enumerate(besides):
        if position > 0 and sum(cells[each] for each in withheld) >= 2 * smallest - 1:
            break
        withheld.append(key)
    return Published(total, {key: None if key in withheld else count for key, count in cells.items()})


def published_count(count: int, smallest: int) -> int | None:
    """A count by itself, withheld where it is below the smallest."""
    return count if count >= smallest else None
