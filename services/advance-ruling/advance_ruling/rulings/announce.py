"""Tell of a ruling: the events that other services take."""

from collections.abc import Mapping
from typing import Any, Final

from advance_ruling.settings import AdvanceRulingSettings
from advance_ruling.steps import Application
from crossing.kit.events import event_jobs
from crossing.kit.ledger import Insert

SOURCE: Final = "advance-ruling"
_RECEIVERS: Final = ("admission",)
_BY_THE_CLOCK: Final = {"expire": "ruling.expired", "resume": "ruling.resumed"}


def announce(
    settings: AdvanceRulingSettings,
    application: Application,
    event: str,
    number: str,
    data: Mapping[str, Any],
    at: str,
) -> list[Insert]:
    """The jobs that tell of a ruling; no person is named in them. Who has no address is not told."""
    told = {"number": number, "into": application.opened.into, "class": application.opened.class_id, **data}
    receivers = [name for name in _RECEIVERS if name in settings.event_addresses]
    return event_jobs(event, number, told, receivers, at, source=SOURCE)


def told_by_the_clock(
    settings: AdvanceRulingSettings, application: Application, revision: Mapping[str, Any]
) -> list[Insert]:
    """What other services are told when the clock takes a step; nothing of an application that came to no ruling."""
    number, event = application.content.get("number"), _BY_THE_CLOCK.get(str(revision["event"]))
    return announce(settings, application, event, number, {}, str(revision["at"])) if number and event else []
