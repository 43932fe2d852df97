"""Tell of a ruling: the events that other services take, and the message to its holder."""

import json
from collections.abc import Mapping
from typing import Any, Final

from advance_ruling.steps import Application
from crossing.kit.events import event_jobs
from crossing.kit.ledger import Insert
from crossing.kit.mail import mail_job

SOURCE: Final = "advance-ruling"
_RECEIVERS: Final = ("admission",)
_BY_THE_CLOCK: Final = {"expire": "ruling.expired", "resume": "ruling.resumed", "effective": "ruling.effective"}


def announce(application: Application, event: str, number: str, data: Mapping[str, Any], at: str) -> list[Insert]:
    """The jobs that tell of a ruling; no person is named in them."""
    told = {"number": number, "into": application.opened.into, "class": application.opened.class_id, **data}
    return event_jobs(event, number, told, _RECEIVERS, at, source=SOURCE)


def message(state: Any, application: Application, number: str, revision: Mapping[str, Any]) -> list[Insert]:
    """The message to the holder that the ruling stands otherwise; none where the file names no address."""
    contact = json.loads(application.file.contact)
    if not contact.get("email"):
        return []
    link, at = f"{state.settings.public_address}/rulings/{number}", str(revision["at"])
    key = f"{application.opened.id}/{revision['revision']}"
    language = contact.get("language", application.file.language)
    return [mail_job(contact["email"], language, "state", number, str(revision["state"]), link, at, key=key)]


def told_by_the_clock(state: Any, application: Application, revision: Mapping[str, Any]) -> list[Insert]:
    """What goes out when the clock takes a step of a ruling; nothing for an application that came to none."""
    number = application.content.get("number")
    if number is None:
        return []
    event = _BY_THE_CLOCK.get(str(revision["event"]))
    told = announce(application, event, number, {}, str(revision["at"])) if event else []
    return [*told, *message(state, application, number, revision)]
