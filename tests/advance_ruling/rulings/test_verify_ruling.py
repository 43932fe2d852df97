"""Verification open to anyone: the same answer in shape for what is no ruling, fresh keys, a fresh list."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from joserfc.jwk import KeySet
from tests.advance_ruling.rulings_desk import RulingDesk, ruling_desk
from tests.conftest import MovingClock
from typer.testing import CliRunner

from crossing.cli import app
from crossing.kit.identity import Role
from crossing.rulings.status_list import read_status_list
from crossing.rulings.token import read_ruling

pytestmark = pytest.mark.anyio


async def test_an_absent_ruling_is_answered_like_any_other(desk: RulingDesk) -> None:
    number = await desk.issue()
    async with desk.client(None) as anyone:
        there = await anyone.get(f"/rulings/{number}/verify")
        absent = await anyone.get("/rulings/US-TN-2026-999999/verify")
        nonsense = await anyone.get("/rulings/nonsense/verify")
    assert there.json() == {"number": number, "status": "valid"}
    assert absent.json() == {"number": "US-TN-2026-999999", "status": "unknown"}
    assert nonsense.json() == {"number": "nonsense", "status": "unknown"}
    assert there.status_code == absent.status_code == nonsense.status_code == 200
    assert set(there.headers) == set(absent.headers)


async def test_addresses_are_limited(tmp_path: Path, clock: MovingClock) -> None:
    async with ruling_desk(tmp_path, clock, open_requests_per_minute=3) as desk, desk.client(None) as anyone:
        answers = [(await anyone.get("/rulings/US-TN-2026-000001/verify")).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]


async def test_the_list_is_never_older_than_a_port_on_line_accepts(desk: RulingDesk) -> None:
    await desk.issue()
    async with desk.client(None) as anyone:
        keys = KeySet.import_key_set((await anyone.get("/jwks.json")).json())
        first = (await anyone.get("/status-list")).text
        assert (await anyone.get("/status-list")).text == first
        desk.clock.move(timedelta(minutes=15))
        later = read_status_list((await anyone.get("/status-list")).text, keys)
    assert later.usable(desk.clock(), on_line=True)
    assert later.issued_at > read_status_list(first, keys).issued_at


async def test_a_ruling_outlives_the_rotation_of_the_key_that_signed_it(desk: RulingDesk) -> None:
    number = await desk.issue()
    async with desk.client(Role.APPLICANT, "test-holder") as holder, desk.client(None) as anyone:
        token = (await holder.get(f"/rulings/{number}/token")).text
        before = (await anyone.get("/jwks.json")).json()
        signing = desk.service.state.signing_keys.rotate(desk.clock())
        after = (await anyone.get("/jwks.json")).json()
    assert signing in {key["kid"] for key in before["keys"]}, "the next key was published before it signed"
    assert read_ruling(token, KeySet.import_key_set(after)).number == number
    assert not [key for key in after["keys"] if "d" in key]


async def test_all_who_ask_at_once_hear_of_a_ruling_that_was_just_issued(desk: RulingDesk) -> None:
    number = await desk.issue()
    assert await asyncio.gather(*(desk.status(number) for _ in range(5))) == ["valid"] * 5
    await desk.act(number, "suspension", {"ground": "irpa_20_01", "reference": "Demonstration order"})
    assert await asyncio.gather(*(desk.status(number) for _ in range(5))) == ["suspended"] * 5


async def test_rulings_stand_as_they_did_after_a_restart(tmp_path: Path, clock: MovingClock) -> None:
    async with ruling_desk(tmp_path, clock) as desk:
        kept, suspended = await desk.issue(), await desk.issue(document="DEMO00002")
        body = {"ground": "irpa_20_01", "reference": "Demonstration order"}
        assert (await desk.act(suspended, "suspension", body)).status_code == 200
    async with ruling_desk(tmp_path, clock) as desk:
        assert [await desk.status(kept), await desk.status(suspended)] == ["valid", "suspended"]


@pytest.mark.parametrize(
    ("language", "valid", "unknown"),
    [
        ("en", "This ruling is valid.", "No ruling has effect under this number."),
        ("fr", "Cette décision est valide.", "Aucune décision n’a d’effet sous ce numéro."),
        ("es", "Esta resolución es válida.", "Ninguna resolución surte efecto con este número."),
    ],
)
async def test_the_page_says_it_in_three_languages(desk: RulingDesk, language: str, valid: str, unknown: str) -> None:
    number = await desk.issue()
    async with desk.desk.client(None) as browser:
        browser.headers["Accept-Language"] = language
        form = await browser.get("/advance-rulings/verify")
        found = await browser.post("/advance-rulings/verify", data={"number": number.lower()})
        absent = await browser.post("/advance-rulings/verify", data={"number": "US-TN-2026-999999"})
    assert f'<html lang="{language}">' in form.text
    assert "default-src 'none'" in form.headers["content-security-policy"]
    assert valid in found.text
    assert unknown in absent.text


async def test_the_letter_is_given_as_page_and_as_document(desk: RulingDesk) -> None:
    number = await desk.issue()
    async with desk.client(Role.APPLICANT, "test-holder") as holder:
        page = await holder.get(f"/rulings/{number}/letter", headers={"Accept-Language": "fr"})
        document = await holder.get(f"/rulings/{number}/letter", params={"format": "pdf"})
    assert number in page.text
    assert "Démonstration" in page.text
    assert page.headers["content-language"] == "fr"
    assert document.content.startswith(b"%PDF-")


async def test_keys_are_rotated_by_command(desk: RulingDesk) -> None:
    folder = str(desk.desk.data)
    first = CliRunner().invoke(app, ["rulings", "rotate-keys", "--data", folder])
    assert first.exit_code == 0, first.output
    too_soon = CliRunner().invoke(app, ["rulings", "rotate-keys", "--data", folder])
    assert too_soon.exit_code == 1
    async with desk.client(None) as anyone:
        published = [key["kid"] for key in (await anyone.get("/jwks.json")).json()["keys"]]
    assert first.output.split()[0] == published[0]
