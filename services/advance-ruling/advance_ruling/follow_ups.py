"""What goes out with a step: messages to the contact, a reminder, and notices of the time used."""

import json
from datetime import datetime

from advance_ruling.settings import AdvanceRulingSettings
from advance_ruling.steps import Application
from advance_ruling.time_used import levels, time_used
from crossing.casework.procedure import duration
from crossing.kit.database import format_instant
from crossing.kit.jobs import job
from crossing.kit.ledger import Insert
from crossing.kit.mail import mail_job
from crossing.rulings.procedure import load_procedure

TRACK_NOTICE = "track_notice"
REMINDER = "reminder"
CONSISTENCY = "consistency"


def follow_ups(settings: AdvanceRulingSettings, before: Application, after: Application) -> list[Insert]:
    """The jobs that follow from the steps between two stands of an application."""
    if after.latest.entered == before.latest.entered:
        return []
    at = datetime.fromisoformat(after.latest.at)
    told = [message(settings, after, "state", at), *_reminder(after, at)]
    return [*told, *_notices(before, after, at), *_comparison(after, at)]


def message(settings: AdvanceRulingSettings, application: Application, template: str, at: datetime) -> Insert:
    """A message to the contact of a file about one of its applications, in the contact's language."""
    contact, opened = json.loads(application.file.contact), application.opened
    return mail_job(
        contact["email"],
        contact["language"],
        template,
        opened.id,
        application.state,
        link_to(settings, opened.id),
        format_instant(at),
        key=f"{opened.id}/{application.latest.revision}/{template}",
    )


def link_to(settings: AdvanceRulingSettings, application_id: str) -> str:
    """Where somebody reads of an application."""
    return f"{settings.public_address}/v1/applications/{application_id}"


def _reminder(after: Application, at: datetime) -> list[Insert]:
    """A reminder before a deadline of the applicant's, unless it is nearer than that."""
    content = load_procedure().content
    latest = after.latest
    if latest.state not in content["reminders"]["in"] or not latest.due_at:
        return []
    due = datetime.fromisoformat(latest.due_at) - duration(content["reminders"]["before"])
    payload = {"application_id": after.opened.id, "entered": latest.entered}
    key = f"{after.opened.id}/{latest.revision}/reminder"
    return [job(REMINDER, key, format_instant(due), payload, at=format_instant(at))] if due > at else []


def _notices(before: Application, after: Application, at: datetime) -> list[Insert]:
    """Jobs for each level still to come, when the clock begins to run or runs again."""
    if after.latest.clock_since is None or before.latest.clock_since is not None:
        return []
    rows, used = [], time_used(after, at)
    for level, reached in levels(after).items():
        if reached > used:
            key = f"{after.opened.id}/{after.latest.revision}/time/{level}"
            payload = {"application_id": after.opened.id, "level": level}
            rows.append(job(TRACK_NOTICE, key, format_instant(at + reached - used), payload, at=format_instant(at)))
    return rows


def _comparison(after: Application, at: datetime) -> list[Insert]:
    """The job that holds a case just decided against like ones, where it may have ended otherwise than they."""
    if after.state not in load_procedure().content["consistency"]["other_ends"]:
        return []
    payload, instant = {"application_id": after.opened.id}, format_instant(at)
    return [job(CONSISTENCY, f"consistency/{after.opened.id}/{after.latest.revision}", instant, payload, at=instant)]
