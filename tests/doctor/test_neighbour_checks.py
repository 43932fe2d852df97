"""Neighbours, gateway, certificates and mail server that do not answer as they should."""

import asyncio
import ssl
from pathlib import Path

import pytest
from tests.doctor.installations import admission, answering, rulings, said

from crossing.doctor import neighbour_checks as checks
from crossing.gateway.certificates import Authority

pytestmark = pytest.mark.anyio
NOWHERE = "http://127.0.0.1:1"


async def test_a_neighbour_that_is_away_or_another_is_found(tmp_path: Path) -> None:
    with answering({"status": "ok"}) as there, answering({}, status=404) as another:
        for address, told in ((there, "1 of them"), (another, "answers 404"), (NOWHERE, "ConnectError")):
            it = admission(tmp_path, advance_rulings_address=f"{address}/advance-rulings")
            assert told in (await said(checks.neighbours_answer, it))[1]


async def test_a_gateway_that_is_away_is_found(tmp_path: Path) -> None:
    with answering({"status": "ok"}) as there:
        for address, outcome in ((there, "ok"), (NOWHERE, "wrong")):
            it = rulings(tmp_path, public_address=f"{address}/advance-rulings")
            assert (await said(checks.gateway_answers, it))[0] == outcome


@pytest.mark.parametrize(("days", "outcome"), [(90, "ok"), (10, "wrong")])
async def test_a_certificate_that_is_about_to_end_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, outcome: str
) -> None:
    authority = Authority(days=days)
    authority.write(tmp_path)
    authority.write_server(tmp_path, ["localhost"])
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.crt"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "server.crt", tmp_path / "server.key")
    server = await asyncio.start_server(lambda _, writer: writer.close(), "localhost", 0, ssl=context)
    async with server:
        port = server.sockets[0].getsockname()[1]
        it = rulings(tmp_path, public_address=f"https://localhost:{port}/advance-rulings")
        assert (await said(checks.certificates_last, it))[0] == outcome


async def test_mail_that_cannot_leave_is_found(tmp_path: Path) -> None:
    for changes, told in (
        ({}, "CROSSING_SMTP_HOST"),
        ({"smtp_host": "mail.example", "smtp_security": "none"}, "in the clear"),
        ({"smtp_host": "127.0.0.1", "smtp_port": 1, "smtp_security": "none"}, "CROSSING_SMTP_HOST: "),
    ):
        outcome, words = await said(checks.mail_leaves, rulings(tmp_path, **changes))
        assert (outcome, told in words) == ("wrong", True)
    assert (await said(checks.mail_leaves, rulings(tmp_path, mail_folder=tmp_path / "mail")))[0] == "not checked"
