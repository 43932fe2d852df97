"""Issuing: the number, how long it holds, what it settles, and what its holder carries."""

from datetime import timedelta

import pytest
from joserfc.jwk import KeySet
from tests.advance_ruling.rulings_desk import EXAMPLES, RulingDesk, at

from crossing.kit.identity import Role
from crossing.rulings.token import read_ruling

pytestmark = pytest.mark.anyio


async def test_numbers_follow_one_another_by_country_class_and_year(desk: RulingDesk) -> None:
    first, second = await desk.issue("US-CASE-11"), await desk.issue("US-CASE-11", document="DEMO00002")
    other_class, canadian = await desk.issue("US-CASE-06"), await desk.issue("CA-CASE-24")
    desk.clock.now = at("2027-01-02T12:00:00Z")
    next_year = await desk.issue("US-CASE-11", document="DEMO00003")
    assert [first, second] == ["US-TN-2026-000001", "US-TN-2026-000002"]
    assert [other_class, canadian] == ["US-B1-2026-000001", "CA-T36-2026-000001"]
    assert next_year == "US-TN-2027-000001"


async def test_the_holder_carries_a_token_that_the_published_keys_verify(desk: RulingDesk) -> None:
    number = await desk.issue("US-CASE-11")
    async with desk.client(Role.APPLICANT, "test-holder") as holder, desk.client(None) as anyone:
        token = (await holder.get(f"/rulings/{number}/token")).text
        keys = KeySet.import_key_set((await anyone.get("/jwks.json")).json())
        code = await holder.get(f"/rulings/{number}/qr.svg")
    claims = read_ruling(token, keys)
    assert (claims.number, claims.version, claims.into, claims.class_id) == (number, 1, "US", "us.tn")
    assert (claims.valid_from, claims.valid_until) == ("2026-11-21", "2029-11-21")
    assert "US-TN-01" in claims.settled
    assert code.headers["content-type"].startswith("image/svg+xml")
    assert number in code.text


async def test_a_ruling_settles_eligibility_and_never_admissibility(desk: RulingDesk) -> None:
    law = desk.service.state.lawbook.packs["US"].on("2026-11-21")
    settled = (await desk.read(await desk.issue("US-CASE-11")))["current"]["settled"]
    assert settled
    assert all(law.may_be_ruled(name) for name in settled)
    assert not [name for name in settled if name.startswith(("US-INA", "US-DOC"))]


@pytest.mark.parametrize(
    ("example", "facts", "until"),
    [
        ("US-CASE-11", {}, "2029-11-21"),
        ("US-CASE-11", {"travel_document.expires_on": "2027-05-31"}, "2027-05-31"),
        ("US-CASE-11", {"engagement.ends_on": "2028-10-31"}, "2028-10-31"),
        ("US-CASE-06", {}, "2028-11-21"),
        ("CA-CASE-24", {}, "2029-11-21"),
        ("CA-CASE-07", {}, "2029-11-21"),
        ("CA-CASE-07", {"transferee.enterprises_active": "new_office"}, "2027-11-21"),
    ],
)
async def test_it_holds_by_class_but_never_past_what_the_facts_name(
    desk: RulingDesk, example: str, facts: dict[str, str], until: str
) -> None:
    number = await desk.issue(example, facts=facts)
    assert (await desk.read(number))["current"]["valid_until"] == until


async def test_three_years_from_29_february_end_on_28_february(desk: RulingDesk) -> None:
    desk.clock.now = at("2028-02-29T15:00:00Z")
    number = await desk.issue("US-CASE-11", facts={"travel_document.expires_on": "2035-01-01"})
    assert (await desk.read(number))["current"]["valid_until"] == "2031-02-28"


async def test_two_numbered_at_once_get_two_numbers(desk: RulingDesk) -> None:
    import asyncio

    from advance_ruling.covered import NumberTaken

    ids = [await desk.under_review(EXAMPLES["US-CASE-11"], document=f"DEMO0000{place}") for place in range(2)]
    results = await asyncio.gather(*(desk.decide(each) for each in ids), return_exceptions=True)
    again = [each for each, result in zip(ids, results, strict=True) if isinstance(result, NumberTaken)]
    for each in again:
        await desk.decide(each)
    await desk.do_jobs()
    assert [await desk.status(f"US-TN-2026-00000{place}") for place in (1, 2, 3)] == ["valid", "valid", "unknown"]


async def test_it_ends_when_its_last_day_is_over_everywhere(desk: RulingDesk) -> None:
    number = await desk.issue("US-CASE-11", facts={"travel_document.expires_on": "2026-12-31"})
    desk.clock.now = at("2027-01-01T11:59:59Z")
    assert await desk.status(number) == "valid"
    await desk.pass_time(timedelta(seconds=1))
    assert await desk.status(number) == "expired"
    assert (await desk.read(number))["state"] == "expired"
