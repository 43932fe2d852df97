"""How a search goes about it on PostgreSQL, whose index lists all there is, in no order, though fifty are shown.

What is found in few digests is listed whole. What is found in more is listed quarter by quarter from the latest on,
and what is found in many is looked for one by one, where a page of them should be; what is not there after all is
listed. How common a word is, the engine's statistics say.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from math import prod
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

#: A place is the ordinal of the day of decision, times this, and a number within the day.
A_DAY: Final = 1_000_000
#: Days that are listed together, times places a day; the index of the quarters holds the same number.
A_QUARTER: Final = 91 * A_DAY
#: From this share of all digests on, reading one after the other finds a page sooner than listing a quarter.
_COMMON: Final = 0.06
#: Quarters that are listed in turn until there is a page; where one takes more, listing all at once is quicker.
QUARTERS: Final = 6
#: How many times as far as a page should reach it is read, since words do not come evenly.
_FURTHER: Final = 6
_REMEMBERED_SECONDS: Final = 600.0
_STATISTICS: Final = text(
    "SELECT c.reltuples AS rows, (SELECT max(rowid) FROM registry_search) AS newest,"
    " (SELECT min(rowid) FROM registry_search) AS oldest,"
    " CAST(CAST(s.most_common_elems AS text) AS text[]) AS terms, s.most_common_elem_freqs AS shares"
    " FROM pg_class c LEFT JOIN pg_stats s ON s.schemaname = current_schema() AND s.tablename = c.relname"
    " AND s.attname = 'words' WHERE c.oid = CAST('registry_search' AS regclass)"
)


class Manner(Enum):
    """How a stretch of the registry is searched."""

    ONE_BY_ONE = auto()
    #: What came after the quarters, these in turn, then all before them.
    BY_QUARTER = auto()
    LISTED = auto()


@dataclass(frozen=True)
class Window:
    """A stretch of the registry, its places from ``first`` on, and how it is searched; ``quarter`` is its latest."""

    first: int
    manner: Manner
    quarter: int = 0


@dataclass(frozen=True)
class Statistics:
    """What the engine knows of the registry: digests, their first and last place, the share of them with a term."""

    rows: float
    oldest: int
    newest: int
    shares: Mapping[str, float]
    read_at: float

    def share(self, terms: Sequence[str]) -> float:
        """The share of all digests that has every term, were each as common among those that have the others.

        A term that is not listed is taken for half as common as the least common one that is.
        """
        unlisted = min(self.shares.values(), default=0.0) / 2
        return prod(self.shares.get(term, unlisted) for term in terms)


def windows(statistics: Statistics, terms: Sequence[str], before: int, wanted: int) -> Iterator[Window]:
    """The stretches in which ``wanted`` digests with all terms, below ``before``, are searched one after the other."""
    share, latest = statistics.share(terms), min(before, statistics.newest)
    stretch = statistics.newest - statistics.oldest
    # Decisions are spread over the days, so that a share of all places holds about that share of all digests.
    holding = share * statistics.rows
    reach = stretch * min(1.0, wanted / holding) if holding > 0 else 0
    if share > _COMMON:
        yield Window(max(latest - round(min(_FURTHER * reach, stretch)), 0), Manner.ONE_BY_ONE)
    elif 0 < reach < QUARTERS * A_QUARTER:
        yield Window(0, Manner.BY_QUARTER, latest // A_QUARTER)
        return
    yield Window(0, Manner.LISTED)


class RegistryStatistics:
    """The statistics, read anew every few minutes."""

    def __init__(self) -> None:
        self._known: Statistics | None = None

    async def read(self, connection: AsyncConnection, now: float) -> Statistics:
        """What is known at an instant, in seconds of any clock that only goes on."""
        if self._known is None or now - self._known.read_at > _REMEMBERED_SECONDS:
            row: Any = (await connection.execute(_STATISTICS)).one()
            # Beside the shares of the terms, the engine lists the least, the greatest and that of none.
            shares = dict(zip(row.terms or (), row.shares or (), strict=False))
            self._known = Statistics(row.rows, row.oldest or 0, row.newest or 0, shares, now)
        return self._known
