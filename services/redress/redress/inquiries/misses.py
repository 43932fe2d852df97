"""How often somebody may miss before a lock closes, kept in the process like the limits of open routes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from crossing.casework.procedure import duration
from crossing.kit.clock import Clock
from crossing.kit.problems import Problem
from redress.procedure import load_procedure

_MOST_REMEMBERED: Final = 100_000


class Locked(Problem):
    """Too many wrong tries; whether there is such a number is not said."""

    slug, status = "too-many-tries", 429
    titles = {
        "en": "Too many tries: wait before the next one",
        "fr": "Trop d’essais : attendez avant le prochain",
        "es": "Demasiados intentos: espere antes del siguiente",
    }


@dataclass
class _Count:
    times: int
    until: datetime


class Counter:
    """Counts what a key does within a time from its first; beyond ``most`` it is locked until that time is over."""

    def __init__(self, clock: Clock, most: int, within: timedelta) -> None:
        self._clock = clock
        self._most = most
        self._within = within
        self._counts: dict[str, _Count] = {}

    def require_open(self, *keys: str) -> None:
        """Raises ``Locked`` when any key was counted as often as it may."""
        now = self._clock()
        for key in keys:
            count = self._counts.get(key)
            if count and count.until > now and count.times >= self._most:
                seconds = int((count.until - now).total_seconds()) + 1
                raise Locked(headers={"Retry-After": str(seconds)})

    def count(self, *keys: str) -> None:
        """Count each key once more."""
        now = self._clock()
        if len(self._counts) >= _MOST_REMEMBERED:
            self._counts = _still_open(self._counts, now)
        for key in keys:
            count = self._counts.get(key)
            if count is None or count.until <= now:
                self._counts[key] = _Count(1, now + self._within)
            else:
                count.times += 1


def counters(clock: Clock) -> list[Counter]:
    """Those of wrong secrets, of filings and of requests for the way back, with the procedure's numbers."""
    rules = load_procedure().content["limits"]
    return [
        Counter(clock, rules[name]["most"], duration(rules[name]["within"]))
        for name in ("misses", "filings", "recoveries")
    ]


def _still_open(counts: Mapping[str, _Count], now: datetime) -> dict[str, _Count]:
    """Those whose time is not over; when they are all, the older half is forgotten, so that memory stays bounded."""
    kept = {key: count for key, count in counts.items() if count.until > now}
    if len(kept) < _MOST_REMEMBERED:
        return kept
    return dict(sorted(kept.items(), key=lambda each: each[1].until)[_MOST_REMEMBERED // 2 :])
