"""A form sent twice is done once, and a form from an old page changes nothing unseen."""

import asyncio

import httpx
import pytest
from tests.admission.rows import select
from tests.admission.zones import passport_zone
from tests.conftest import Desk
from tests.pages.officers import DESK, opened, page_of, send, stated

pytestmark = pytest.mark.anyio


async def test_a_double_click_opens_one_examination(desk: Desk, officer: httpx.AsyncClient) -> None:
    form = (await page_of(officer, DESK)).form("/examinations")
    fields = form.filled({"mrz": "\n".join(passport_zone())})
    answers = await asyncio.gather(*(officer.post(form.action, data=fields) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert select(desk.data, "SELECT count(*) FROM examinations") == [(1,)]


async def test_a_double_click_takes_one_step(desk: Desk, officer: httpx.AsyncClient) -> None:
    form = (await opened(officer)).form("/referral")
    fields = form.filled({"reason": "Duties unclear."})
    answers = await asyncio.gather(*(officer.post(form.action, data=fields) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {303}
    assert select(desk.data, "SELECT count(*) FROM revisions WHERE kind = 'referred'") == [(1,)]


async def test_a_key_of_another_form_is_refused_and_nothing_typed_is_lost(officer: httpx.AsyncClient) -> None:
    form = (await page_of(officer, DESK)).form("/examinations")
    await send(officer, form.action, form.filled({"mrz": "\n".join(passport_zone())}))
    other = "\n".join(passport_zone(name="SINGH<<AMAN"))
    page = await send(officer, form.action, form.filled({"mrz": other}), status=422)
    assert page.faults
    again = page.form("/examinations")
    assert again.fields["mrz"] == [other]
    assert (await send(officer, form.action, again.fields)).heading == "SINGH, AMAN"


async def test_a_stale_form_changes_nothing_keeps_what_was_typed_and_can_be_sent_again(
    officer: httpx.AsyncClient, second_officer: httpx.AsyncClient
) -> None:
    stale = (await opened(officer)).form("/facts")
    await send(second_officer, stale.action, stale.filled(stated("history.overstayed", True)))
    typed = stated("engagement.arranged_before_entry", True) | {"facts.credentials.0.name": "B.Eng."}
    page = await send(officer, stale.action, stale.filled(typed), status=412)
    assert page.faults[0].startswith("It was changed meanwhile")
    assert any("officer-2" in line for line in page.faults)
    again = page.form("/facts")
    assert again.fields["revision"] == ["2"]
    assert again.fields["facts.engagement.arranged_before_entry"] == ["true"]
    assert again.fields["facts.credentials.0.name"] == ["B.Eng."]
    assert again.fields["facts.history.overstayed"] == ["true"], "what the other officer recorded is shown, not undone"
    page = await send(officer, again.action, again.fields)
    fields = page.form("/facts").fields
    assert fields["facts.history.overstayed"] == ["true"]
    assert fields["facts.engagement.arranged_before_entry"] == ["true"]


async def test_a_stale_decision_is_not_recorded_and_its_reason_is_kept(
    desk: Desk, officer: httpx.AsyncClient, second_officer: httpx.AsyncClient
) -> None:
    page = await opened(officer)
    form, other = page.form("/decision", action="refuse"), page.form("/referral")
    await send(second_officer, other.action, other.filled({"reason": "Duties unclear."}))
    page = await send(officer, form.action, form.filled({"refuse.reason": "No offer was shown."}), status=412)
    assert page.form("/decision", action="refuse").fields["refuse.reason"] == ["No offer was shown."]
    assert select(desk.data, "SELECT count(*) FROM revisions WHERE kind = 'decided'") == [(0,)]


async def test_a_reason_typed_too_late_is_given_back(
    officer: httpx.AsyncClient, second_officer: httpx.AsyncClient
) -> None:
    page = await opened(officer)
    form, other = page.form("/decision", action="refuse"), page.form("/withdrawal")
    await send(second_officer, other.action, other.filled({"reason": "The traveller turns back."}))
    page = await send(officer, form.action, form.filled({"refuse.reason": "No offer was shown."}), status=412)
    assert "What you typed, which was not recorded" in page.source
    assert "No offer was shown." in page.source


async def test_a_form_without_a_key_or_a_revision_is_refused(officer: httpx.AsyncClient) -> None:
    form = (await opened(officer)).form("/referral")
    await send(officer, form.action, form.filled({"key": None, "reason": "Duties unclear."}), status=422)
    await send(officer, form.action, form.filled({"revision": None, "reason": "Duties unclear."}), status=412)
