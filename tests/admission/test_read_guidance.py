"""Guidance is the law as data, by day and language: the very data that decides."""

from typing import Any

import httpx
import pytest
from tests.admission.cases import DETERMINATIONS, is_problem, tn_case

pytestmark = pytest.mark.anyio

V1 = "/admission/v1"
TODAY = {"into": "US", "on": "2026-11-21"}


async def read(client: httpx.AsyncClient, path: str, language: str = "en", **query: Any) -> dict[str, Any]:
    answer = await client.get(V1 + path, params={**TODAY, **query}, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_classes_in_force_are_listed_with_what_they_ask_for(anyone: httpx.AsyncClient) -> None:
    listed = await read(anyone, "/classes")
    by_id = {each["class"]: each for each in listed["classes"]}
    assert {"us.tn", "us.b1.usmca", "us.b1.ordinary"} <= by_id.keys()
    assert by_id["us.tn"]["code"] == "TN"
    assert {"US-TN-01", "US-TN-04", "US-GEN-07"} <= set(by_id["us.tn"]["requirements"])
    assert listed["pack"]["id"] == "us"
    assert await read(anyone, "/classes/us.tn") == by_id["us.tn"]


async def test_guidance_names_the_pack_that_a_determination_names(anyone: httpx.AsyncClient) -> None:
    determined = (await anyone.post(DETERMINATIONS, json=tn_case())).json()
    assert (await read(anyone, "/classes"))["pack"]["digest"] == determined["pack"]["digest"]


async def test_what_a_determination_asks_for_the_guidance_lists(anyone: httpx.AsyncClient) -> None:
    determined = (await anyone.post(DETERMINATIONS, json=tn_case())).json()["classes"][0]
    listed = set((await read(anyone, "/classes/us.tn"))["requirements"])
    assert {each["id"] for each in determined["requirements"]} <= listed


@pytest.mark.parametrize(
    ("on", "treaty"),
    [("1994-01-01", "NAFTA"), ("2020-06-30", "NAFTA"), ("2020-07-01", "USMCA"), ("2026-11-21", "USMCA")],
)
async def test_a_requirement_is_read_as_it_stood_on_the_day(anyone: httpx.AsyncClient, on: str, treaty: str) -> None:
    """The USMCA entered into force on 1 July 2020."""
    assert treaty in (await read(anyone, "/requirements/US-TN-01", on=on))["citation"]


@pytest.mark.parametrize(("on", "status"), [("2025-06-03", 404), ("2025-06-04", 200)])
async def test_a_requirement_is_found_from_its_first_day(anyone: httpx.AsyncClient, on: str, status: int) -> None:
    """US-TN-30 rests on the USCIS Policy Manual as of 4 June 2025."""
    answer = await anyone.get(f"{V1}/requirements/US-TN-30", params={**TODAY, "on": on})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("language", "text", "cure"),
    [
        ("en", "was made outside the United States", "ordinary B-1"),
        ("fr", "a été fabriqué à l'extérieur des États-Unis", "B-1 ordinaire"),
        ("es", "se fabricó fuera de Estados Unidos", "B-1 ordinaria"),
    ],
)
async def test_a_requirement_is_told_in_three_languages_and_its_law_cited(
    anyone: httpx.AsyncClient, language: str, text: str, cure: str
) -> None:
    told = await read(anyone, "/requirements/US-B1-38", language)
    assert text in told["text"]
    assert cure in told["cure"]
    assert "8 CFR 214.2(b)(4)(i)(F)" in told["citation"]
    assert told["classes"] == ["us.b1.usmca"]
    assert told["kind"] == "bright_line"
    assert told["verified"] is False
    assert told["unverified_note"]
    assert {"certificate_of_origin"} <= {each["id"] for each in told["evidence"]}


async def test_every_requirement_cites_its_law_in_every_language(anyone: httpx.AsyncClient) -> None:
    for country in ("US", "CA"):
        for language in ("en", "fr", "es"):
            listed = await read(anyone, "/requirements", language, into=country, limit=200)
            assert listed["requirements"]
            assert all(each["citation"] and each["text"] for each in listed["requirements"])


async def test_requirements_come_by_pages_that_have_each_once(anyone: httpx.AsyncClient) -> None:
    whole = [each["id"] for each in (await read(anyone, "/requirements", limit=200))["requirements"]]
    assert whole == sorted(set(whole))
    for limit in (1, 7, len(whole) - 1, len(whole)):
        seen: list[str] = []
        address: str | None = f"{V1}/requirements?into=US&on=2026-11-21&limit={limit}"
        while address:
            answer = await anyone.get(address)
            page = [each["id"] for each in answer.json()["requirements"]]
            assert 0 < len(page) <= limit
            seen += page
            address = answer.links.get("next", {}).get("url")
        assert seen == whole


async def test_requirements_of_one_class_are_found_and_paged(anyone: httpx.AsyncClient) -> None:
    asked = await read(anyone, "/classes/us.b1.usmca")
    expected = sorted({*asked["requirements"], *asked["provisions"]})
    seen: list[str] = []
    address: str | None = f"{V1}/requirements?into=US&on=2026-11-21&class=us.b1.usmca&limit=10"
    while address:
        answer = await anyone.get(address)
        seen += [each["id"] for each in answer.json()["requirements"]]
        address = answer.links.get("next", {}).get("url")
    assert seen == expected


async def test_the_dictionary_is_the_list_of_what_may_be_stated(anyone: httpx.AsyncClient) -> None:
    facts = {each["path"]: each for each in (await read(anyone, "/facts", "fr"))["facts"]}
    made_in = facts["equipment.manufactured_in"]
    assert made_in["type"] == "country"
    assert made_in["material"] is True
    assert made_in["question"].startswith("Dans quel pays")
    assert facts["traveller.citizenships"]["personal"] is True
    assert {each["value"] for each in facts["equipment.kind"]["options"]} >= {"commercial_industrial", "software"}


async def test_the_professions_are_a_table_of_63(anyone: httpx.AsyncClient) -> None:
    """USMCA Annex 16-A, Appendix 2 lists 63 professions."""
    names = (await read(anyone, "/tables"))["tables"]
    assert {"us.professions", "us.fees", "us.inadmissibility"} <= set(names)
    told = {
        language: (await read(anyone, "/tables/us.professions", language))["rows"] for language in ("en", "fr", "es")
    }
    assert {len(rows) for rows in told.values()} == {63}
    engineer = {language: next(row for row in rows if row["id"] == "engineer") for language, rows in told.items()}
    assert engineer["en"]["text"] == "Engineer"
    assert engineer["fr"]["text"].startswith("Ingénieur")
    assert engineer["es"]["text"].startswith("Ingenier")


@pytest.mark.parametrize(
    "path",
    [
        "/classes/us.e9",
        "/classes/ca.business_visitor.x",
        "/requirements/US-TN-99",
        "/requirements/CA-GEN-01",
        "/tables/us.nothing",
    ],
)
async def test_what_a_country_does_not_have_is_not_found(anyone: httpx.AsyncClient, path: str) -> None:
    is_problem(await anyone.get(V1 + path, params=TODAY), 404, "not-found")


@pytest.mark.parametrize(
    "path", ["/classes", "/classes/us.tn", "/requirements", "/requirements/US-TN-01", "/tables/us.fees"]
)
async def test_the_law_of_a_day_before_the_pack_is_not_made_up(anyone: httpx.AsyncClient, path: str) -> None:
    answer = await anyone.get(V1 + path, params={**TODAY, "on": "1993-12-31"})
    is_problem(answer, 422, "case-cannot-be-determined", "/on")


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ({}, ("/into", "/on")),
        ({"into": "US"}, ("/on",)),
        ({"into": "MX", "on": "2026-11-21"}, ("/into",)),
        ({"into": "US", "on": "2026-02-30"}, ("/on",)),
        ({"into": "US", "on": "today"}, ("/on",)),
    ],
)
async def test_guidance_needs_a_country_and_a_day(
    anyone: httpx.AsyncClient, query: dict[str, str], pointers: tuple[str, ...]
) -> None:
    for path in ("/classes", "/requirements"):
        is_problem(await anyone.get(V1 + path, params=query), 422, "invalid-request", *pointers)


@pytest.mark.parametrize("cursor", ["x", "WyJhIiwiYiJd", "e30"])
async def test_a_cursor_that_no_page_gave_is_refused(anyone: httpx.AsyncClient, cursor: str) -> None:
    answer = await anyone.get(f"{V1}/requirements", params={**TODAY, "cursor": cursor})
    is_problem(answer, 422, "invalid-request", "/cursor")
