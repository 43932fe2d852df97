"""Messages to people, sent by the job table: by SMTP, or kept as files where the suite runs embedded.

The address stands in the job and on the envelope, never in the message, in a log or in a file's name. A message may
arrive twice when a worker is killed just after sending; both have the same Message-ID, by which mail programs know it.
"""

import asyncio
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Final, Literal, Protocol
from urllib.parse import urlsplit

import aiosmtplib

from crossing.kit.jobs import Job, job
from crossing.kit.ledger import Insert
from crossing.kit.letters import Letters

KIND: Final = "mail"
_ADDRESS: Final = re.compile(r"[^\s@<>(),;:\"\[\]\\\x00-\x1f\x7f]{1,64}@[^\s@<>(),;:\"\[\]\\\x00-\x1f\x7f]{1,255}\Z")
_NUMBER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,63}\Z")
_LINK: Final = re.compile(r"https?://[!-~]{1,500}\Z")
_SMTP_SECONDS: Final = 20.0


def mail_job(
    to: str,
    language: str,
    template: str,
    number: str,
    state: str,
    link: str,
    at: str,
    *,
    key: str,
    due_at: str | None = None,
) -> Insert:
    """The row that sends a message, to be appended with the change it tells of.

    ``template`` and ``state`` are names in the service's ``Letters``; ``number`` is the file's or the ruling's;
    ``link`` an http(s) address without query; ``key`` says which message it is (``crossing.kit.jobs.job``), never to
    whom; ``due_at`` is when to send it, else now (``at``). Raises ``ValueError`` for what cannot be sent.
    """
    if not (_ADDRESS.match(to) and _NUMBER.match(number) and _LINK.match(link)) or urlsplit(link).query:
        raise ValueError("a message needs an address, a number and a link that are whole")
    payload = {
        "to": to,
        "language": language,
        "template": template,
        "number": number,
        "state": state,
        "link": link,
        "on": due_at or at,
    }
    return job(KIND, f"mail/{key}", due_at or at, payload, at=at)


class Carrier(Protocol):
    """Takes a message to its reader, or keeps it."""

    async def carry(self, message: EmailMessage, to: str, name: str) -> None:
        """Carry a message to an address; ``name`` is the job's, the same when it is repeated."""


class MailSender:
    """Handler of jobs of the kind ``mail``: writes the message and gives it to a carrier."""

    def __init__(self, letters: Letters, carrier: Carrier, *, sender: str) -> None:
        self._letters = letters
        self._carrier = carrier
        self._sender = sender

    async def __call__(self, job: Job) -> None:
        """Send; raises whatever stands in the way, so that the job is tried again."""
        await self._carrier.carry(self._message(job.id, job.payload), job.payload["to"], job.id)

    def _message(self, name: str, told: Mapping[str, Any]) -> EmailMessage:
        language = told["language"]
        subject, body = self._letters.write(
            told["template"], language, number=told["number"], state=told["state"], link=told["link"]
        )
        message = EmailMessage(SMTP)
        message["From"] = self._sender
        message["To"] = "undisclosed-recipients:;"
        message["Subject"] = subject
        message["Date"] = format_datetime(datetime.fromisoformat(told["on"]))
        message["Message-ID"] = f"<{name}@{self._sender.rpartition('@')[2].rstrip('>')}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday notice answers it
        message.set_content(body, charset="utf-8", cte="quoted-printable")
        message["Content-Language"] = language
        return message


@dataclass(frozen=True)
class SmtpCarrier:
    """Gives messages to a mail server; ``security``: ``tls`` from the start, ``starttls``, or ``none`` on loopback."""

    host: str
    port: int
    security: Literal["tls", "starttls", "none"] = "starttls"
    user: str | None = None
    password: str | None = None

    async def carry(self, message: EmailMessage, to: str, name: str) -> None:
        """See ``Carrier.carry``; returns once the server has taken responsibility (RFC 5321 §4.2.5)."""
        await aiosmtplib.send(
            message,
            sender=str(message["From"].addresses[0].addr_spec),
            recipients=[to],
            hostname=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            use_tls=self.security == "tls",
            start_tls=self.security == "starttls",
            timeout=_SMTP_SECONDS,
        )


@dataclass(frozen=True)
class FolderCarrier:
    """Keeps messages as ``.eml`` files named for their jobs, so that a repeat writes the same file."""

    folder: Path

    async def carry(self, message: EmailMessage, to: str, name: str) -> None:
        """See ``Carrier.carry``; returns once the file is on the disk."""
        await asyncio.to_thread(self._keep, bytes(message), name)

    def _keep(self, content: bytes, name: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / f".{name}.part"
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self.folder / f"{name}.eml")
