"""A circuit breaker with a bulkhead: who fails is left alone for a while, and nobody takes more than a share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from crossing.kit.clock import Clock


class CircuitOpen(Exception):
    """The other side failed too often, or has as many calls in hand as it may have; nothing was sent."""


class Breaker:
    """Stands around every call to one other side.

    After ``threshold`` failures in a row it lets nothing pass for ``rest``; then one call tries, and decides for all.
    At most ``most_at_once`` calls run side by side.
    """

    def __init__(
        self, clock: Clock, *, threshold: int = 5, rest: timedelta = timedelta(seconds=30), most_at_once: int = 20
    ) -> None:
        self._clock = clock
        self._threshold = threshold
        self._rest = rest
        self._most_at_once = most_at_once
        self._failures = 0
        self._running = 0
        self._closed_from: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the other side failed too often and has answered no call since."""
        return self._failures >= self._threshold

    @asynccontextmanager
    async def call(self) -> AsyncIterator[None]:
        """Around one call; any exception inside is a failure of the other side. Raises ``CircuitOpen``."""
        most = self._most_at_once
        if self.is_open:
            if self._closed_from is not None and self._clock() < self._closed_from:
                raise CircuitOpen
            most = 1
        if self._running >= most:
            raise CircuitOpen
        self._running += 1
        try:
            yield
        except Exception:
            self._failures += 1
            self._closed_from = self._clock() + self._rest
            raise
        else:
            self._failures = 0
        finally:
            self._running -= 1
