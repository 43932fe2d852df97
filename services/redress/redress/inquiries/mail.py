"""Messages that bring a secret. The job names the access only: the secret is made when the message is sent."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Final

from fastapi import FastAPI
from uuid_utils.compat import uuid7

from crossing.kit.database import format_instant
from crossing.kit.jobs import Job, job
from crossing.kit.ledger import Insert
from crossing.kit.mail import KIND as MAIL
from crossing.kit.mail import mail_job
from crossing.kit.worker import Handler
from redress.casework.steps import Case, load_case
from redress.inquiries.access_secret import secret_of
from redress.inquiries.queries import salt_of
from redress.inquiries.representatives import is_represented
from redress.settings import PAGE

ACCESS_MAIL: Final = "access_mail"


def secret_mail(case_id: str, access: int, template: str, at: datetime) -> Insert:
    """The job that sends the secret of an access to whoever it is for."""
    payload = {"case_id": case_id, "access": access, "template": template}
    now = format_instant(at)
    return job(ACCESS_MAIL, f"{ACCESS_MAIL}/{uuid7()}", now, payload, at=now)


class SecretMail:
    """Handler of ``access_mail``: writes the message with the secret in the link's fragment, and has it sent."""

    def __init__(self, app: FastAPI, send: Handler) -> None:
        self._app = app
        self._send = send

    async def __call__(self, job: Job) -> None:
        """Send; a representation that ended meanwhile, or an address taken back, has nothing sent."""
        state, told = self._app.state, job.payload
        async with state.engine.connect() as connection:
            case = await load_case(connection, told["case_id"])
            salt = await salt_of(connection, told["case_id"], told["access"])
        to = _address(case, told["access"], state.clock())
        if to is None:
            return
        link = f"{state.settings.public_address}{PAGE}#{secret_of(state.identity_key, salt)}"
        at, language = format_instant(state.clock()), case.content["language"]
        message = mail_job(to, language, told["template"], case.control_number, case.state, link, at, key=job.key)
        await self._send(replace(job, kind=MAIL, payload=json.loads(message.values["payload"])))


def _address(case: Case, access: int, at: datetime) -> str | None:
    """The address that an access is for."""
    content = case.content
    if access == 1:
        address: str | None = content["contact"].get("email")
        return address
    if not is_represented(content, at.date().isoformat(), access):
        return None
    return str(content["representative"]["email"])
