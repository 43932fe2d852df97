"""Redress asks what a port sees and what is on record: services alone, each look with its audit entry."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.admission.cases import PASSPORT, admit, changed, engineer, is_problem, opened, refuse, technician, took
from tests.admission.rows import select
from tests.admission.subjects.lists import bring, document_of, lookout, member, named
from tests.admission.subjects.orders import CASE, NUMBER, applied, subject_of
from tests.conftest import Desk

from crossing.kit.identity import Role

pytestmark = pytest.mark.anyio
CHECKS, RECORDS = "/admission/v1/subject-checks", "/admission/v1/subject-records"


async def asked(desk: Desk, address: str, body: dict[str, Any]) -> dict[str, Any]:
    """The answer to redress."""
    async with desk.client(Role.SERVICE, subject="redress") as redress:
        answer = await redress.post(address, json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_check_tells_redress_what_a_port_would_see(fresh_desk: Desk) -> None:
    await bring(fresh_desk, "lookouts", lookout())
    await applied(fresh_desk, "identity_disambiguated", record=("lookout", "L-1", 1))
    by_name = await asked(fresh_desk, CHECKS, named())
    assert (by_name["look_closer"], by_name["lookouts"][0]["suppressed"]) == (True, None)
    by_number = await asked(fresh_desk, CHECKS, {**named(), "control_number": NUMBER})
    assert by_number["lookouts"][0]["suppressed"]["control_number"] == NUMBER
    async with fresh_desk.client() as officer:
        at_the_port = (await opened(officer, engineer()))["subject"]
    assert await asked(fresh_desk, CHECKS, {**named(), "document": document_of()}) == at_the_port


async def test_records_are_the_subject_s_examinations_entries_and_membership(fresh_desk: Desk) -> None:
    await bring(fresh_desk, "lookouts", lookout())
    await bring(fresh_desk, "members", member())
    async with fresh_desk.client() as officer:
        admitted = await took(officer, await opened(officer, engineer()), "decision", admit())
        renewed = changed(PASSPORT, document_number="GA777666")
        later = await opened(officer, engineer(scan__fields=renewed))
        await opened(officer, technician())
    body = {**subject_of(), "case_id": CASE}
    told = await asked(fresh_desk, RECORDS, body)
    assert [each["id"] for each in told["examinations"]] == [later["id"], admitted["id"]]
    decided = told["examinations"][1]
    assert (decided["revision"], decided["state"], decided["port_id"]) == (2, "decided", "US-DETROIT")
    assert (decided["decision"]["action"], decided["decision"]["class"]) == ("admit", "us.tn")
    assert decided["involved"] == ["test-officer"]
    assert decided["facts"]["position"] == {"profession": "engineer"}
    [entry] = told["lookouts"]
    assert (entry["id"], entry["owner"], entry["involved"]) == ("L-1", "cbp", ["test-supervisor"])
    assert told["member"]["number"] == "98765432"
    looks = select(fresh_desk.data, "SELECT actor, subject FROM audit_entries WHERE event = 'records.read'")
    assert looks == [("redress", f"cases/{CASE}")]


async def test_a_refusal_is_told_with_the_requirements_it_rests_on(fresh_desk: Desk) -> None:
    async with fresh_desk.client() as officer:
        refused = await took(officer, await opened(officer, technician()), "decision", refuse())
    scan = refused["traveller"]
    told = await asked(fresh_desk, RECORDS, {**subject_of(scan), "case_id": CASE})
    [examination] = told["examinations"]
    assert examination["decision"]["not_met"] == ["US-B1-38"]
    assert examination["annulled"] is None
    record = ("examination", refused["id"], refused["revision"])
    await applied(fresh_desk, "refusal_annulled", {"reason_code": "RC4"}, record, subject=subject_of(scan))
    [examination] = (await asked(fresh_desk, RECORDS, {**subject_of(scan), "case_id": CASE}))["examinations"]
    assert examination["annulled"]["control_number"] == NUMBER
    assert examination["decision"]["adverse"] is False


async def test_an_examination_is_found_by_another_citizenship(fresh_desk: Desk) -> None:
    other = changed(PASSPORT, issued_by="FR", nationality="FR", document_number="20AB11111")
    async with fresh_desk.client() as officer:
        there = await opened(officer, engineer(scan__fields=other, facts__traveller={"citizenships": ["CA", "FR"]}))
    body = {**subject_of(), "case_id": CASE}
    assert (await asked(fresh_desk, RECORDS, body))["examinations"] == []
    told = await asked(fresh_desk, RECORDS, {**body, "citizenships": ["CA", "FR"]})
    assert [each["id"] for each in told["examinations"]] == [there["id"]]
    by_id = await asked(fresh_desk, RECORDS, {**body, "examination_id": there["id"]})
    assert [each["id"] for each in by_id["examinations"]] == [there["id"]]


async def test_another_s_examination_is_not_told_by_its_id(fresh_desk: Desk) -> None:
    async with fresh_desk.client() as officer:
        another = await opened(officer, technician())
    told = await asked(fresh_desk, RECORDS, {**subject_of(), "case_id": CASE, "examination_id": another["id"]})
    assert told["examinations"] == []


async def test_of_nobody_known_there_is_nothing(fresh_desk: Desk) -> None:
    told = await asked(fresh_desk, RECORDS, {"surname": "Nobody", "case_id": str(uuid4())})
    assert told == {"examinations": [], "lookouts": [], "member": None}


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.CASEWORKER, Role.APPLICANT])
async def test_people_cannot_ask(desk: Desk, role: Role) -> None:
    async with desk.client(role) as client:
        is_problem(await client.post(CHECKS, json=named()), 403, "not-allowed")
        is_problem(await client.post(RECORDS, json={**named(), "case_id": CASE}), 403, "not-allowed")


async def test_records_are_asked_for_a_case(desk: Desk) -> None:
    async with desk.client(Role.SERVICE, subject="redress") as redress:
        answer: httpx.Response = await redress.post(RECORDS, json=named())
        is_problem(answer, 422, "invalid-request", "/case_id")
