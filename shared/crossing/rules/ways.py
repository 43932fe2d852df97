"""The fewest facts that would bring a test to what is wanted of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from crossing.rules.status import JUDGEMENT, MET, NOT_MET


@dataclass(frozen=True)
class Way:
    """Facts that, stated favourably, leave nothing unknown.

    ``settles`` says whether that is all; otherwise a person's judgement remains.
    """

    facts: tuple[str, ...] = ()
    settles: bool = True


def opposite(word: int) -> int:
    """*Met* for *not met*, and the other way round."""
    return NOT_MET if word == MET else MET


def way_of_known(status: int, wanted: int) -> Way | None:
    """The way to what is wanted of something that is no longer unknown: none is needed, or there is none."""
    return Way(settles=status == wanted) if status in (wanted, JUDGEMENT) else None


def together(ways: Iterable[Way | None]) -> Way | None:
    """The way where every part must come out as wanted."""
    parts = list(ways)
    open_parts = [part for part in parts if part]
    if len(open_parts) < len(parts):
        return None
    facts = dict.fromkeys(path for part in open_parts for path in part.facts)
    return Way(tuple(facts), all(part.settles for part in open_parts))


def shortest(ways: Iterable[Way | None]) -> Way | None:
    """The way where one part is enough; where each leads to a judgement, all must be known before a person judges."""
    parts = [part for part in ways if part]
    settling = [part for part in parts if part.settles]
    if settling:
        return min(settling, key=lambda part: len(part.facts))
    return together(parts) if parts else None
