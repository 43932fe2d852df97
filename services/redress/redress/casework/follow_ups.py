"""What goes out with the steps of a case: messages that hold a number, a state and a link, and other parts' jobs."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from crossing.casework.procedure import duration
from crossing.kit.database import format_instant
from crossing.kit.jobs import job
from crossing.kit.ledger import Insert
from crossing.kit.mail import mail_job
from redress.casework.shown import shown_from, told_state
from redress.casework.steps import Case
from redress.feedback.leave import left_by
from redress.procedure import load_procedure
from redress.remedies.following import corrections_follow, probe_follows, review_follows, watch_follows
from redress.settings import PAGE, RedressSettings

#: Says which rows follow from the steps between two stands of a case (``None``: it begins).
Following = Callable[[RedressSettings, Case | None, Case], list[Insert]]
NEAR_DEADLINE: Final = "near_deadline"
#: Events that whoever is on call is told of.
_CALLS: Final = ("escalate", "deemed_outcome", "page_on_call", "remedy_refused", "probe_failed")


def follow_ups(settings: RedressSettings, before: Case | None, after: Case) -> list[Insert]:
    """The jobs that follow from the steps between two stands of a case (``None``: it begins)."""
    return [row for following in FOLLOWING for row in following(settings, before, after)]


def message(
    settings: RedressSettings, case: Case, template: str, at: datetime, *, key: str, due_at: datetime | None = None
) -> list[Insert]:
    """A message to whoever filed, and to the representative while their consent lasts; none without an address."""
    sent, link, state = due_at or at, f"{settings.public_address}{PAGE}", told_state(case, due_at or at)
    return [
        mail_job(
            email,
            language,
            template,
            case.control_number,
            state,
            link,
            format_instant(at),
            key=f"{case.id}/{case.latest.revision}/{key}/{party}",
            due_at=format_instant(sent),
        )
        for party, email, language in _readers(case)
    ]


def _readers(case: Case) -> list[tuple[str, str, str]]:
    content = case.content
    language = content.get("language", "en")
    found = [("applicant", (content.get("contact") or {}).get("email"), language)]
    representative = content.get("representative") or {}
    consent = representative.get("consent") or {}
    if consent.get("scope") and not consent.get("revoked_on"):
        found.append(("representative", representative.get("email"), language))
    return [(party, email, language) for party, email, language in found if email]


def _new_state(settings: RedressSettings, before: Case | None, after: Case) -> list[Insert]:
    """Tell the traveller of a state that they see, once they see it."""
    at, due = datetime.fromisoformat(after.latest.at), None
    seen = told_state(before, at) if before else load_procedure().initial
    if (later := shown_from(after)) and later > at:
        if before and shown_from(before) == later:
            return []
        due = later
    if told_state(after, due or at) == seen:
        return []
    return message(settings, after, "state", at, key="state", due_at=due)


def _reminders(settings: RedressSettings, before: Case | None, after: Case) -> list[Insert]:
    at = datetime.fromisoformat(after.latest.at)
    return message(settings, after, "reminder", at, key="reminder") if after.latest.event == "remind" else []


def _near_deadline(settings: RedressSettings, before: Case | None, after: Case) -> list[Insert]:
    """A message before a deadline of the traveller's, when it is set or moved, unless it is nearer than that."""
    rules, latest = load_procedure().content["told_before"], after.latest
    moved = before is None or (before.latest.entered, before.latest.due_at) != (latest.entered, latest.due_at)
    if latest.state not in rules["in"] or not latest.due_at or not moved:
        return []
    at, due = datetime.fromisoformat(latest.at), datetime.fromisoformat(latest.due_at) - duration(rules["before"])
    if due <= at:
        return []
    return [near_deadline_job(after, due, at)]


def _on_call(settings: RedressSettings, before: Case | None, after: Case) -> list[Insert]:
    """Tell whoever is on call what nobody did in its time, or what the port would not take."""
    latest = after.latest
    if latest.event not in _CALLS or not settings.on_call_mailbox:
        return []
    link = f"{settings.public_address}/v1/cases/{after.id}"
    key = f"{after.id}/{latest.revision}/on-call"
    return [
        mail_job(
            settings.on_call_mailbox, "en", "on_call", after.control_number, latest.event, link, latest.at, key=key
        )
    ]


def near_deadline_job(case: Case, due: datetime, at: datetime) -> Insert:
    """The job that tells of a near deadline, unless it was moved or the case has moved on."""
    payload = {"case_id": case.id, "entered": case.latest.entered, "due_at": case.latest.due_at}
    key = f"{case.id}/{case.latest.revision}/{NEAR_DEADLINE}"
    return job(NEAR_DEADLINE, key, format_instant(due), payload, at=format_instant(at))


#: Whatever follows from steps; parts that send jobs of their own add to it.
FOLLOWING: Final[list[Following]] = [
    _new_state,
    _reminders,
    _near_deadline,
    _on_call,
    corrections_follow,
    probe_follows,
    watch_follows,
    review_follows,
    left_by,
]
