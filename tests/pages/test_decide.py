"""The officer decides; whoever departs from the determination says of which requirement and why."""

import httpx
import pytest
from tests.pages.markup import Page
from tests.pages.officers import admitted, answered, opened, page_of, send, stated

pytestmark = pytest.mark.anyio


def links(page: Page) -> list[str]:
    return [each.attributes.get("href", "") for each in page.all("a")]


async def refused(client: httpx.AsyncClient, page: Page) -> Page:
    """The page once the traveller was refused for want of a listed profession."""
    form = page.form("/decision", action="refuse")
    fields = {
        "refuse.reason": "No profession of the list was shown.",
        "refuse.departs.US-TN-02": "on",
        "refuse.why.US-TN-02": "The traveller did not show any profession.",
    }
    return await send(client, form.action, form.filled(fields))


async def test_the_advice_is_filled_in(officer: httpx.AsyncClient) -> None:
    page = await answered(officer, await opened(officer))
    fields = page.form("/decision", action="admit").fields
    assert fields["admit.class"] == ["us.tn"]
    assert fields["admit.until.us.tn"] == ["2028-06-30"]


async def test_a_decision_needs_a_reason(officer: httpx.AsyncClient) -> None:
    page = await answered(officer, await opened(officer))
    form = page.form("/decision", action="admit")
    page = await send(officer, form.action, form.filled({"admit.until.us.tn": "2027-01-31"}), status=422)
    assert "#admit-reason" in links(page)
    assert page.form("/decision", action="admit").fields["admit.until.us.tn"] == ["2027-01-31"]


async def test_a_stay_beyond_the_grant_is_said_at_the_date(officer: httpx.AsyncClient) -> None:
    page = await answered(officer, await opened(officer))
    form = page.form("/decision", action="admit")
    fields = form.filled({"admit.until.us.tn": "2039-01-01", "admit.reason": "Offer seen."})
    page = await send(officer, form.action, fields, status=422)
    assert "#admit-until-us-tn" in links(page)
    assert page.form("/decision", action="admit").fields["admit.reason"] == ["Offer seen."]


async def test_an_admission_against_the_determination_names_what_is_seen_otherwise(officer: httpx.AsyncClient) -> None:
    page = await answered(officer, await opened(officer))
    form = page.form("/facts")
    page = await send(officer, form.action, form.filled(stated("support_letter.states_pay", False)))
    form = page.form("/decision", action="admit")
    typed = form.filled({"admit.reason": "Pay was proved at once.", "admit.class": "us.tn"})
    page = await send(officer, form.action, typed, status=422)
    assert "#admit-departures" in links(page)
    otherwise = {"admit.departs.US-TN-17": "on", "admit.why.US-TN-17": "A payslip states the pay."}
    form = page.form("/decision", action="admit")
    page = await send(officer, form.action, form.filled(otherwise))
    assert "Seen otherwise than the determination" in page.source
    assert "A payslip states the pay." in page.source


async def test_a_departure_without_its_reason_is_said_at_that_requirement(officer: httpx.AsyncClient) -> None:
    form = (await opened(officer)).form("/decision", action="refuse")
    fields = form.filled({"refuse.reason": "Nothing shown.", "refuse.departs.US-TN-02": "on"})
    page = await send(officer, form.action, fields, status=422)
    assert "#refuse-why-US-TN-02" in links(page)
    again = page.form("/decision", action="refuse").fields
    assert again["refuse.departs.US-TN-02"] == ["on"]
    assert again["refuse.reason"] == ["Nothing shown."]


async def test_a_refusal_gives_its_notice_in_three_languages_and_two_forms(officer: httpx.AsyncClient) -> None:
    page = await refused(officer, await opened(officer, language="fr"))
    notices = [link for link in links(page) if "/notice/" in link]
    assert len(notices) == 6
    for link in notices:
        answer = await officer.get(link)
        assert answer.status_code == 200
        assert answer.headers["content-language"] == link[-8:-5].strip("/.") or link.endswith(".pdf")
    french = await officer.get(next(link for link in notices if link.endswith("fr.html")))
    assert "Avis de refus" in french.text
    assert "style-src 'sha256-" in french.headers["content-security-policy"]


async def test_nothing_can_be_added_once_decided(officer: httpx.AsyncClient) -> None:
    page = await opened(officer)
    form = page.form("/facts")
    page = await refused(officer, page)
    assert not any(each.attributes["action"].endswith("/facts") for each in page.all("form"))
    page = await send(officer, form.action, form.filled({"revision": "2"}), status=409)
    assert "This examination is decided" in page.faults[0]


async def test_a_referral_needs_a_reason_and_leads_to_secondary(officer: httpx.AsyncClient) -> None:
    form = (await opened(officer)).form("/referral")
    page = await send(officer, form.action, form.filled({"reason": "x"}), status=422)
    assert "#referral-reason" in links(page)
    page = await send(officer, form.action, page.form("/referral").filled({"reason": "Duties unclear."}))
    assert page.first("span", class_="state").text == "Secondary"
    assert "Duties unclear." in page.source


async def test_a_withdrawal_is_recorded_with_its_notice(officer: httpx.AsyncClient) -> None:
    form = (await opened(officer)).form("/withdrawal")
    page = await send(officer, form.action, form.filled({"reason": "The traveller prefers to come back later."}))
    assert page.first("span", class_="state").text == "Application withdrawn"
    assert any("/notice/en.html" in link for link in links(page))


async def test_a_supervisor_supersedes_and_the_officer_cannot(
    officer: httpx.AsyncClient, supervisor: httpx.AsyncClient
) -> None:
    page = await refused(officer, await opened(officer))
    assert not any(each.attributes["action"].endswith("/supersession") for each in page.all("form"))
    address = next(link for link in links(page) if link.endswith("/history")).removesuffix("/history")
    page = await page_of(supervisor, address)
    form = page.form("/supersession", action="refuse")
    fields = {"refuse.superseding": "Better worded.", "refuse.reason": "The profession is not listed."}
    page = await send(supervisor, form.action, form.filled(fields), status=422)
    assert "#refuse-departures" in links(page)
    departed = {"refuse.departs.US-TN-02": "on", "refuse.why.US-TN-02": "It is not in the list."}
    form = page.form("/supersession", action="refuse")
    page = await send(supervisor, form.action, form.filled(departed))
    assert "Decision superseded" in page.source
    assert "The profession is not listed." in page.source
    await send(officer, form.action, form.filled(fields), status=403)


async def test_the_history_of_a_traveller_is_a_click_away(officer: httpx.AsyncClient) -> None:
    first = await admitted(officer, await answered(officer, await opened(officer)))
    second = await opened(officer)
    page = await page_of(officer, next(link for link in links(second) if link.endswith("/history")))
    number = next(link for link in links(first) if link.endswith("/history")).split("/")[-2]
    assert any(link.endswith(number) for link in links(page))
    assert "This look was recorded." in page.source
