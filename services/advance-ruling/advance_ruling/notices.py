"""Handlers of what falls due besides deadlines: reminders, and notices to the next level of the time used."""

from contextlib import suppress

from fastapi import FastAPI

from advance_ruling.follow_ups import link_to, message
from advance_ruling.steps import Application, load_application
from advance_ruling.time_used import levels, time_used
from crossing.kit.database import format_instant
from crossing.kit.jobs import Job
from crossing.kit.ledger import Conflict, Insert
from crossing.kit.mail import mail_job

#: With these a case begins to use its time, so that each level is told once for each of them.
_BEGINNINGS = ("check_ok", "review_request")


async def _load(app: FastAPI, job: Job) -> Application:
    async with app.state.engine.connect() as connection:
        return await load_application(connection, job.payload["application_id"])


class Reminders:
    """Reminds an applicant of a deadline, unless the application has moved on."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, job: Job) -> None:
        """Append the message; a repeat finds it waiting, or sends it again as mail does."""
        application, state = await _load(self._app, job), self._app.state
        if application.latest.entered != job.payload["entered"]:
            return
        with suppress(Conflict):
            await state.ledger.append([message(state.settings, application, "reminder", state.clock())], None)


class TrackNotices:
    """Tells the next level, once, that a case has used a share of its time, or passed the law's last day."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, job: Job) -> None:
        """Note the level reached; nothing while the clock stands still, since it is counted anew when it runs again."""
        application, state = await _load(self._app, job), self._app.state
        level, now = job.payload["level"], state.clock()
        if application.latest.clock_since is None or time_used(application, now) < levels(application)[level]:
            return
        began = max(row.revision for row in application.history if row.event in _BEGINNINGS)
        reached = {
            "application_id": application.opened.id,
            "entered": began,
            "level": level,
            "at": format_instant(now),
        }
        rows = [Insert("escalations", reached), *self._told(application, level, format_instant(now))]
        with suppress(Conflict):  # told before, by a worker that was killed before it could say so
            await state.ledger.append(rows, None)

    def _told(self, application: Application, level: str, at: str) -> list[Insert]:
        settings, opened = self._app.state.settings, application.opened
        if settings.escalation_mailbox is None:
            return []
        link, key = link_to(settings, opened.id), f"{opened.id}/{application.latest.revision}/level/{level}"
        return [mail_job(settings.escalation_mailbox, "en", "time_used", opened.id, f"time_{level}", link, at, key=key)]
