"""The page of the embedded suite that shows the messages kept."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from tests.conftest import MovingClock
from tests.kit.job_tables import NOW, Owing
from tests.kit.messages import LINK, SENDER, TO, told

from crossing.embedded.mail_page import mail_page_router
from crossing.kit.letters import Letters
from crossing.kit.mail import FolderCarrier, MailSender
from crossing.kit.problems import install_problem_handlers
from crossing.kit.worker import Worker

pytestmark = pytest.mark.anyio


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI(openapi_url=None)
    install_problem_handlers(app)
    app.include_router(mail_page_router(tmp_path / "mail"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://crossing.test") as client:
        yield client


async def test_messages_kept_are_listed_the_newest_first_and_opened(
    there: Owing, letters: Letters, tmp_path: Path, browser: httpx.AsyncClient
) -> None:
    assert "No message yet." in (await browser.get("/mail/")).text
    sender = MailSender(letters, FolderCarrier(tmp_path / "mail"), sender=SENDER)
    for number in (1, 2):
        await there.ledger.append([told("fr", key=f"{number}", number=f"US-TN-2026-00000{number}")], None)
    await Worker(there.engine, {"mail": sender}, MovingClock(NOW)).run_due()
    listed = await browser.get("/mail/", headers={"Accept-Language": "fr"})
    assert "Messages conservés" in listed.text
    assert listed.text.index("US-TN-2026-000002") < listed.text.index("US-TN-2026-000001")
    assert TO not in listed.text
    (newest, _) = sorted((file.stem for file in (tmp_path / "mail").iterdir()), reverse=True)
    assert f'href="/mail/{newest}"' in listed.text
    opened = await browser.get(f"/mail/{newest}")
    assert f'<a href="{LINK}">{LINK}</a>' in opened.text
    assert '<h1 lang="fr">US-TN-2026-000002\u00a0: rendue</h1>' in opened.text
    assert TO not in opened.text


@pytest.mark.parametrize("name", ["0190b5a4-0000-7000-8000-000000000000", "..%2Fkey", "passwords"])
async def test_what_is_no_message_is_not_opened(browser: httpx.AsyncClient, tmp_path: Path, name: str) -> None:
    (tmp_path / "key.eml").write_bytes(b"Subject: secret\r\n\r\nsecret")
    answer = await browser.get(f"/mail/{name}")
    assert answer.status_code in (404, 422)
    assert "secret" not in answer.text
