"""Days and durations as the law counts them. Days are ISO 8601 strings (``2028-02-29``), which compare as days do."""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, overload

_DURATION = re.compile(r"P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?\Z")


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar, written as ISO 8601 does."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@lru_cache(maxsize=256)
def parse_duration(text: str) -> tuple[int, int]:
    """Months and days of an ISO 8601 duration of whole days, such as ``P3Y``, ``P6M`` or ``P9D``.

    Raises ``ValueError`` for anything else.
    """
    match = _DURATION.match(text)
    if not match or text == "P":
        raise ValueError(f"{text!r} is not an ISO 8601 duration in years, months, weeks and days")
    years, months, weeks, days = (int(part or 0) for part in match.groups())
    return years * 12 + months, weeks * 7 + days


@overload
def add(day: str, duration: str) -> str: ...
@overload
def add(day: None, duration: str) -> None: ...
def add(day: str | None, duration: str) -> str | None:
    """The day that lies a duration after a day; ``None`` stays ``None``.

    Where the month has no such day, its last day is taken: three years after 29 February 2028 is 28 February 2031.
    """
    return None if day is None else _later(day, duration)


@lru_cache(maxsize=4_096)
def _later(day: str, duration: str) -> str:
    months, days = parse_duration(duration)
    start = date.fromisoformat(day)
    month_index = start.year * 12 + start.month - 1 + months
    year, month = divmod(month_index, 12)
    if year > 9999:
        return date.max.isoformat()
    clipped = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    try:
        return (clipped + timedelta(days=days)).isoformat()
    except OverflowError:
        return date.max.isoformat()


def days_between(first: str | None, second: str | None) -> int | None:
    """Days from one day to another; ``None`` when either is unknown."""
    if first is None or second is None:
        return None
    return (date.fromisoformat(second) - date.fromisoformat(first)).days


def day_before(day: str) -> str:
    """The day before a day."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def in_force(span: dict[str, str] | None, on: str) -> bool:
    """Whether a span ``{from, until}`` holds a day; both ends belong to it, and an end left out is open."""
    if not span:
        return True
    return span.get("from", "0000-00-00") <= on <= span.get("until", "9999-99-99")


def current(dated: Sequence[Mapping[str, Any]], on: str) -> Mapping[str, Any]:
    """The entry of a dated series that holds on a day: the last that has begun; before the first day, the first."""
    begun = [entry for entry in dated if entry["from"] <= on]
    return begun[-1] if begun else dated[0]


def value_on(raw: str | Sequence[Mapping[str, str]], on: str) -> str:
    """A value as it reads on a day: one for all days, or a series of ``{from, value}``."""
    return raw if isinstance(raw, str) else current(raw, on)["value"]
