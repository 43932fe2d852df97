"""Messages to people: what they say, what they never say, and that they arrive at a real mail server or are kept."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiosmtpd import smtp
from tests.conftest import MovingClock
from tests.kit.job_tables import NOW, Owing
from tests.kit.messages import LINK, SENDER, TO, read, told

from crossing.kit.jobs import Pace
from crossing.kit.letters import Letters
from crossing.kit.logging import configure_logging
from crossing.kit.mail import FolderCarrier, MailSender, SmtpCarrier
from crossing.kit.worker import Worker

pytestmark = pytest.mark.anyio


class MailServer:
    """Takes mail, after refusing as many messages as it was told to."""

    def __init__(self) -> None:
        self.taken: list[smtp.Envelope] = []
        self.refusals = 0

    async def handle_DATA(self, server: smtp.SMTP, session: smtp.Session, envelope: smtp.Envelope) -> str:  # noqa: N802
        if self.refusals:
            self.refusals -= 1
            return "451 later, please"
        self.taken.append(envelope)
        return "250 taken"


@pytest.fixture
async def mail_server() -> AsyncIterator[tuple[MailServer, int]]:
    """A mail server and its port."""
    taking = MailServer()
    listening = await asyncio.get_running_loop().create_server(
        lambda: smtp.SMTP(taking, hostname="mail.example"), "127.0.0.1", 0
    )
    yield taking, listening.sockets[0].getsockname()[1]
    listening.close()
    await listening.wait_closed()


async def test_a_message_arrives_by_smtp_with_its_address_on_the_envelope_only(
    there: Owing, letters: Letters, mail_server: tuple[MailServer, int]
) -> None:
    server, port = mail_server
    carrier = SmtpCarrier("127.0.0.1", port, security="none")
    worker = Worker(there.engine, {"mail": MailSender(letters, carrier, sender=SENDER)}, MovingClock(NOW))
    await there.ledger.append([told("fr")], None)
    (identifier,) = await there.select("SELECT id FROM jobs")
    assert await worker.run_due() == 1
    (envelope,) = server.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("crossing@rulings.example", [TO])
    content = envelope.content
    assert isinstance(content, bytes)
    assert TO.encode() not in content
    message = read(content)
    assert message["Subject"] == "US-TN-2026-000001\u00a0: rendue"
    assert message["Message-ID"] == f"<{identifier}@rulings.example>"
    assert message["Date"].datetime == NOW
    assert (message["Content-Language"], message["Auto-Submitted"]) == ("fr", "auto-generated")
    assert (message.get_content_type(), message.get_content_charset()) == ("text/plain", "utf-8")
    text = message.get_content()
    assert "Votre dossier US-TN-2026-000001 change d’état\u00a0: rendue." in text
    assert LINK in text.splitlines()


async def test_a_server_that_refuses_gets_the_message_later_and_once(
    there: Owing, letters: Letters, mail_server: tuple[MailServer, int], capsys: pytest.CaptureFixture[str]
) -> None:
    server, port = mail_server
    server.refusals = 2
    clock = MovingClock(NOW)
    carrier = SmtpCarrier("127.0.0.1", port, security="none")
    pace = Pace(first_rest=timedelta(seconds=1))
    worker = Worker(there.engine, {"mail": MailSender(letters, carrier, sender=SENDER)}, clock, pace)
    configure_logging("DEBUG")
    await there.ledger.append([told()], None)
    for _ in range(3):
        assert await worker.run_due() == 1
        clock.move(timedelta(minutes=1))
    assert len(server.taken) == 1
    assert await there.select("SELECT id FROM jobs") == []
    logged = capsys.readouterr().err
    structlog.reset_defaults()
    assert logged.count('"event": "job.failed"') == 2
    assert TO not in logged


async def test_nothing_is_sent_in_the_clear_unless_that_was_chosen(
    there: Owing, letters: Letters, mail_server: tuple[MailServer, int]
) -> None:
    server, port = mail_server
    carrier = SmtpCarrier("127.0.0.1", port)
    worker = Worker(there.engine, {"mail": MailSender(letters, carrier, sender=SENDER)}, MovingClock(NOW))
    await there.ledger.append([told()], None)
    await worker.run_due()
    assert server.taken == []
    assert await there.select("SELECT state, attempts FROM jobs") == [("waiting", 1)]


async def test_a_repeat_writes_the_same_file(there: Owing, letters: Letters, tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    sender = MailSender(letters, FolderCarrier(folder), sender=SENDER)
    clock = MovingClock(NOW)
    await there.ledger.append([told("es")], None)
    (identifier,) = await there.select("SELECT id FROM jobs")

    async def send_then_be_killed(job: Any) -> None:
        await sender(job)
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await Worker(there.engine, {"mail": send_then_be_killed}, clock).run_due()
    (file,) = folder.iterdir()
    assert file.name == f"{identifier}.eml"
    first = file.read_bytes()
    clock.move(timedelta(hours=1))
    assert await Worker(there.engine, {"mail": sender}, clock).run_due() == 1
    assert [each.read_bytes() for each in folder.iterdir()] == [first]
    assert read(first)["Subject"] == "US-TN-2026-000001: emitida"


@pytest.mark.parametrize("language", ["en", "fr", "es"])
@pytest.mark.parametrize("template", ["state", "reminder"])
@pytest.mark.parametrize("state", ["issued", "evidence_requested"])
def test_every_message_names_number_state_and_link_in_its_language(
    letters: Letters, template: str, language: str, state: str
) -> None:
    subject, body = letters.write(template, language, number="US-TN-2026-000001", state=state, link=LINK)
    assert "US-TN-2026-000001" in subject
    assert "US-TN-2026-000001" in body
    assert LINK in body.splitlines()
    if language == "fr":
        assert "'" not in subject + body
        assert all(before == "\u00a0" for before in _before_colons(body.replace(LINK, "")))
        assert not any(f" {mark}" in body or f"\u00a0{mark}" in body for mark in ";!?")


def _before_colons(text: str) -> list[str]:
    return [text[at - 1] for at, character in enumerate(text) if character == ":"]


@pytest.mark.parametrize(
    "wrong",
    [
        "templates: {note: {subject: {en: a, fr: b, es: c}, body: {en: '{name}', fr: b, es: c}}}",
        "templates: {note: {subject: {en: a, fr: b}, body: {en: a, fr: b, es: c}}}",
        "states: {issued: {en: 'issued {number}', fr: b, es: c}}",
    ],
)
def test_texts_that_name_anything_else_or_miss_a_language_are_refused(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "letters.yaml").write_text(wrong, encoding="utf-8")
    with pytest.raises(ValueError, match=r"may not name|each language"):
        Letters(tmp_path / "letters.yaml")


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "camille"},
        {"to": "camille@example.org\r\nBcc: somebody@example.org"},
        {"to": "a@example.org, b@example.org"},
        {"number": "US\nSubject: no"},
        {"number": "Camille Tremblay"},
        {"link": "javascript:alert(1)"},
        {"link": f"{LINK}?name=Tremblay"},
        {"link": f"{LINK}\n"},
    ],
)
def test_a_message_that_cannot_be_whole_is_never_scheduled(changes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="whole"):
        told(**changes)
