"""The ``crossing`` command with a fault put in: ``python -m tests.faults.planted_service PLANT service NAME …``."""

import os
import sys
from typing import Any

from admission.rulings import trust
from crossing.cli import app
from crossing.kit.middleware import RequestContext

_KEPT: list[object] = []
_served = RequestContext.__call__


async def _leaking(self: RequestContext, scope: Any, receive: Any, send: Any) -> None:
    _KEPT.append((bytearray(200_000), os.open(os.devnull, os.O_RDONLY)))
    await _served(self, scope, receive, send)


def _plant(plant: str) -> None:
    if plant == "leaks":
        RequestContext.__call__ = _leaking  # type: ignore[method-assign]
    elif plant == "waits":
        trust._AT_THE_DESK_SECONDS = trust._SECONDS = 5.0  # type: ignore[misc]
    else:
        raise SystemExit(f"no such plant: {plant}")


if __name__ == "__main__":
    _plant(sys.argv.pop(1))
    app()
