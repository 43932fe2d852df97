"""Who may decide: nobody who took part, works where it happened, or directs whoever did (T21)."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from tests.redress.desk.conftest import Records, SignedIn, listed
from tests.redress.desk.files import (
    EDITOR,
    FACTS,
    GRANT,
    OFFICER,
    STAFF,
    SUPERVISOR,
    accepted,
    in_adjudication,
    read,
    refused,
    step,
    took,
)

from crossing.kit.identity import Role

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "subject",
    [OFFICER, SUPERVISOR, EDITOR, "colleague", "chief", "director", "lister", "list-keeper"],
    ids=["decided", "concurred", "edited", "unit", "is reported to", "above", "owns the lookout", "edited the lookout"],
)
async def test_nobody_of_the_conflict_set_is_given_a_case(
    service: FastAPI, clerk: httpx.AsyncClient, subject: str
) -> None:
    case_id = await accepted(service)
    await took(clerk, case_id, "records", {})
    answer = await step(clerk, case_id, "assignment", {"to": subject})
    assert refused(answer) == (409, "conflict-of-interest", ["/to"])
    assert (await read(clerk, case_id))["desk"].get("adjudicator") is None


async def test_the_unit_that_owns_the_record_is_given_no_case(
    service: FastAPI, clerk: httpx.AsyncClient, reviewer: httpx.AsyncClient
) -> None:
    case_id = await accepted(service)
    await took(clerk, case_id, "routing", {"record_owner": "cbp", "reviewer": "reviewer"})
    answer = await step(clerk, case_id, "assignment", {"to": "owner"})
    assert refused(answer) == (409, "conflict-of-interest", ["/to"])


async def test_an_adjudicator_without_part_in_it_is_given_the_case(service: FastAPI, clerk: httpx.AsyncClient) -> None:
    case_id = await accepted(service)
    await took(clerk, case_id, "records", {})
    told = await took(clerk, case_id, "assignment", {"to": "ada"})
    assert told["desk"]["adjudicator"] == "ada"
    assert {each.get("who") or each.get("unit") for each in told["desk"]["conflicts"]} == {
        OFFICER, SUPERVISOR, EDITOR, "US-DETROIT", "somewhere", "elsewhere", "chief", "director", "list-office", "list-keeper", "far-away",
    }  # fmt: skip


@pytest.mark.parametrize(("to", "pointers"), [("nobody", ["/to"]), ("clerk", ["/to"])])
async def test_only_adjudicators_of_the_staff_list_are_given_cases(
    service: FastAPI, clerk: httpx.AsyncClient, to: str, pointers: list[str]
) -> None:
    answer = await step(clerk, await accepted(service), "assignment", {"to": to})
    assert refused(answer) == (422, "invalid-request", pointers)


async def test_whoever_moves_into_the_unit_afterwards_does_not_decide(
    service: FastAPI, signed_in: SignedIn, clerk: httpx.AsyncClient, reviewer: httpx.AsyncClient
) -> None:
    case_id, mover = await accepted(service), signed_in("mover")
    await took(clerk, case_id, "records", {})
    await took(clerk, case_id, "assignment", {"to": "mover"})
    await took(clerk, case_id, "routing", {"record_owner": "cbp", "reviewer": "reviewer"})
    await took(reviewer, case_id, "component-answer", FACTS)
    await took(mover, case_id, "draft", GRANT, method="PUT")
    moved = {**STAFF["mover"], "unit": "US-DETROIT"}
    assert (await listed(signed_in("test-supervisor", Role.SUPERVISOR), "mover", moved)).status_code == 200
    assert refused(await step(mover, case_id, "decision"))[:2] == (409, "conflict-of-interest")
    assert (await read(clerk, case_id))["state"] == "adjudication"


async def test_another_adjudicator_than_the_one_assigned_does_not_decide(
    service: FastAPI, signed_in: SignedIn, clerk: httpx.AsyncClient
) -> None:
    case_id = await in_adjudication(service, clerk)
    answer = await step(signed_in("bea"), case_id, "draft", GRANT, method="PUT")
    assert refused(answer)[:2] == (409, "step-not-ready")
    assert (await read(clerk, case_id))["desk"]["draft"] is None


async def test_records_that_admission_cannot_tell_leave_the_case_as_it_was(
    service: FastAPI, clerk: httpx.AsyncClient, records: Records
) -> None:
    case_id = await accepted(service)
    before = await read(clerk, case_id)
    records.down = True
    assert refused(await step(clerk, case_id, "records", {}))[:2] == (503, "records-unavailable")
    assert await read(clerk, case_id) == before
    records.down = False
    told: dict[str, Any] = await took(clerk, case_id, "records", {})
    assert told["desk"]["records"] == records.told
    assert records.asked[-1]["case_id"] == case_id
    assert records.asked[-1]["document"] == {"issued_by": "CA", "number": "GA302922"}


async def test_a_case_that_names_nobody_waits_for_its_traveller(service: FastAPI, clerk: httpx.AsyncClient) -> None:
    case_id = await accepted(service, identity=None)
    assert refused(await step(clerk, case_id, "records", {}))[:2] == (409, "step-not-ready")
