"""A service that keeps something of every request for ever, for the soak to find: ``python -m tests.faults.leaking``."""

import os
from typing import Any

from crossing.cli import app
from crossing.kit.middleware import RequestContext

_KEPT: list[object] = []
_served = RequestContext.__call__


async def _leaking(self: RequestContext, scope: Any, receive: Any, send: Any) -> None:
    _KEPT.append((bytearray(200_000), os.open(os.devnull, os.O_RDONLY)))
    await _served(self, scope, receive, send)


RequestContext.__call__ = _leaking  # type: ignore[method-assign]
app()
