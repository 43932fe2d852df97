"""A case told to the desk: where it stands, what its file says, and who did what."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from redress.casework.standing import STATES, WORDS, standing
from redress.casework.steps import Case


def tell_case(
    case: Case, *, at: datetime, language: str, documents: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """The answer for a case, for the desk; ``documents`` are rows of evidence. ``desk`` is the whole case file."""
    content = case.content
    return {
        "id": case.id,
        "kind": case.opened.kind,
        "control_number": case.control_number,
        "revision": case.latest.revision,
        **standing(case, "applicant", at, language),
        "evidence": [_document(each) for each in documents],
        "desk": content,
        "history": [_event(row, language) for row in case.history],
    }


def _document(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("number", "kind", "name", "media_type", "size", "sha256", "added_at")}


def _event(row: Any, language: str) -> dict[str, Any]:
    return {
        "revision": row.revision,
        "event": row.event,
        "state": row.state,
        "state_text": STATES[row.state][language],
        "at": row.at,
        "by": WORDS["parties"][row.party][language],
        "actor": row.actor,
        "detail": json.loads(row.detail),
    }
