"""The officer decides. Where the decision departs from the determination, it names each requirement seen otherwise."""

from typing import Any

import httpx
import pytest
from tests.admission.cases import admit, engineer, is_problem, opened, refuse, step, technician, took
from tests.admission.rows import counts
from tests.conftest import Desk

pytestmark = pytest.mark.anyio

SEEN = "Seen otherwise on the documents shown."


def seen_otherwise(*requirements: str) -> list[dict[str, str]]:
    return [{"requirement": each, "reason": SEEN} for each in requirements]


async def refused(client: httpx.AsyncClient, body: dict[str, Any], decision: dict[str, Any], *pointers: str) -> Any:
    """The problem of a decision that cannot be taken on the fields named."""
    answer = await step(client, await opened(client, body), "decision", decision)
    return is_problem(answer, 422, "invalid-request", *pointers)


async def test_who_qualifies_is_admitted_until_the_class_s_own_end(officer: httpx.AsyncClient) -> None:
    decided = await took(officer, await opened(officer, engineer()), "decision", admit())
    assert decided["state"] == "decided"
    assert decided["decision"] == {
        "action": "admit",
        "class": "us.tn",
        "until": "2028-06-30",
        "reason": "Offer and degree seen.",
        "departs": False,
        "departures": [],
        "rulings": [],
        "notations_read": [],
        "by": "test-officer",
        "at": "2026-11-21T15:00:00.000000Z",
        "adverse": False,
        "annulled": None,
        "amended": None,
    }


@pytest.mark.parametrize("until", ["2026-11-21", "2027-01-01", "2028-06-30"])
async def test_an_officer_may_admit_for_less_than_the_class_allows(officer: httpx.AsyncClient, until: str) -> None:
    decided = await took(officer, await opened(officer, engineer()), "decision", admit(until=until))
    assert decided["decision"]["until"] == until


async def test_nobody_is_admitted_for_longer_than_the_class_allows(officer: httpx.AsyncClient) -> None:
    document = await refused(officer, engineer(), admit(until="2028-07-01"), "/until")
    assert "2028-06-30" in document["errors"][0]["detail"]


async def test_nobody_is_admitted_until_a_day_that_is_over(officer: httpx.AsyncClient) -> None:
    await refused(officer, engineer(), admit(until="2026-11-20"), "/until")


@pytest.mark.parametrize("chosen", [None, "us.b1.usmca", "us.e9"])
async def test_an_admission_names_a_class_that_was_sought(officer: httpx.AsyncClient, chosen: str | None) -> None:
    document = await refused(officer, engineer(), admit(**{"class": chosen}), "/class")
    assert "us.tn" in document["errors"][0]["detail"]


@pytest.mark.parametrize(("field", "value"), [("class", "us.tn"), ("until", "2026-12-01")])
async def test_a_refusal_grants_nothing(officer: httpx.AsyncClient, field: str, value: str) -> None:
    await refused(officer, technician(), refuse(**{field: value}), f"/{field}")


async def test_who_does_not_qualify_is_refused_without_more_ado(officer: httpx.AsyncClient) -> None:
    decided = await took(officer, await opened(officer, technician()), "decision", refuse())
    assert decided["decision"]["action"] == "refuse"
    assert decided["decision"]["departs"] is False
    assert decided["decision"]["class"] is decided["decision"]["until"] is None


async def test_admitting_who_does_not_qualify_needs_the_requirement_seen_otherwise(
    officer: httpx.AsyncClient,
) -> None:
    examination = await opened(officer, technician())
    answer = await step(officer, examination, "decision", admit(**{"class": "us.b1.usmca"}))
    document = is_problem(answer, 422, "departure-not-explained", "/departures")
    assert "US-B1-38" in document["errors"][0]["detail"]


async def test_a_departure_that_is_explained_is_recorded_with_its_reason(officer: httpx.AsyncClient) -> None:
    decision = admit(**{"class": "us.b1.usmca"}, departures=seen_otherwise("US-B1-38"))
    decided = await took(officer, await opened(officer, technician()), "decision", decision)
    assert decided["decision"]["departs"] is True
    assert decided["decision"]["departures"] == [{"requirement": "US-B1-38", "reason": SEEN}]
    assert decided["determination"]["outcome"] == "does_not_qualify"


async def test_who_is_admitted_by_departure_stays_no_longer_than_the_class_allows(officer: httpx.AsyncClient) -> None:
    """The visit ends on 5 December 2026, whoever sees the place of manufacture otherwise."""
    decision = admit(**{"class": "us.b1.usmca"}, departures=seen_otherwise("US-B1-38"))
    examination = await opened(officer, technician())
    answer = await step(officer, examination, "decision", {**decision, "until": "2030-01-01"})
    is_problem(answer, 422, "invalid-request", "/until")
    decided = await took(officer, examination, "decision", decision)
    assert decided["decision"]["until"] == "2026-12-05"


async def test_open_judgement_is_resolved_by_the_decision_when_each_requirement_is_named(
    officer: httpx.AsyncClient,
) -> None:
    examination = await opened(officer, engineer(findings={}))
    answer = await step(officer, examination, "decision", admit(departures=seen_otherwise("US-TN-03", "US-TN-30")))
    document = is_problem(answer, 422, "departure-not-explained", "/departures")
    assert document["errors"][0]["detail"].endswith("still in the way: US-TN-13")
    every = seen_otherwise("US-TN-03", "US-TN-13", "US-TN-30")
    decided = await took(officer, examination, "decision", admit(departures=every))
    assert decided["decision"]["departs"] is True


async def test_refusing_who_qualifies_needs_a_requirement_seen_otherwise(officer: httpx.AsyncClient) -> None:
    examination = await opened(officer, engineer())
    answer = await step(officer, examination, "decision", refuse())
    document = is_problem(answer, 422, "departure-not-explained", "/departures")
    assert "us.tn" in document["errors"][0]["detail"]
    decided = await took(officer, examination, "decision", refuse(departures=seen_otherwise("US-TN-13")))
    assert decided["decision"]["departs"] is True


async def test_a_fact_still_missing_is_no_ground_of_refusal_until_the_officer_names_the_requirement(
    officer: httpx.AsyncClient,
) -> None:
    examination = await opened(officer, technician(facts__equipment__manufactured_in=None))
    is_problem(await step(officer, examination, "decision", refuse()), 422, "departure-not-explained", "/departures")
    await took(officer, examination, "decision", refuse(departures=seen_otherwise("US-B1-38")))


async def test_a_refusal_must_hold_for_every_class_sought(officer: httpx.AsyncClient) -> None:
    examination = await opened(officer, technician(seeking=["us.b1.usmca", "us.b1.ordinary"]))
    answer = await step(officer, examination, "decision", refuse())
    document = is_problem(answer, 422, "departure-not-explained", "/departures")
    assert "us.b1.ordinary" in document["errors"][0]["detail"]
    await took(officer, examination, "decision", refuse(departures=seen_otherwise("US-B1-62")))


@pytest.mark.parametrize("requirement", ["US-B1-38", "CA-BV-01", "US-TN-99"])
async def test_a_requirement_the_determination_does_not_rest_on_cannot_be_seen_otherwise(
    officer: httpx.AsyncClient, requirement: str
) -> None:
    decision = refuse(departures=seen_otherwise("US-TN-13", requirement))
    await refused(officer, engineer(), decision, "/departures/1/requirement")


@pytest.mark.parametrize(
    ("body", "decision"),
    [
        (engineer(), admit(departures=seen_otherwise("US-TN-13"))),
        (technician(), refuse(departures=seen_otherwise("US-B1-38"))),
    ],
)
async def test_what_the_determination_sees_alike_is_no_departure(
    officer: httpx.AsyncClient, body: dict[str, Any], decision: dict[str, Any]
) -> None:
    """Supervisors read departures; one that departs from nothing would hide those that do."""
    await refused(officer, body, decision, "/departures/0/requirement")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"reason": None}, "/reason"),
        ({"reason": "ok"}, "/reason"),
        ({"action": "refer"}, "/action"),
        ({"until": "2027-02-29"}, "/until"),
        ({"departs": True}, "/departs"),
        ({"by": "somebody-else"}, "/by"),
        ({"departures": [{"requirement": "US-TN-13"}]}, "/departures/0/reason"),
        ({"departures": [{"requirement": "US TN 13", "reason": SEEN}]}, "/departures/0/requirement"),
    ],
)
async def test_a_decision_is_stated_in_full_and_nothing_else_with_it(
    desk: Desk, officer: httpx.AsyncClient, changes: dict[str, Any], pointer: str
) -> None:
    examination = await opened(officer, engineer())
    before = counts(desk.data)
    answer = await step(officer, examination, "decision", admit(**changes))
    is_problem(answer, 422, "invalid-request", pointer)
    assert counts(desk.data) == before


async def test_an_examination_is_decided_once(officer: httpx.AsyncClient) -> None:
    decided = await took(officer, await opened(officer, engineer()), "decision", admit())
    answer = await step(officer, decided, "decision", refuse(departures=seen_otherwise("US-TN-13")))
    is_problem(answer, 409, "examination-already-decided")


async def test_problems_of_a_decision_are_told_in_the_officer_s_language(officer: httpx.AsyncClient) -> None:
    examination = await opened(officer, technician())
    answer = await step(officer, examination, "decision", admit(**{"class": "us.b1.usmca"}), accept_language="es")
    assert "aún lo impiden: US-B1-38" in answer.json()["errors"][0]["detail"]
