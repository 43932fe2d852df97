"""Rate limits of routes that are open to anyone, when no gateway stands before the service."""

import time
from typing import Final

from starlette.requests import Request

from crossing.kit.problems import TooManyRequests

_MINUTE: Final = 60.0


class AddressLimiter:
    """Counts requests of each address over a moving minute.

    The minute before counts by the part of it that the moving minute still covers; so an address takes two numbers,
    however much it asks, and a request costs the same for the first and the last.
    """

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._minute = 0
        self._now: dict[str, int] = {}
        self._before: dict[str, int] = {}

    async def admit(self, request: Request) -> None:
        """Let a request pass; raises ``TooManyRequests`` once the address has used its minute."""
        address = request.client.host if request.client else "unknown"
        minute, passed = divmod(time.monotonic(), _MINUTE)
        if minute != self._minute:
            self._before = self._now if minute == self._minute + 1 else {}
            self._minute, self._now = int(minute), {}
        count = self._now.get(address, 0)
        if count + self._before.get(address, 0) * (1 - passed / _MINUTE) >= self._per_minute:
            raise TooManyRequests(headers={"Retry-After": "10"})
        self._now[address] = count + 1
