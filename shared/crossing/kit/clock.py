"""The clock, passed in: services ask it, tests move it."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request

from crossing.kit.database import format_instant

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def now_of(request: Request) -> str:
    """The instant of a request, as it is stored."""
    return format_instant(request.app.state.clock())


def local_day(instant: datetime, time_zone: str) -> str:
    """The day it is in a time zone: what "today" means at a port."""
    return instant.astimezone(ZoneInfo(time_zone)).date().isoformat()
