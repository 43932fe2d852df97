"""Ports of entry and their terminals: opened by supervisors, once, and never changed."""

from typing import Any

import httpx
import pytest
from tests.admission.cases import is_problem
from tests.admission.rows import counts, select
from tests.conftest import Desk

from crossing.kit.identity import Role

pytestmark = pytest.mark.anyio

PORTS = "/admission/v1/ports"


def port(identifier: str, **changes: Any) -> dict[str, Any]:
    ordinary = {
        "id": identifier,
        "country": "CA",
        "kind": "class_a_port",
        "mode": "land",
        "name": "  Saint-Bernard-de-Lacolle ",
        "time_zone": "America/Toronto",
    }
    return {key: value for key, value in (ordinary | changes).items() if value is not None}


async def test_a_port_is_opened_and_found_at_its_address(supervisor: httpx.AsyncClient) -> None:
    answer = await supervisor.post(PORTS, json=port("CA-LACOLLE"))
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{PORTS}/CA-LACOLLE"
    assert answer.json()["name"] == "Saint-Bernard-de-Lacolle"
    assert answer.json()["created_at"] == "2026-11-21T15:00:00.000000Z"
    assert (await supervisor.get(answer.headers["location"])).json() == answer.json()


async def test_a_port_is_opened_once(desk: Desk, supervisor: httpx.AsyncClient) -> None:
    assert (await supervisor.post(PORTS, json=port("CA-TWICE"))).status_code == 201
    before = counts(desk.data)
    is_problem(await supervisor.post(PORTS, json=port("CA-TWICE", name="Another name")), 409, "port-exists")
    assert counts(desk.data) == before


async def test_opening_a_port_begins_its_own_audit_chain(desk: Desk, supervisor: httpx.AsyncClient) -> None:
    await supervisor.post(PORTS, json=port("CA-CHAIN"))
    await supervisor.post(f"{PORTS}/CA-CHAIN/terminals", json={"id": "LANE-1", "name": "Lane 1"})
    entries = select(desk.data, "SELECT seq, event, actor, subject FROM audit_entries WHERE chain = 'CA-CHAIN'")
    assert entries == [
        (1, "port.opened", "test-supervisor", "ports/CA-CHAIN"),
        (2, "terminal.registered", "test-supervisor", "ports/CA-CHAIN/terminals/LANE-1"),
    ]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"country": "MX"}, "/country"),
        ({"country": None}, "/country"),
        ({"kind": "shed"}, "/kind"),
        ({"mode": "foot"}, "/mode"),
        ({"time_zone": "America/Nowhere"}, "/time_zone"),
        ({"time_zone": "../../etc/passwd"}, "/time_zone"),
        ({"time_zone": "EST5EDT\n"}, "/time_zone"),
        ({"name": ""}, "/name"),
        ({"name": "   "}, "/name"),
        ({"name": "x" * 121}, "/name"),
        ({"id": "ca-lower"}, "/id"),
        ({"id": "CA"}, "/id"),
        ({"id": "CA-" + "X" * 14}, "/id"),
        ({"id": "CA/YVR"}, "/id"),
        ({"id": "CA-YVR\n"}, "/id"),
        ({"created_at": "1999-01-01"}, "/created_at"),
    ],
)
async def test_a_port_that_is_not_described_properly_is_not_opened(
    desk: Desk, supervisor: httpx.AsyncClient, changes: dict[str, Any], pointer: str
) -> None:
    before = counts(desk.data)
    answer = await supervisor.post(PORTS, json=port("CA-WRONG", **changes))
    is_problem(answer, 422, "invalid-request", pointer)
    assert counts(desk.data) == before


async def test_a_port_that_is_not_there_is_not_found(supervisor: httpx.AsyncClient) -> None:
    is_problem(await supervisor.get(f"{PORTS}/CA-NOWHERE"), 404, "not-found")
    is_problem(await supervisor.get(f"{PORTS}/CA-NOWHERE/terminals"), 404, "not-found")
    terminal = {"id": "LANE-1", "name": "Lane 1"}
    is_problem(await supervisor.post(f"{PORTS}/CA-NOWHERE/terminals", json=terminal), 404, "not-found")


async def test_a_terminal_is_registered_once_at_each_port(desk: Desk, supervisor: httpx.AsyncClient) -> None:
    await supervisor.post(PORTS, json=port("CA-LANES"))
    terminal = {"id": "LANE-1", "name": "Guérite 1"}
    answer = await supervisor.post(f"{PORTS}/CA-LANES/terminals", json=terminal)
    assert answer.status_code == 201
    assert answer.json() == {**terminal, "port_id": "CA-LANES", "created_at": "2026-11-21T15:00:00.000000Z"}
    before = counts(desk.data)
    is_problem(await supervisor.post(f"{PORTS}/CA-LANES/terminals", json=terminal), 409, "port-exists")
    assert counts(desk.data) == before
    assert (await supervisor.post(f"{PORTS}/CA-YUL/terminals", json=terminal)).status_code == 201
    listed = (await supervisor.get(f"{PORTS}/CA-LANES/terminals")).json()
    assert listed == {"terminals": [answer.json()]}


@pytest.mark.parametrize("identifier", ["", "LANE 1", "x" * 33, "LANE/1"])
async def test_a_terminal_has_a_plain_id(supervisor: httpx.AsyncClient, identifier: str) -> None:
    answer = await supervisor.post(f"{PORTS}/CA-YUL/terminals", json={"id": identifier, "name": "Lane"})
    is_problem(answer, 422, "invalid-request", "/id")


async def test_ports_come_by_pages_in_the_order_of_their_ids(fresh_desk: Desk) -> None:
    async with fresh_desk.client(Role.SUPERVISOR) as supervisor:
        for number in range(5):
            await supervisor.post(PORTS, json=port(f"CA-{number:03}"))
        seen: list[str] = []
        address: str | None = f"{PORTS}?limit=3"
        while address:
            answer = await supervisor.get(address)
            seen += [each["id"] for each in answer.json()["ports"]]
            address = answer.links.get("next", {}).get("url")
    assert seen == ["CA-000", "CA-001", "CA-002", "CA-003", "CA-004", "CA-YUL", "US-DETROIT"]


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.ANALYST, Role.SERVICE])
async def test_whoever_works_with_ports_reads_them(desk: Desk, role: Role) -> None:
    async with desk.client(role) as client:
        assert (await client.get(f"{PORTS}/CA-YUL")).json()["time_zone"] == "America/Toronto"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SUPERVISOR])
async def test_only_a_supervisor_opens_ports_and_registers_terminals(desk: Desk, role: Role) -> None:
    async with desk.client(role) as client:
        is_problem(await client.post(PORTS, json=port("CA-DENIED")), 403, "not-allowed")
        terminal = {"id": "LANE-9", "name": "Lane 9"}
        is_problem(await client.post(f"{PORTS}/CA-YUL/terminals", json=terminal), 403, "not-allowed")
