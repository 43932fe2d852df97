"""Whoever is refused against a ruling has a case of redress before leaving the port, without asking for one."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.routing import Router
from tests.admission.cases import PASSPORT, engineer, is_problem, opened, refuse, took
from tests.admission.desks import running_service, service_of
from tests.admission.rulings import NUMBER, Office, served
from tests.conftest import Desk, MovingClock
from tests.redress.conftest import running_redress
from tests.redress.remedies.two_services import two_services

from crossing.kit.database import create_engine
from crossing.kit.events import MEDIA_TYPE
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.json_text import json_text
from crossing.kit.verify import verify_chains
from crossing.redress.remedies import Remedy
from redress.covered import covered_rows, rows_without_entry
from redress.remedies.order import body_of

pytestmark = pytest.mark.anyio
DEPARTURE = {
    "number": NUMBER,
    "version": 1,
    "outcome": "departed",
    "ground": "inadmissibility_found",
    "reason": "A conviction of 2019 is recorded.",
    "document": None,
    "proposed_by": "test-officer",
    "confirmed_by": "test-second-officer",
    "examination": "01a20203-589b-755d-8f73-8fa02fc3653f",
    "port": "US-DETROIT",
    "language": "fr",
}


def event(data: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A departure as admission tells it."""
    told = {"specversion": "1.0", "id": "event-1", "source": "/admission", "type": "ruling.departed", "subject": NUMBER}
    return told | {"data": DEPARTURE if data is None else data} | changes


async def tell(
    redress: Desk, body: dict[str, Any], role: Role = Role.SERVICE, subject: str = "admission"
) -> httpx.Response:
    async with redress.client(role, subject=subject) as client:
        headers = {"Content-Type": MEDIA_TYPE}
        return await client.post("/redress/v1/events", content=json_text(body), headers=headers)


async def asked(redress: Desk, address: str, **query: Any) -> dict[str, Any]:
    """What a case officer of redress is answered."""
    async with redress.client(Role.SUPERVISOR) as supervisor:
        await listed(supervisor, "/redress/v1/staff/test-caseworker")
    async with redress.client(Role.CASEWORKER) as caseworker:
        answer = await caseworker.get(address, params=query)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def listed(supervisor: httpx.AsyncClient, address: str) -> None:
    """Put a case officer on the staff list."""
    officer = {"unit": "redress", "reports_to": None, "duties": ["case_officer"]}
    (await supervisor.put(address, json=officer, headers={"If-Match": "*"})).raise_for_status()


async def cases(redress: Desk, **query: Any) -> dict[str, Any]:
    return await asked(redress, "/redress/v1/cases", **query)


async def test_a_departure_opens_a_case_of_the_first_priority_with_a_control_number(redress: Desk) -> None:
    assert (await tell(redress, event())).status_code == 204
    (case,) = (await cases(redress))["cases"]
    assert (case["priority"], case["kind"], case["ruling"]) == ("P0", "ruling_departed", NUMBER)
    told = await asked(redress, f"/redress/v1/cases/{case['id']}")
    assert told["history"][0]["detail"]["ground"] == "inadmissibility_found"
    assert {each.get("who") for each in told["desk"]["conflicts"]} >= {"test-officer", "test-second-officer"}
    assert len(case["control_number"]) == 9
    assert case["opened_at"] == "2026-11-21T15:00:00.000000Z"


async def test_an_event_delivered_twice_opens_one_case(redress: Desk) -> None:
    answers = [await tell(redress, event()) for _ in range(2)]
    assert [each.status_code for each in answers] == [204, 204]
    assert len((await cases(redress))["cases"]) == 1


async def test_two_departures_have_two_numbers(redress: Desk) -> None:
    for number in range(3):
        assert (await tell(redress, event(id=f"event-{number}"))).status_code == 204
    first = await cases(redress, limit=2)
    rest = await cases(redress, limit=2, cursor=first["next"])
    numbers = {each["control_number"] for each in first["cases"] + rest["cases"]}
    assert (len(first["cases"]), len(rest["cases"]), len(numbers), rest["next"]) == (2, 1, 3, None)


@pytest.mark.parametrize("missing", ["number", "ground", "reason", "examination"])
async def test_a_departure_that_does_not_say_what_it_is_opens_nothing(redress: Desk, missing: str) -> None:
    data = {key: value for key, value in DEPARTURE.items() if key != missing}
    is_problem(await tell(redress, event(data)), 422, "invalid-request", f"/data/{missing}")
    assert (await cases(redress))["cases"] == []


async def test_only_services_tell_and_only_caseworkers_read(redress: Desk) -> None:
    is_problem(await tell(redress, event(), Role.OFFICER, "test-officer"), 403, "not-allowed")
    is_problem(await tell(redress, event(), subject="advance-ruling"), 403, "source-is-another")
    async with redress.client(Role.OFFICER) as officer:
        is_problem(await officer.get("/redress/v1/cases"), 403, "not-allowed")


async def test_every_case_is_covered_by_the_audit_chain(redress: Desk) -> None:
    await tell(redress, event())
    engine = create_engine(f"sqlite+aiosqlite:///{redress.data / 'redress.sqlite'}")
    async with engine.connect() as connection:
        read, faults = await verify_chains(connection, covered_rows, rows_without_entry)
    await engine.dispose()
    assert (read, faults) == (2, [])


async def test_a_departure_at_the_port_is_a_case_as_soon_as_it_is_decided(tmp_path: Path, clock: MovingClock) -> None:
    """Admission, the office that gives rulings and redress talk over HTTP."""
    office, issuer = Office(clock), DevelopmentIssuer(tmp_path, now=lambda: clock().timestamp())
    token = tmp_path / "admission.token"
    token.write_text(issuer.token(Role.SERVICE, subject="admission"))
    async with running_redress(tmp_path, clock) as redress, served(redress) as address, served(office.app()) as rulings:
        known = {
            "advance_rulings_address": f"{rulings}/advance-rulings",
            "redress_events_address": address,
            "service_token_file": token,
            "run_worker": True,
        }
        async with running_service(tmp_path, clock, **known) as desk:
            examination = await departed_from(desk, office)
            worker = service_of(desk).state.worker
            async with asyncio.timeout(30), httpx.AsyncClient(base_url=address) as caseworker:
                supervisor = issuer.token(Role.SUPERVISOR, subject="test-supervisor")
                caseworker.headers["Authorization"] = f"Bearer {supervisor}"
                await listed(caseworker, "/v1/staff/test-caseworker")
                token_of_caseworker = issuer.token(Role.CASEWORKER, subject="test-caseworker")
                caseworker.headers["Authorization"] = f"Bearer {token_of_caseworker}"
                while not (told := (await caseworker.get("/v1/cases")).json()["cases"]):
                    await worker.run_due()
    (case,) = told
    assert (case["examination_id"], case["ruling"], case["priority"]) == (examination["id"], NUMBER, "P0")


async def test_the_case_names_its_traveller_once_the_records_of_the_examination_were_read(
    tmp_path: Path, clock: MovingClock
) -> None:
    """Nobody filed it: only the examination says whom it is about, and so whom a remedy is for."""
    async with two_services(tmp_path, clock) as world:
        async with world.ports.client() as officer:
            examination = await opened(officer, engineer())
        front = Router()
        front.mount("/redress", world.redress)
        redress = Desk(front, world.ports.issuer, tmp_path, clock)  # type: ignore[arg-type]
        assert (await tell(redress, event({**DEPARTURE, "examination": examination["id"]}))).status_code == 204
        (case,) = (await cases(redress))["cases"]
        async with redress.client(Role.CASEWORKER) as caseworker:
            address = f"/redress/v1/cases/{case['id']}/records"
            answer = await caseworker.post(address, json={}, headers={"If-Match": '"1"'})
        assert answer.status_code == 200, answer.text
        file = answer.json()["desk"]
        shown = {name: PASSPORT[name] for name in ("surname", "given_names", "born_on")}
        assert file["identity"] == {**shown, "citizenships": [PASSPORT["nationality"]]}
        assert [each["number"] for each in file["documents"]] == [PASSPORT["document_number"]]
        assert [each["id"] for each in file["records"]["examinations"]] == [examination["id"]]
        remedy = {"kind": "route_pointed", "version": 1, "record": None, "content": {"route": "i192"}}
        body = body_of(await world.case(case["id"]), remedy)
        assert Remedy.model_validate(body).subject.surname == PASSPORT["surname"]


async def test_a_case_of_nobody_asks_for_the_examination_that_opened_it_and_for_no_other(
    tmp_path: Path, clock: MovingClock
) -> None:
    async with two_services(tmp_path, clock) as world:
        async with world.ports.client() as officer:
            examination = await opened(officer, engineer())
        front = Router()
        front.mount("/redress", world.redress)
        redress = Desk(front, world.ports.issuer, tmp_path, clock)  # type: ignore[arg-type]
        assert (await tell(redress, event())).status_code == 204
        (case,) = (await cases(redress))["cases"]
        async with redress.client(Role.CASEWORKER) as caseworker:
            address, body = f"/redress/v1/cases/{case['id']}/records", {"examination_id": examination["id"]}
            answer = await caseworker.post(address, json=body, headers={"If-Match": '"1"'})
        is_problem(answer, 503, "records-unavailable")
        assert PASSPORT["surname"] not in answer.text


async def departed_from(desk: Desk, office: Office) -> dict[str, Any]:
    """The engineer's examination, refused against his ruling by two officers."""
    reason = {"ground": "inadmissibility_found", "reason": "A conviction of 2019 is recorded."}
    async with desk.client() as officer, desk.client(subject="test-second-officer") as second:
        examination = await opened(officer, engineer(rulings=[office.ruling()]))
        proposed = await took(officer, examination, "departure", {"ruling": NUMBER, **reason})
        confirmed = await took(second, proposed, "departure/confirmation", {"ruling": NUMBER})
        decision = refuse(departures=[{"requirement": "US-TN-13", "reason": "A conviction of 2019 is recorded."}])
        return await took(officer, confirmed, "decision", decision)
