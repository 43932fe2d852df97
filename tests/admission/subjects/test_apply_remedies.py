"""A remedy is applied once, in one transaction with its audit entry, to the record as redress has read it."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.admission.cases import PASSPORT, admit, engineer, is_problem, opened, refuse, technician, took
from tests.admission.desks import service_of
from tests.admission.rows import counts, select
from tests.admission.subjects.orders import NUMBER, applied, remedy, send, subject_of
from tests.conftest import Desk, MovingClock

from admission.covered import covered_rows, rows_without_entry
from crossing.kit.identity import Role
from crossing.kit.ledger import Insert
from crossing.kit.verify import verify_chains

pytestmark = pytest.mark.anyio
ANNULLED = {"reason_code": "RC4"}


async def refused(officer: httpx.AsyncClient) -> dict[str, Any]:
    """The technician's examination, refused."""
    return await took(officer, await opened(officer, technician()), "decision", refuse())


async def admitted(officer: httpx.AsyncClient) -> dict[str, Any]:
    """The engineer's examination, admitted."""
    return await took(officer, await opened(officer, engineer()), "decision", admit())


async def keep(desk: Desk, *rows: Insert) -> None:
    """Put rows of lists in."""
    await service_of(desk).state.ledger.append(rows, None)


def member(version: int, state: str, *, added_at: str, **changes: Any) -> Insert:
    values = {
        "number": "980123456",
        "version": version,
        "programme": "nexus",
        "state": state,
        "valid_until": "2028-01-31",
        "classes": '["us.tn"]',
        "endorsements": '["XPT"]',
        "person_key": "key",
        "document_key": None,
        "added_at": f"{added_at}T10:00:00.000000Z",
        "added_by": "test",
        "batch_id": f"batch-{version}",
    }
    return Insert("members", values | changes)


def lookout(version: int, **changes: Any) -> Insert:
    values = {
        "id": "lookout-1",
        "version": version,
        "list": "LIST-1",
        "owner_unit": "UNIT-1",
        "kind": "person",
        "reason": "identity",
        "surname": PASSPORT["surname"],
        "given_names": PASSPORT["given_names"],
        "born_on": PASSPORT["born_on"],
        "ends_on": None,
        "withdrawn": 0,
        "person_key": "key",
        "added_at": "2026-01-01T10:00:00.000000Z",
        "added_by": "test",
        "batch_id": f"batch-{version}",
    }
    return Insert("lookouts", values | changes)


async def test_a_remedy_is_acknowledged_and_its_audit_entry_covers_it(fresh_desk: Desk) -> None:
    async with fresh_desk.client() as officer:
        examination = await refused(officer)
    identifier = str(uuid4())
    record = ("examination", examination["id"], examination["revision"])
    answer = await send(fresh_desk, remedy("refusal_annulled", ANNULLED, record), identifier)
    assert answer.status_code == 201
    assert answer.json() == {
        "id": identifier,
        "kind": "refusal_annulled",
        "version": 1,
        "applied_at": "2026-11-21T15:00:00.000000Z",
    }
    entries = select(
        fresh_desk.data, "SELECT event, actor FROM audit_entries WHERE subject = ?", f"remedies/{identifier}"
    )
    assert entries == [("remedy.applied", "redress")]
    async with service_of(fresh_desk).state.engine.connect() as connection:
        _, faults = await verify_chains(connection, covered_rows, rows_without_entry)
    assert faults == []


async def test_a_repeat_is_answered_as_the_first_time_and_changes_nothing(fresh_desk: Desk, clock: MovingClock) -> None:
    identifier, body = str(uuid4()), remedy("biometric_reenrolled", {"reason": "Prints of another"})
    first = await send(fresh_desk, body, identifier)
    before = counts(fresh_desk.data)
    clock.now = clock.now.replace(day=25)
    again = await send(fresh_desk, body, identifier)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert counts(fresh_desk.data) == before


async def test_the_same_remedy_sent_many_times_at_once_is_applied_once(fresh_desk: Desk) -> None:
    identifier, body = str(uuid4()), remedy("route_pointed", {"route": "i192"})
    answers = await asyncio.gather(*(send(fresh_desk, body, identifier) for _ in range(8)))
    assert sorted(each.status_code for each in answers) == [200] * 7 + [201]
    assert len({each.text for each in answers}) == 1
    assert counts(fresh_desk.data)["remedies"] == 1


async def test_an_id_that_stands_for_another_remedy_is_refused(desk: Desk) -> None:
    identifier = str(uuid4())
    await send(desk, remedy("route_pointed", {"route": "i192"}), identifier)
    is_problem(await send(desk, remedy("route_pointed", {"route": "i212"}), identifier), 422, "remedy-is-another")


@pytest.mark.parametrize(
    ("role", "subject"),
    [
        (Role.SERVICE, "advance-ruling"),
        (Role.SUPERVISOR, "redress"),
        (Role.CASEWORKER, "redress"),
        (Role.OFFICER, "redress"),
    ],
)
async def test_nobody_but_the_service_of_redress_brings_remedies(desk: Desk, role: Role, subject: str) -> None:
    before = counts(desk.data)["remedies"]
    body = remedy("route_pointed", {"route": "i192"})
    is_problem(await send(desk, body, role=role, subject=subject), 403, "not-allowed")
    assert counts(desk.data)["remedies"] == before


async def test_an_examination_that_went_on_meanwhile_is_refused_and_named(
    desk: Desk, officer: httpx.AsyncClient, supervisor: httpx.AsyncClient
) -> None:
    examination = await refused(officer)
    another = {"reason": "Looked at again.", "decision": refuse(reason="Still made in the United States.")}
    await took(supervisor, examination, "supersession", another)
    stale = remedy("refusal_annulled", ANNULLED, ("examination", examination["id"], examination["revision"]))
    identifier = str(uuid4())
    problem = is_problem(await send(desk, stale, identifier), 412, "record-changed", "/record/version")
    assert "superseded" in problem["errors"][0]["detail"]
    fresh = stale | {"record": stale["record"] | {"version": examination["revision"] + 1}, "version": 2}
    answer = await send(desk, fresh, identifier)
    assert (answer.status_code, answer.json()["version"]) == (201, 2)


async def test_a_list_that_changed_meanwhile_is_refused_and_what_changed_is_named_without_what_it_says(
    fresh_desk: Desk,
) -> None:
    await keep(fresh_desk, lookout(1), lookout(2, born_on="1971-07-14", person_key="another"))
    stale = remedy("identity_disambiguated", {}, ("lookout", "lookout-1", 1))
    answer = await send(fresh_desk, stale, accept_language="fr")
    problem = is_problem(answer, 412, "record-changed", "/record/version")
    assert "born_on" in problem["errors"][0]["detail"]
    assert "1971" not in answer.text
    assert "another" not in answer.text
    assert counts(fresh_desk.data)["remedies"] == 0


@pytest.mark.parametrize("record", [("examination", str(uuid4()), 1), ("lookout", "nobody", 1), ("member", "0", 1)])
async def test_a_record_that_is_not_kept_here_is_named(desk: Desk, record: Any) -> None:
    answer = await send(desk, remedy("record_notated", {"text": "I was never there."}, record))
    is_problem(answer, 404, "record-unknown", "/record/id")


async def test_what_has_no_place_in_a_record_is_refused(desk: Desk, officer: httpx.AsyncClient) -> None:
    entered, turned_away = await admitted(officer), await refused(officer)
    welcome = ("examination", entered["id"], entered["revision"])
    refusal = ("examination", turned_away["id"], turned_away["revision"])
    invited = {"classes": ["us.b1.usmca"], "valid_until": "2027-01-01"}
    left = {"left_on": "2026-11-21", "proof": "Boarding pass"}
    for kind, content, record in (
        ("refusal_annulled", ANNULLED, welcome),
        ("examination_invited", invited, welcome),
        ("stay_corrected", left, refusal),
    ):
        is_problem(await send(desk, remedy(kind, content, record)), 409, "remedy-has-no-place", "/record")


@pytest.mark.parametrize(
    ("kind", "content", "pointer"),
    [
        ("examination_invited", {"classes": ["us.tn"], "valid_until": "2026-11-20"}, "/content/valid_until"),
        ("examination_invited", {"classes": ["us.tn"], "valid_until": "2027-05-22"}, "/content/valid_until"),
        ("examination_invited", {"classes": ["us.tn", "us.zz"], "valid_until": "2027-05-21"}, "/content/classes/1"),
        ("refusal_annulled", {}, "/content/reason_code"),
    ],
)
async def test_content_that_cannot_be_is_named(
    desk: Desk, officer: httpx.AsyncClient, kind: str, content: dict[str, Any], pointer: str
) -> None:
    examination = await refused(officer)
    record = ("examination", examination["id"], examination["revision"])
    is_problem(await send(desk, remedy(kind, content, record)), 422, "invalid-request", pointer)


async def test_a_stay_ends_between_its_first_day_and_today(desk: Desk, officer: httpx.AsyncClient) -> None:
    examination = await admitted(officer)
    record = ("examination", examination["id"], examination["revision"])
    for day, status in (("2026-11-20", 422), ("2026-11-22", 422), ("2026-11-21", 201)):
        answer = await send(desk, remedy("stay_corrected", {"left_on": day, "proof": "Boarding pass"}, record))
        assert answer.status_code == status, answer.text


async def test_a_membership_comes_back_as_it_was_with_the_days_that_were_lost(fresh_desk: Desk) -> None:
    await keep(
        fresh_desk,
        member(1, "active", added_at="2025-01-31"),
        member(2, "suspended", added_at="2026-11-01", endorsements="[]"),
        member(3, "revoked", added_at="2026-11-11", classes="[]", endorsements="[]", valid_until="2026-11-11"),
    )
    identifier = await applied(fresh_desk, "member_restored", {}, ("member", "980123456", 3))
    (kept,) = select(
        fresh_desk.data,
        "SELECT version, state, valid_until, classes, endorsements, batch_id FROM members ORDER BY version DESC LIMIT 1",
    )
    assert kept == (4, "restored", "2028-02-20", '["us.tn"]', '["XPT"]', identifier)
    again = remedy("member_restored", {}, ("member", "980123456", 4))
    is_problem(await send(fresh_desk, again), 409, "remedy-has-no-place", "/record")


async def test_a_remedy_of_another_service_and_a_record_of_another_kind_are_named(desk: Desk) -> None:
    ruling = remedy("ruling_restored", {}, ("ruling", "US-TN-2026-000017", 1))
    is_problem(await send(desk, ruling), 422, "invalid-request", "/kind")
    is_problem(
        await send(desk, remedy("identity_disambiguated", {}, ("member", "980123456", 1))),
        422,
        "invalid-request",
        "/record/kind",
    )
    told = remedy("route_pointed", {"route": "i192"}) | {"applied_at": "2020-01-01T00:00:00Z"}
    is_problem(await send(desk, told), 422, "invalid-request", "/applied_at")
    nobody = remedy("route_pointed", {"route": "i192"}, subject=subject_of() | {"born_on": "1988-02-30"})
    is_problem(await send(desk, nobody), 422, "invalid-request", "/subject/born_on")


async def test_no_name_and_no_number_of_a_document_is_kept_with_a_remedy(fresh_desk: Desk) -> None:
    await applied(fresh_desk, "route_pointed", {"route": "i192"})
    (row,) = select(fresh_desk.data, "SELECT * FROM remedies")
    kept = " ".join(map(str, row))
    assert NUMBER in kept
    for secret in (PASSPORT["surname"], PASSPORT["given_names"], PASSPORT["document_number"], PASSPORT["born_on"]):
        assert secret not in kept
