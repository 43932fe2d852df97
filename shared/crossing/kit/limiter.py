"""Rate limits of routes that are open to anyone, when no gateway stands before the service."""

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter
from starlette.requests import Request

from crossing.kit.problems import TooManyRequests


def address_of(request: Request) -> str:
    """The address that a request comes from, by which whoever has no account is counted."""
    return request.client.host if request.client else "unknown"


class AddressLimiter:
    """Counts requests of each address in each minute, at a cost that does not grow with their number."""

    def __init__(self, per_minute: int) -> None:
        self._limit = RateLimitItemPerMinute(per_minute)
        self._window = FixedWindowRateLimiter(MemoryStorage())

    async def admit(self, request: Request) -> None:
        """Let a request pass; raises ``TooManyRequests`` once the address has used its minute."""
        address = address_of(request)
        if not await self._window.hit(self._limit, address):
            raise TooManyRequests(headers={"Retry-After": "10"})
