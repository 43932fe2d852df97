"""An officer scans the code of a ruling, and reads at once whether it binds, why, and what to ask again."""

from pathlib import Path

import httpx
import pytest
from tests.admission.desks import running_service
from tests.admission.rulings import NUMBER, Office, served
from tests.admission.zones import passport_zone
from tests.conftest import MovingClock
from tests.pages.officers import DESK, opened, page_of, send
from tests.pages.test_marked_up import check

from crossing.kit.identity import Role

pytestmark = pytest.mark.anyio


async def test_a_ruling_scanned_at_the_desk_is_shown_with_what_to_ask_again(tmp_path: Path, clock: MovingClock) -> None:
    office = Office(clock)
    async with served(office.app()) as address:
        known = {"advance_rulings_address": f"{address}/advance-rulings"}
        async with running_service(tmp_path, clock, **known) as desk, desk.client(None) as officer:
            token = desk.issuer.token(Role.OFFICER, subject="officer-1", port_id="US-DETROIT")
            officer.cookies.set("crossing_session", token)
            page = await opened(officer, rulings=office.ruling())
    check(page)
    panel = page.first("main").text
    assert NUMBER in panel
    assert "the ruling binds for this entry once the holder attests" in panel
    assert "Ask the holder again" in panel
    assert "Status list: 0 min old" in panel


async def test_what_is_no_ruling_is_shown_as_such_and_the_examination_goes_on(officer: httpx.AsyncClient) -> None:
    page = await opened(officer, rulings="no-ruling")
    check(page)
    text = page.first("main").text
    assert "Token not read" in text
    assert "scan it again" in text
    assert page.form("/facts")


async def test_four_rulings_are_one_too_many_and_the_field_says_so(officer: httpx.AsyncClient) -> None:
    form = (await page_of(officer, DESK)).form("/examinations")
    page = await send(
        officer, form.action, form.filled({"mrz": "\n".join(passport_zone()), "rulings": "a b c d"}), status=422
    )
    check(page)
    assert "#rulings" in {each.attributes.get("href") for each in page.all("a")}
