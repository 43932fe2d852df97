"""How a search is walked on PostgreSQL, whose full text finds all there is, in no order, and is asked for the latest.

What is found in one digest of a hundred costs a thousand rows to list whole, though fifty are shown. So the latest
quarters are searched first, then those before them, then all; what is in many digests is looked for one by one from the
latest on, and what is in few is listed whole at once. How common a word is, the engine's own statistics say.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import prod
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

#: A place is the ordinal of the day of decision, times this, and a number within the day.
A_DAY: Final = 1_000_000
_QUARTERS_AT_FIRST: Final = (3, 6)
_MONTHS_OF_A_QUARTER: Final = 3
#: Up to so many are listed whole at once.
_FEW: Final = 300
#: From this share of all digests on, reading one after the other from the latest finds a page sooner.
_COMMON: Final = 0.04
_REMEMBERED_SECONDS: Final = 600.0
_STATISTICS: Final = text(
    "SELECT c.reltuples AS rows, (SELECT max(rowid) FROM registry_search) AS newest,"
    " CAST(CAST(s.most_common_elems AS text) AS text[]) AS terms, s.most_common_elem_freqs AS shares"
    " FROM pg_class c LEFT JOIN pg_stats s ON s.schemaname = current_schema() AND s.tablename = c.relname"
    " AND s.attname = 'words' WHERE c.oid = CAST('registry_search' AS regclass)"
)


@dataclass(frozen=True)
class Window:
    """A stretch of the registry: places from ``first`` on, in ``quarters`` (all when none), read from the latest on."""

    first: int
    quarters: tuple[str, ...]
    one_by_one: bool


@dataclass(frozen=True)
class Statistics:
    """What the engine knows of the registry: digests, the newest place, and the share of them that has a term."""

    rows: float
    newest: int
    shares: Mapping[str, float]
    read_at: float

    def share(self, terms: Sequence[str]) -> float:
        """The share of all digests that has every term, were each as common among those that have the others.

        A term that is not listed is taken for as common as the least common one that is.
        """
        least = min(self.shares.values(), default=0.0)
        return prod(self.shares.get(term, least) for term in terms)


def quarter_tag(place: int) -> str:
    """The tag of the quarter in which a place's decision was taken: ``quarter=2026q4``."""
    return _tag(_quarter_of(place))


def windows(statistics: Statistics, terms: Sequence[str], before: int) -> Iterator[Window]:
    """The stretches in which digests with all terms, below ``before``, are searched one after the other."""
    share = statistics.share(terms)
    if share * statistics.rows <= _FEW:
        yield Window(0, (), one_by_one=False)
        return
    # What was published since the statistics were read belongs to the latest quarter, or the one after it.
    quarter = _after(_quarter_of(statistics.newest)) if before > statistics.newest else _quarter_of(before)
    for number in _QUARTERS_AT_FIRST:
        named = [quarter]
        while len(named) < number:
            named.append(_before(named[-1]))
        is_first = number == _QUARTERS_AT_FIRST[0]
        yield Window(_first_place(named[-1]), tuple(map(_tag, named)), one_by_one=is_first and share > _COMMON)
        quarter = _before(named[-1])
    yield Window(0, (), one_by_one=False)


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
            self._known = Statistics(row.rows, row.newest or A_DAY, shares, now)
        return self._known


def _quarter_of(place: int) -> date:
    day = date.fromordinal(max(place // A_DAY, 1))
    return day.replace(month=(day.month - 1) // _MONTHS_OF_A_QUARTER * _MONTHS_OF_A_QUARTER + 1, day=1)


def _tag(quarter: date) -> str:
    return f"quarter={quarter.year:04}q{quarter.month // _MONTHS_OF_A_QUARTER + 1}"


def _before(quarter: date) -> date:
    return _quarter_of((quarter.toordinal() - 1) * A_DAY)


def _after(quarter: date) -> date:
    return _quarter_of((quarter + timedelta(days=31 * _MONTHS_OF_A_QUARTER)).toordinal() * A_DAY)


def _first_place(quarter: date) -> int:
    return quarter.toordinal() * A_DAY
