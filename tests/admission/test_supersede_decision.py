"""Only a supervisor puts another decision in the place of the one that stands; the earlier one stays on record."""

from typing import Any

import httpx
import pytest
from tests.admission.cases import EXAMINATIONS, admit, is_problem, opened, refuse, step, technician, took

pytestmark = pytest.mark.anyio

REASON = "The invoice shown later names a works in Ontario."


def supersession(decision: dict[str, Any]) -> dict[str, Any]:
    return {"reason": REASON, "decision": decision}


def admission_after_all() -> dict[str, Any]:
    return admit(**{"class": "us.b1.usmca"}, departures=[{"requirement": "US-B1-38", "reason": REASON}])


async def test_a_supervisor_supersedes_a_decision_and_both_stay_on_record(
    officer: httpx.AsyncClient, supervisor: httpx.AsyncClient
) -> None:
    decided = await took(officer, await opened(officer, technician()), "decision", refuse())
    after = await took(supervisor, decided, "supersession", supersession(admission_after_all()))
    assert (after["state"], after["revision"]) == ("decided", 3)
    assert after["decision"]["action"] == "admit"
    assert after["decision"]["by"] == "test-supervisor"
    revisions = (await officer.get(f"{EXAMINATIONS}/{decided['id']}/revisions")).json()["revisions"]
    assert [each["kind"] for each in revisions] == ["opened", "decided", "superseded"]
    assert revisions[1]["detail"]["action"] == "refuse"
    assert revisions[2]["detail"]["reason"] == REASON


async def test_a_superseded_refusal_has_no_notice_any_more(
    officer: httpx.AsyncClient, supervisor: httpx.AsyncClient
) -> None:
    decided = await took(officer, await opened(officer, technician()), "decision", refuse())
    assert (await officer.get(f"{EXAMINATIONS}/{decided['id']}/notice")).status_code == 200
    await took(supervisor, decided, "supersession", supersession(admission_after_all()))
    is_problem(await officer.get(f"{EXAMINATIONS}/{decided['id']}/notice"), 404, "no-notice")


async def test_an_officer_supersedes_nothing(officer: httpx.AsyncClient) -> None:
    decided = await took(officer, await opened(officer, technician()), "decision", refuse())
    answer = await step(officer, decided, "supersession", supersession(admission_after_all()))
    is_problem(answer, 403, "not-allowed")


async def test_what_is_not_decided_cannot_be_superseded(supervisor: httpx.AsyncClient) -> None:
    examination = await opened(supervisor, technician())
    is_problem(await step(supervisor, examination, "supersession", supersession(refuse())), 409, "not-in-this-state")


async def test_a_withdrawal_is_not_superseded(supervisor: httpx.AsyncClient) -> None:
    gone = await took(supervisor, await opened(supervisor, technician()), "withdrawal", {"reason": "Went home."})
    answer = await step(supervisor, gone, "supersession", supersession(refuse()))
    is_problem(answer, 409, "application-withdrawn")


@pytest.mark.parametrize(
    ("decision", "slug", "pointer"),
    [
        (admit(**{"class": "us.b1.usmca"}), "departure-not-explained", "/decision/departures"),
        (admit(**{"class": "us.tn"}), "invalid-request", "/decision/class"),
        (refuse(until="2027-01-01"), "invalid-request", "/decision/until"),
        (
            refuse(departures=[{"requirement": "US-TN-01", "reason": REASON}]),
            "invalid-request",
            "/decision/departures/0/requirement",
        ),
        (refuse(reason=None), "invalid-request", "/decision/reason"),
    ],
)
async def test_a_superseding_decision_must_hold_as_any_other_and_says_where_it_does_not(
    supervisor: httpx.AsyncClient, decision: dict[str, Any], slug: str, pointer: str
) -> None:
    decided = await took(supervisor, await opened(supervisor, technician()), "decision", refuse())
    is_problem(await step(supervisor, decided, "supersession", supersession(decision)), 422, slug, pointer)


async def test_a_superseding_decision_may_be_superseded(supervisor: httpx.AsyncClient) -> None:
    decided = await took(supervisor, await opened(supervisor, technician()), "decision", refuse())
    once = await took(supervisor, decided, "supersession", supersession(admission_after_all()))
    twice = await took(supervisor, once, "supersession", supersession(refuse()))
    assert twice["decision"]["action"] == "refuse"
    assert twice["revision"] == 4


async def test_the_list_shows_the_decision_that_stands(
    officer: httpx.AsyncClient, supervisor: httpx.AsyncClient
) -> None:
    decided = await took(officer, await opened(officer, technician()), "decision", refuse())
    await took(supervisor, decided, "supersession", supersession(admission_after_all()))
    listed = (await officer.get(EXAMINATIONS, params={"state": "decided"})).json()["examinations"]
    [found] = [each for each in listed if each["id"] == decided["id"]]
    assert (found["action"], found["class"]) == ("admit", "us.b1.usmca")
