"""A ruling as JSON."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from advance_ruling.rulings.load import Ruling, Version, live
from crossing.kit.database import format_instant
from crossing.packs.files import read_yaml

TEXTS: Final[dict[str, dict[str, str]]] = read_yaml(Path(__file__).parent / "texts.yaml")
#: What happened before the ruling was issued is told of the application.
_FIRST: Final = "issue"


def tell_ruling(ruling: Ruling, word: str, now: datetime, language: str) -> dict[str, Any]:
    """A ruling for whoever may read it; ``word`` is its standing."""
    latest, current = ruling.application.latest, ruling.at(now)
    coming = [each for each in live(ruling.versions) if each.row.effective_from > format_instant(now)]
    return {
        "number": ruling.number,
        "application": ruling.application.opened.id,
        "into": ruling.row.into,
        "class": ruling.row.class_id,
        "state": latest.state,
        "status": word,
        "binds": word == "valid",
        "due_at": latest.due_at,
        "current": _version(current),
        "coming": _version(coming[-1]) if coming and coming[-1] is not current else None,
        "proposal": ruling.application.content.get("proposal") if latest.state == "change_proposed" else None,
        "history": _history(ruling.application.history),
        "limits": TEXTS["limits"][language],
    }


def _version(version: Version) -> dict[str, Any]:
    row, claims, holding = version.row, version.claims, version.holding
    return {
        "version": row.version,
        "effective_from": row.effective_from,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "settled": list(claims.settled),
        "facts": holding["facts"],
        "conditions": holding["conditions"],
        "reasons": holding["reasons"],
        "fingerprint": row.fingerprint,
        "pack_version": claims.pack_version,
        "pack_digest": claims.pack_digest,
    }


def _history(revisions: Sequence[Any]) -> list[dict[str, Any]]:
    first = next(place for place, row in enumerate(revisions) if row.event == _FIRST)
    return [
        {
            "revision": row.revision,
            "at": row.at,
            "event": row.event,
            "by": row.party,
            "state": row.state,
            "detail": json.loads(row.detail),
        }
        for row in revisions[first:]
    ]
