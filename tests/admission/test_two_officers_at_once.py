"""Many write at once: one wins, the others hear that somebody was first, and nothing is lost or doubled."""

import asyncio
from collections import Counter

import httpx
import pytest
from tests.admission.cases import EXAMINATIONS, admit, engineer, opened, refuse, step
from tests.admission.desks import service_of
from tests.admission.rows import select
from tests.conftest import Desk

from admission.covered import covered_rows, rows_without_entry
from crossing.kit.verify import verify_chains

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk(fresh_desk: Desk) -> Desk:
    """These tests count all there is."""
    return fresh_desk


async def test_of_fifty_decisions_on_one_examination_one_stands(desk: Desk, officer: httpx.AsyncClient) -> None:
    examination = await opened(officer, engineer())
    departure = [{"requirement": "US-TN-13", "reason": "No end of the assignment in sight."}]
    decisions = [admit() if number % 2 else refuse(departures=departure) for number in range(50)]
    answers = await asyncio.gather(*(step(officer, examination, "decision", each) for each in decisions))
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[200] == 1
    assert statuses[409] + statuses[412] == 49
    [won] = [answer.json() for answer in answers if answer.status_code == 200]
    found = (await officer.get(f"{EXAMINATIONS}/{examination['id']}")).json()
    assert found["decision"] == won["decision"]
    assert select(desk.data, "SELECT count(*) FROM revisions WHERE kind = 'decided'") == [(1,)]


async def test_fifty_examinations_opened_at_once_are_all_kept_in_one_unbroken_chain(
    desk: Desk, officer: httpx.AsyncClient
) -> None:
    answers = await asyncio.gather(*(officer.post(EXAMINATIONS, json=engineer()) for _ in range(50)))
    assert Counter(answer.status_code for answer in answers) == {201: 50}
    stored = {row[0] for row in select(desk.data, "SELECT id FROM examinations")}
    assert stored == {answer.json()["id"] for answer in answers}
    async with service_of(desk).state.engine.connect() as connection:
        read, faults = await verify_chains(connection, covered_rows, rows_without_entry)
    assert faults == []
    assert read == 53  # and two ports, and the chain of lists that was begun


async def test_ports_write_side_by_side_each_in_its_own_chain(
    desk: Desk, officer: httpx.AsyncClient, canadian_officer: httpx.AsyncClient
) -> None:
    there = engineer(seeking=[], facts={}, findings={})
    await asyncio.gather(
        *(officer.post(EXAMINATIONS, json=engineer()) for _ in range(10)),
        *(canadian_officer.post(EXAMINATIONS, json=there) for _ in range(10)),
    )
    assert select(desk.data, "SELECT chain, seq FROM chain_heads ORDER BY chain") == [
        ("CA-YUL", 11),
        ("US-DETROIT", 11),
        ("subjects", 1),
    ]
