"""What the ruling service tells a port: that a ruling began, changed or ended. The port then asks for the list anew."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request

from crossing.kit.inbox import Effect, Event, Taker

_TOLD: Final = ("issued", "modified", "revoked", "suspended", "resumed", "superseded", "expired", "restored")


async def _status_changed(_: Event, request: Request) -> Effect:
    """Nothing is kept of the event: what holds of a ruling is what the signed status list says."""
    await request.app.state.trust.refresh()
    return [], None


TAKERS: Final[Mapping[str, Taker]] = {f"ruling.{each}": _status_changed for each in _TOLD}
