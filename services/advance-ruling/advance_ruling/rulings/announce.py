"""Tell of a ruling: the events that other services take, and the message to its holder."""

import json
from collections.abc import Mapping
from typing import Any, Final

from advance_ruling.steps import Application
from crossing.kit.events import event_jobs
from crossing.kit.ledger import Insert

SOURCE: Final = "advance-ruling"
_RECEIVERS: Final = ("admission",)


def announce(application: Application, event: str, number: str, data: Mapping[str, Any], at: str) -> list[Insert]:
    """The jobs that tell of a ruling; no person is named in them."""
    told = {"number": number, "into": application.opened.into, "class": application.opened.class_id, **data}
    return event_jobs(event, number, told, _RECEIVERS, at, source=SOURCE)


def contact_of(application: Application) -> dict[str, Any]:
    """Where messages to the holder go."""
    contact: dict[str, Any] = json.loads(application.file.contact)
    return contact
