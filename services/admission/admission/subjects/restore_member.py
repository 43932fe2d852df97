"""A membership as it was before it was lost, for as much longer as it was lost. Pure: no I/O."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

_LOST: Final = ("suspended", "revoked")


def restored(versions: Sequence[Mapping[str, Any]], at: str) -> dict[str, Any]:
    """The next version of a membership that is restored at an instant; ``versions`` are all, the first to the latest.

    Classes, endorsements and the last day are those of the version before it was lost; the days from then to now are
    added. A membership that was never seen otherwise than lost keeps what its latest version says.
    """
    latest = versions[-1]
    lost = next(number for number in range(len(versions), 0, -1) if number == 1 or not _is_lost(versions[number - 2]))
    before = versions[lost - 2] if lost > 1 else latest
    days = (date.fromisoformat(at[:10]) - date.fromisoformat(str(versions[lost - 1]["added_at"])[:10])).days
    until = date.fromisoformat(before["valid_until"]) + timedelta(days=days)
    kept = {name: before[name] for name in ("classes", "endorsements")}
    return {**latest, **kept, "version": latest["version"] + 1, "state": "restored", "valid_until": until.isoformat()}


def _is_lost(version: Mapping[str, Any]) -> bool:
    return version["state"] in _LOST
