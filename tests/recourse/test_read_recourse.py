"""Recourse over HTTP: open to anyone, in three languages, with a problem for what no country has."""

from typing import Any

import httpx
import pytest
from tests.admission.cases import is_problem
from tests.conftest import Desk

pytestmark = pytest.mark.anyio
NEXUS = {"country": "CA", "outcome": "CA-RED-1", "told_on": "2026-11-21"}


async def asked(desk: Desk, language: str = "en", **query: Any) -> httpx.Response:
    async with desk.client(None) as anyone:
        return await anyone.get("/redress/v1/recourse", params=query, headers={"Accept-Language": language})


async def test_anyone_is_told_the_last_day_and_the_safe_day(redress: Desk) -> None:
    answer = await asked(redress, **NEXUS, in_person=False, filed_on="2027-01-06")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    review = next(each for each in told["courses"] if each["id"] == "ca.nexus_review")
    assert (review["safe_day"], review["last_day"]) == ("2027-01-05", "2027-03-06")
    assert (review["relies_on_published_practice"], review["standing"]) == (True, "relies_on_published_practice")
    assert (told["told_on"], told["in_person"], told["inside_country"]) == ("2026-11-21", False, True)


@pytest.mark.parametrize(
    ("language", "court"), [("en", "Federal Court"), ("fr", "Cour fédérale"), ("es", "Corte Federal de Canadá")]
)
async def test_the_answer_is_in_the_callers_language(redress: Desk, language: str, court: str) -> None:
    answer = await asked(redress, language, country="CA", outcome="CA-OUT-10", told_on="2026-11-21")
    assert answer.json()["courses"][0]["body"] == court


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"outcome": "US-OUT-06"}, "/outcome"),
        ({"country": "MX"}, "/country"),
        ({"told_on": "2027-02-29"}, "/told_on"),
        ({"told_on": "21.11.2026"}, "/told_on"),
        ({"class": "ca.no_such_class"}, "/class"),
        ({"filed_on": "2026-11-20"}, "/filed_on"),
    ],
)
async def test_what_no_country_has_is_named(redress: Desk, changes: dict[str, str], pointer: str) -> None:
    is_problem(await asked(redress, **(NEXUS | changes)), 422, "invalid-request", pointer)
