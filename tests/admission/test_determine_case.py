"""Anyone may ask what the law says of a case; nothing is stored, and the same case gets the same answer."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.admission.cases import DETERMINATIONS, after_sales_case, is_problem, tn_case
from tests.admission.desks import running_service, running_suite
from tests.admission.rows import counts
from tests.conftest import MovingClock

pytestmark = pytest.mark.anyio


async def determined(client: httpx.AsyncClient, case: dict[str, Any], language: str = "en") -> dict[str, Any]:
    answer = await client.post(DETERMINATIONS, json=case, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def requirement(told: dict[str, Any], requirement_id: str) -> dict[str, Any]:
    [found] = [each for part in told["classes"] for each in part["requirements"] if each["id"] == requirement_id]
    return found


async def test_an_engineer_with_an_offer_qualifies_when_the_findings_are_supposed(anyone: httpx.AsyncClient) -> None:
    told = await determined(anyone, tn_case())
    assert told["outcome"] == "qualifies"
    # The offer ends before three years (8 CFR 214.6(e)) and before the passport expires.
    assert told["recommended"] == {"action": "admit", "class": "us.tn", "until": "2028-06-30"}
    assert {each["status"] for each in told["classes"][0]["requirements"]} == {"met"}
    # 8 CFR 103.7: the fees of an application at a land port.
    fees = {fee["id"]: (fee["amount"], fee["currency"]) for fee in told["classes"][0]["grants"]["fees"]}
    assert fees == {"tn_application": ("50.00", "USD"), "i94_land": ("30.00", "USD")}


async def test_without_findings_the_engine_leaves_judgement_to_an_officer(anyone: httpx.AsyncClient) -> None:
    told = await determined(anyone, tn_case(findings={}))
    assert told["outcome"] == "needs_judgement"
    assert told["recommended"]["action"] == "refer"
    assert {each["requirement"] for each in told["classes"][0]["judgements"]} == {"US-TN-03", "US-TN-13", "US-TN-30"}


async def test_a_press_made_in_the_country_of_destination_fails_by_one_requirement_and_says_which_law(
    anyone: httpx.AsyncClient,
) -> None:
    told = await determined(anyone, after_sales_case(facts__equipment__manufactured_in="US"))
    assert told["outcome"] == "does_not_qualify"
    assert told["recommended"]["action"] == "refuse"
    assert [each["id"] for each in told["classes"][0]["requirements"] if each["status"] == "not_met"] == ["US-B1-38"]
    failing = requirement(told, "US-B1-38")
    assert "8 CFR 214.2(b)(4)(i)(F)" in failing["citation"]
    assert failing["facts"] == {"equipment.manufactured_in": "US"}
    assert "United States" in failing["reason"]
    assert told["classes"][0]["grants"] == {}


async def test_the_same_press_made_elsewhere_qualifies(anyone: httpx.AsyncClient) -> None:
    assert (await determined(anyone, after_sales_case()))["outcome"] == "qualifies"


async def test_a_fact_not_stated_is_asked_for_and_never_counted_as_a_no(anyone: httpx.AsyncClient) -> None:
    told = await determined(anyone, after_sales_case(facts__equipment__manufactured_in=None))
    assert told["outcome"] == "needs_facts"
    assert told["recommended"]["action"] == "refer"
    assert told["classes"][0]["missing_facts"] == ["equipment.manufactured_in"]
    [question] = told["next_questions"]
    assert (question["fact"], question["type"]) == ("equipment.manufactured_in", "country")
    assert question["decides"] == ["US-B1-38"]
    assert requirement(told, "US-B1-38")["status"] == "unknown"


async def test_reasons_and_questions_come_in_three_languages_and_the_digest_is_the_same(
    anyone: httpx.AsyncClient,
) -> None:
    case = after_sales_case(facts__equipment__manufactured_in=None)
    told = {language: await determined(anyone, case, language) for language in ("en", "fr", "es")}
    questions = {language: each["next_questions"][0]["question"] for language, each in told.items()}
    assert questions["en"].startswith("In which country")
    assert questions["fr"].startswith("Dans quel pays")
    assert questions["es"].startswith("¿En qué país")
    assert len({each["digest"] for each in told.values()}) == 1
    texts = {language: requirement(each, "US-B1-38")["text"] for language, each in told.items()}
    assert "made outside" in texts["en"]
    assert "fabriqué à l'extérieur" in texts["fr"]
    assert "fabricó fuera" in texts["es"]


async def test_the_same_case_gives_the_same_bytes_today_tomorrow_and_after_a_restart(
    tmp_path: Path, clock: MovingClock
) -> None:
    bodies = []
    for _ in range(2):
        async with running_suite(tmp_path, clock) as desk, desk.client(None) as client:
            for _ in range(2):
                bodies.append((await client.post(DETERMINATIONS, json=tn_case())).content)
                clock.now = clock.now.replace(day=clock.now.day + 1)
    assert len(set(bodies)) == 1
    assert b'"digest":"sha256:' in bodies[0].replace(b'": "', b'":"')


async def test_the_order_in_which_facts_are_stated_does_not_matter(anyone: httpx.AsyncClient) -> None:
    case = tn_case(facts__traveller__citizenships=["MX", "CA"])
    turned = {**case, "facts": dict(reversed([*tn_case(facts__traveller__citizenships=["CA", "MX"])["facts"].items()]))}
    first, second = await determined(anyone, case), await determined(anyone, turned)
    assert first["digest"] == second["digest"]
    assert first["classes"] == second["classes"]


async def test_another_fact_another_day_or_another_finding_gives_another_digest(anyone: httpx.AsyncClient) -> None:
    cases = [
        tn_case(),
        tn_case(on="2026-11-22"),
        tn_case(facts__engagement__ends_on="2028-07-01"),
        tn_case(findings={"US-TN-03": "not_met"}),
    ]
    digests = {(await determined(anyone, case))["digest"] for case in cases}
    assert len(digests) == len(cases)


async def test_when_nothing_is_sought_every_class_is_tried_and_the_best_comes_first(anyone: httpx.AsyncClient) -> None:
    listed = (await anyone.get("/admission/v1/classes", params={"into": "US", "on": "2026-11-21"})).json()["classes"]
    told = await determined(anyone, tn_case(seeking=[]))
    assert {each["class"] for each in told["classes"]} == {each["class"] for each in listed}
    order = {"qualifies": 0, "needs_judgement": 1, "needs_facts": 2, "does_not_qualify": 3}
    ranks = [order[each["status"]] for each in told["classes"]]
    assert ranks == sorted(ranks)
    assert told["classes"][0]["class"] == told["recommended"]["class"] == "us.tn"


async def test_the_first_part_of_an_id_seeks_every_class_under_it(anyone: httpx.AsyncClient) -> None:
    told = await determined(anyone, after_sales_case(seeking=["us.b1"]))
    assert {each["class"] for each in told["classes"]} == {"us.b1.usmca", "us.b1.ordinary"}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"seeking": ["us.tn", "us.e9"]}, "/seeking/1"),
        ({"seeking": ["ca.business_visitor"]}, "/seeking/0"),
        ({"overlays": ["pilot-that-never-was"]}, "/overlays/0"),
        ({"findings": {"US-TN-99": "met"}}, "/findings/US-TN-99"),
        ({"findings": {"US-TN-01": "met"}}, "/findings/US-TN-01"),
        ({"on": "1993-12-31"}, "/on"),
    ],
)
async def test_what_the_law_of_the_day_does_not_have_is_named(
    anyone: httpx.AsyncClient, changes: dict[str, Any], pointer: str
) -> None:
    answer = await anyone.post(DETERMINATIONS, json=tn_case(**changes))
    is_problem(answer, 422, "case-cannot-be-determined", pointer)


async def test_an_unknown_class_is_answered_with_those_in_force(anyone: httpx.AsyncClient) -> None:
    answer = await anyone.post(DETERMINATIONS, json=tn_case(seeking=["us.tx"]), headers={"Accept-Language": "fr"})
    [error] = answer.json()["errors"]
    assert "us.tn" in error["detail"]
    assert "catégorie d’admission" in error["detail"]
    assert "us.tx" not in answer.text


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"on": None}, "/on"),
        ({"into": None}, "/into"),
        ({"into": "MX"}, "/into"),
        ({"into": "us"}, "/into"),
        ({"on": "2026-02-29"}, "/on"),
        ({"on": "20261121"}, "/on"),
        ({"on": "2026-11-21T00:00:00Z"}, "/on"),
        ({"findings": {"US-TN-03": "perhaps"}}, "/findings/US-TN-03"),
    ],
)
async def test_a_case_that_is_not_stated_properly_is_refused_with_the_field(
    anyone: httpx.AsyncClient, changes: dict[str, Any], pointer: str
) -> None:
    is_problem(await anyone.post(DETERMINATIONS, json=tn_case(**changes)), 422, "invalid-request", pointer)


async def test_the_first_day_of_the_law_is_answered(anyone: httpx.AsyncClient) -> None:
    case = tn_case(on="1994-01-01", findings={"US-TN-03": "met", "US-TN-06": "met", "US-TN-13": "met"})
    told = await determined(anyone, case)
    assert told["on"] == "1994-01-01"
    assert "NAFTA" in requirement(told, "US-TN-01")["citation"]


async def test_the_law_of_canada_answers_for_canada(anyone: httpx.AsyncClient) -> None:
    case = after_sales_case(into="CA", seeking=[], findings={}, facts={"traveller": {"citizenships": ["US"]}})
    told = await determined(anyone, case)
    assert told["pack"]["id"] == "ca"
    assert all(each["class"].startswith("ca.") for each in told["classes"])


async def test_a_determination_stores_nothing(tmp_path: Path, clock: MovingClock) -> None:
    async with running_suite(tmp_path, clock) as desk, desk.client(None) as client:
        before = counts(tmp_path)
        await determined(client, tn_case())
        assert counts(tmp_path) == before


async def test_an_address_that_asks_too_often_is_told_when_to_come_back(tmp_path: Path, clock: MovingClock) -> None:
    async with running_service(tmp_path, clock, open_requests_per_minute=3) as desk, desk.client(None) as client:
        answers = [await client.post(DETERMINATIONS, json=tn_case()) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        is_problem(answers[-1], 429, "too-many-requests")
        assert int(answers[-1].headers["retry-after"]) > 0
        async with desk.client() as officer:
            assert (await officer.get("/admission/v1/examinations")).status_code == 200


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        (
            {"facts__travel_document__issued_on": "2026-01-10", "facts__travel_document__expires_on": "2026-01-09"},
            "/facts/travel_document/expires_on",
        ),
        (
            {"facts__traveller__born_on": "1990-02-28", "facts__travel_document__issued_on": "1990-02-27"},
            "/facts/travel_document/issued_on",
        ),
        (
            {"facts__engagement__starts_on": "2027-01-02", "facts__engagement__ends_on": "2027-01-01"},
            "/facts/engagement/ends_on",
        ),
    ],
)
async def test_days_in_an_order_that_cannot_be_are_a_contradiction(
    anyone: httpx.AsyncClient, changes: dict[str, str], pointer: str
) -> None:
    answer = await anyone.post(DETERMINATIONS, json=tn_case(**changes))
    problem = is_problem(answer, 422, "contradictory-facts", pointer)
    assert "give a day on or after it" in str(problem)
    assert not any(day in answer.text for day in changes.values())


async def test_the_same_day_twice_is_no_contradiction(anyone: httpx.AsyncClient) -> None:
    same = {"facts__engagement__starts_on": "2027-01-01", "facts__engagement__ends_on": "2027-01-01"}
    await determined(anyone, tn_case(**same))


async def test_every_class_is_tried_and_says_why_when_none_is_sought(anyone: httpx.AsyncClient) -> None:
    told = await determined(anyone, tn_case(seeking=[]))
    ranks = {"qualifies": 0, "needs_judgement": 1, "needs_facts": 2, "does_not_qualify": 3}
    found = [ranks[each["status"]] for each in told["classes"]]
    assert told["classes"][0]["class"] == "us.tn"
    assert found == sorted(found)
    assert all(each["because"].endswith(".") for each in told["classes"])
