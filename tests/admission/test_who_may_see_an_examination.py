"""An examination is for officers at its own port; for anyone else it is not there."""

import uuid
from typing import Any

import httpx
import pytest
from tests.admission.cases import EXAMINATIONS, admit, engineer, is_problem, opened, refuse, took
from tests.conftest import Desk

from crossing.kit.identity import Role

pytestmark = pytest.mark.anyio

READINGS = ["", "/revisions", "/history", "/notice"]
STEPS: dict[str, dict[str, Any]] = {
    "facts": {},
    "referral": {"reason": "For a reason."},
    "decision": admit(),
    "withdrawal": {"reason": "For a reason."},
}


async def requests_of(client: httpx.AsyncClient, examination_id: str) -> list[httpx.Response]:
    """Everything that may be asked of an examination."""
    address = f"{EXAMINATIONS}/{examination_id}"
    answers = [await client.get(address + each) for each in READINGS]
    for verb, body in STEPS.items():
        method = "PATCH" if verb == "facts" else "POST"
        answers.append(await client.request(method, f"{address}/{verb}", json=body, headers={"If-Match": "*"}))
    return answers


async def test_an_officer_of_another_port_finds_nothing_and_cannot_tell_it_from_what_is_not_there(
    desk: Desk, officer: httpx.AsyncClient, canadian_officer: httpx.AsyncClient
) -> None:
    examination = await opened(officer, engineer())
    elsewhere = await requests_of(canadian_officer, examination["id"])
    nowhere = await requests_of(canadian_officer, str(uuid.uuid4()))
    for answer, other in zip(elsewhere, nowhere, strict=True):
        is_problem(answer, 404, "not-found")
        assert answer.content == other.content
    assert (await officer.get(f"{EXAMINATIONS}/{examination['id']}")).json() == examination


async def test_a_supervisor_of_another_port_supersedes_nothing_here(desk: Desk, officer: httpx.AsyncClient) -> None:
    examination = await opened(officer, engineer())
    await took(officer, examination, "decision", admit())
    async with desk.client(Role.SUPERVISOR, "CA-YUL") as elsewhere:
        answer = await elsewhere.post(
            f"{EXAMINATIONS}/{examination['id']}/supersession",
            json={"reason": "For a reason.", "decision": refuse()},
            headers={"If-Match": "*"},
        )
    is_problem(answer, 404, "not-found")


async def test_the_list_has_only_what_was_opened_at_the_caller_s_port(
    officer: httpx.AsyncClient, canadian_officer: httpx.AsyncClient
) -> None:
    here = await opened(officer, engineer())
    there = await opened(canadian_officer, engineer(seeking=[], facts={}, findings={}))
    for client, its_own, other in ((officer, here, there), (canadian_officer, there, here)):
        listed = (await client.get(EXAMINATIONS)).json()["examinations"]
        assert {each["port_id"] for each in listed} == {its_own["port_id"]}
        assert its_own["id"] in {each["id"] for each in listed}
        assert other["id"] not in {each["id"] for each in listed}


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.OFFICER, Role.SUPERVISOR)])
async def test_no_other_role_examines(desk: Desk, officer: httpx.AsyncClient, role: Role) -> None:
    examination = await opened(officer, engineer())
    async with desk.client(role) as client:
        for answer in await requests_of(client, examination["id"]):
            is_problem(answer, 403, "not-allowed")
        is_problem(await client.post(EXAMINATIONS, json=engineer()), 403, "not-allowed")
        is_problem(await client.get(EXAMINATIONS), 403, "not-allowed")


async def test_a_second_officer_at_the_port_may_go_on_with_an_examination(
    desk: Desk, officer: httpx.AsyncClient
) -> None:
    examination = await opened(officer, engineer())
    async with desk.client(subject="relief") as relief:
        decided = await took(relief, examination, "decision", admit())
    assert (decided["opened_by"], decided["decision"]["by"]) == ("test-officer", "relief")


@pytest.mark.parametrize("identifier", ["1", "not-a-uuid", "%00", "..%2f..", "018f0000-0000-7000-8000-00000000000g"])
async def test_an_id_that_is_none_is_a_problem_and_no_fault(officer: httpx.AsyncClient, identifier: str) -> None:
    answer = await officer.get(f"{EXAMINATIONS}/{identifier}")
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == "application/problem+json"
