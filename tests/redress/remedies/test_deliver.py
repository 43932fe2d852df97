"""A correction is ordered, brought to the port, acknowledged, probed, and watched; whatever is away is waited for."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.admission.cases import admit, engineer, opened, refuse, technician, took
from tests.conftest import MovingClock
from tests.redress.remedies.two_services import World, content_of, ordered, two_services

from crossing.kit.verify import verify_chains
from redress.covered import covered_rows, rows_without_entry

pytestmark = pytest.mark.anyio
TECHNICIAN = technician()["scan"]["fields"]
REENROL = {"kind": "biometric_reenrolled", "record": None, "content": {"reason": "Prints of another"}}
ROUTE = {"kind": "route_pointed", "record": None, "content": {"route": "i192"}}


@pytest.fixture
async def world(tmp_path: Path, clock: MovingClock) -> AsyncIterator[World]:
    async with two_services(tmp_path, clock, on_call_mailbox="on-call@example.org") as world:
        yield world


def on(examination: dict[str, Any], kind: str, **content: Any) -> dict[str, Any]:
    """A correction of an examination."""
    record = {"kind": "examination", "id": examination["id"], "version": examination["revision"]}
    return {"kind": kind, "record": record, "content": content}


async def refused(world: World) -> dict[str, Any]:
    async with world.ports.client() as officer:
        return await took(officer, await opened(officer, technician()), "decision", refuse())


async def entered(world: World) -> dict[str, Any]:
    async with world.ports.client() as officer:
        return await took(officer, await opened(officer, engineer()), "decision", admit(until="2026-12-31"))


async def states(world: World, case_id: str) -> list[str]:
    """How far the remedies of a case are, by the read model."""
    async with world.redress.state.engine.connect() as connection:
        statement = "SELECT state FROM remedy_states WHERE case_id = ? ORDER BY number, remedy_id"
        rows = await connection.exec_driver_sql(statement, (case_id,))
        return [row[0] for row in rows]


async def test_a_correction_reaches_the_port_is_probed_and_the_case_is_watched(world: World) -> None:
    examination = await refused(world)
    remedies = [
        on(examination, "refusal_annulled", reason_code="RC4"),
        on(examination, "examination_invited", classes=["us.b1.usmca"], valid_until="2027-05-21"),
    ]
    content = content_of(TECHNICIAN)
    case_id = await ordered(world.redress, remedies, cause="RC4", content=content)
    assert await states(world, case_id) == ["ordered", "ordered"]
    await world.work()
    case = await world.case(case_id)
    assert case.state == "watch"
    events = [each.event for each in case.history]
    assert events[-5:] == ["order_correction", "remedy_applied", "remedy_applied", "applied", "probe_passed"]
    assert await states(world, case_id) == ["verified", "verified"]
    async with world.ports.client() as officer:
        again = await opened(officer, technician())
    assert again["subject"]["invitation"]["control_number"] == case.control_number
    async with world.redress.state.engine.connect() as connection:
        _, faults = await verify_chains(connection, covered_rows, rows_without_entry)
    assert faults == []
