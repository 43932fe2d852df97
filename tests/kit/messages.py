"""A message to nobody in particular, as a service schedules it and as it is read."""

import email
from email.message import EmailMessage
from email.policy import default
from typing import Any

from tests.kit.job_tables import NOW

from crossing.kit.database import format_instant
from crossing.kit.ledger import Insert
from crossing.kit.mail import mail_job

AT = format_instant(NOW)
TO = "camille@example.org"
SENDER = "Crossing <crossing@rulings.example>"
LINK = "https://crossing.example/advance-rulings/files/0190"
STATES = """
templates: {}
states:
  issued: {en: issued, fr: rendue, es: emitida}
  evidence_requested: {en: evidence requested, fr: preuves demandées, es: pruebas solicitadas}
"""


def told(language: str = "en", key: str = "0190/2", **changes: Any) -> Insert:
    """The job of a message."""
    parts = {"to": TO, "template": "state", "number": "US-TN-2026-000001", "state": "issued", "link": LINK, **changes}
    return mail_job(language=language, at=AT, key=key, **parts)


def read(content: bytes) -> EmailMessage:
    """A message as a mail program reads it."""
    message = email.message_from_bytes(content, EmailMessage, policy=default)
    assert isinstance(message, EmailMessage)
    return message
