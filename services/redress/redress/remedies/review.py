"""A remedy whose time for review has come is put before the desk; until somebody looked, it goes on to hold."""

from typing import Any, Final

from fastapi import FastAPI

from crossing.kit.database import format_instant
from crossing.kit.jobs import Job
from crossing.kit.ledger import Insert
from crossing.kit.mail import mail_job
from redress.casework.steps import load_case
from redress.remedies.watch import corrected

DUE: Final = "review_due"


class Reviews:
    """The handler of jobs of the kind ``remedy_review``: ``{case_id, id}``. A repeat finds the message sent before."""

    def __init__(self, app: FastAPI) -> None:
        self._state = app.state

    async def __call__(self, job: Job) -> None:
        """List the remedy as due for review, and tell whoever is on call of the case."""
        async with self._state.engine.connect() as connection:
            case = await load_case(connection, job.payload["case_id"])
        at = format_instant(self._state.clock())
        correction = next(each for each in corrected(case.content) if each["id"] == job.payload["id"])
        row = {
            "remedy_id": correction["id"],
            "case_id": case.id,
            "number": correction["number"],
            "state": DUE,
            "version": correction["applied"]["version"],
            "at": at,
        }
        rows = [Insert("remedy_states", row, replacing=("remedy_id",)), *self._message(case, at, job.key)]
        await self._state.ledger.append(rows, None)

    def _message(self, case: Any, at: str, key: str) -> list[Insert]:
        settings = self._state.settings
        if not settings.on_call_mailbox:
            return []
        link = f"{settings.public_address}/v1/cases/{case.id}"
        mailbox = settings.on_call_mailbox
        return [mail_job(mailbox, "en", "on_call", case.control_number, DUE, link, at, key=f"{key}/on-call")]
