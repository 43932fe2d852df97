"""Periods of statistics: fixed ones that follow one another, so that no two can be taken from each other. No I/O."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both in it."""

    first: date
    last: date


def finished_periods(first: date, last: date, today: date, months: int) -> list[Period]:
    """The periods of so many months (a divisor of 12) that lie in a span of days and are over, the earliest first."""
    found = []
    year, month = first.year, (first.month - 1) // months * months + 1
    while (begins := date(year, month, 1)) <= last:
        following = date(year + (month + months > 12), (month + months - 1) % 12 + 1, 1)
        period = Period(begins, following - timedelta(days=1))
        if period.first >= first and period.last <= last and period.last < today:
            found.append(period)
        year, month = following.year, following.month
    return found
