"""A change names the version it was read at, so that nobody overwrites what he or she has not seen."""

import httpx
import pytest
from tests.admission.cases import EXAMINATIONS, admit, engineer, is_problem, opened, step, took
from tests.admission.rows import counts
from tests.conftest import Desk

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("verb", ["facts", "referral", "decision", "withdrawal"])
async def test_a_change_without_the_version_read_is_refused(desk: Desk, officer: httpx.AsyncClient, verb: str) -> None:
    examination = await opened(officer, engineer())
    before = counts(desk.data)
    body = {"facts": {}, "decision": admit()}.get(verb, {"reason": "For a reason."})
    address = f"{EXAMINATIONS}/{examination['id']}/{verb}"
    answer = await officer.request("PATCH" if verb == "facts" else "POST", address, json=body)
    is_problem(answer, 428, "precondition-required")
    assert counts(desk.data) == before


@pytest.mark.parametrize("stale", ['"1"', '"3"', 'W/"2"', "2", '"2', '""', "", '"1", "3"', "nonsense"])
async def test_a_change_of_another_version_is_refused_with_the_one_that_stands(
    officer: httpx.AsyncClient, stale: str
) -> None:
    """If-Match compares strongly (RFC 9110 §13.1.1), so a weak tag never matches."""
    examination = await opened(officer, engineer())
    second = await took(officer, examination, "facts", {"findings": {"US-TN-13": None}})
    answer = await step(officer, second, "decision", admit(), if_match=stale)
    is_problem(answer, 412, "stale-version")
    assert answer.headers["etag"] == '"2"'


@pytest.mark.parametrize("condition", ["*", '"1"', '"7", "1"', ' "1" '])
async def test_any_version_named_or_the_one_that_stands_lets_a_change_pass(
    officer: httpx.AsyncClient, condition: str
) -> None:
    decided = await took(officer, await opened(officer, engineer()), "decision", admit(), if_match=condition)
    assert decided["revision"] == 2


async def test_the_answer_to_a_change_carries_the_new_version(officer: httpx.AsyncClient) -> None:
    examination = await opened(officer, engineer())
    answer = await step(officer, examination, "facts", {"findings": {"US-TN-13": "met"}})
    assert answer.headers["etag"] == '"2"'
    assert (await officer.get(f"{EXAMINATIONS}/{examination['id']}")).headers["etag"] == '"2"'


async def test_of_two_officers_who_read_the_same_version_the_second_sees_the_first(desk: Desk) -> None:
    async with desk.client(subject="first") as first, desk.client(subject="second") as second:
        examination = await opened(first, engineer(findings={}))
        await took(first, examination, "facts", {"findings": {"US-TN-13": "not_met"}})
        is_problem(await step(second, examination, "decision", admit()), 412, "stale-version")
        read_again = (await second.get(f"{EXAMINATIONS}/{examination['id']}")).json()
        assert read_again["findings"] == {"US-TN-13": "not_met"}
