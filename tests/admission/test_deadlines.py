"""When the database is silent, the service answers in time that it cannot; a repeat afterwards is done once."""

import asyncio
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
from tests.admission.cases import DETERMINATIONS, EXAMINATIONS, engineer, is_problem, opened, tn_case
from tests.admission.desks import running_service, service_of
from tests.admission.rows import counts, select
from tests.conftest import Desk, MovingClock

from crossing.kit.database import reading

pytestmark = pytest.mark.anyio

DEADLINE = 0.3
#: What a busy machine may add to a deadline.
PATIENCE = 2.5


@pytest.fixture
async def desk(tmp_path: Path, clock: MovingClock) -> AsyncIterator[Desk]:
    """The service with a deadline of a third of a second, at ports that were opened without haste."""
    async with running_service(tmp_path, clock):
        pass
    async with running_service(tmp_path, clock, with_ports=False, request_deadline_seconds=DEADLINE) as desk:
        yield desk


@pytest.fixture
async def patient_desk(tmp_path: Path, clock: MovingClock) -> AsyncIterator[Desk]:
    """The service with a deadline that no test comes near."""
    async with running_service(tmp_path, clock) as desk:
        yield desk


@contextmanager
def locked(folder: Path, how: str) -> Iterator[None]:
    """Somebody else holds the database."""
    with closing(sqlite3.connect(folder / "admission.sqlite", isolation_level=None)) as connection:
        connection.execute(f"BEGIN {how}")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


async def repeated(client: httpx.AsyncClient, key: str) -> httpx.Response:
    """The answer to a request repeated with its key until there is one."""
    async with asyncio.timeout(30):
        while True:
            answer = await client.post(EXAMINATIONS, json=engineer(), headers={"Idempotency-Key": key})
            if answer.status_code != 503:
                return answer


@pytest.mark.parametrize("how", ["IMMEDIATE", "EXCLUSIVE"])
async def test_a_write_that_waits_for_a_locked_database_ends_as_a_503_within_the_deadline(
    desk: Desk, officer: httpx.AsyncClient, how: str
) -> None:
    before = counts(desk.data)
    with locked(desk.data, how):
        started = time.monotonic()
        answer = await officer.post(EXAMINATIONS, json=engineer(), headers={"Idempotency-Key": "k-1"})
        taken = time.monotonic() - started
        is_problem(answer, 503, "unavailable")
        assert DEADLINE <= taken < DEADLINE + PATIENCE
        assert int(answer.headers["retry-after"]) >= 1
        assert "Idempotency-Key" in answer.json()["title"]
        assert counts(desk.data) == before


async def test_after_the_lock_the_same_key_is_answered_and_stored_once(desk: Desk, officer: httpx.AsyncClient) -> None:
    keys = [f"k-{number}" for number in range(20)]
    with locked(desk.data, "EXCLUSIVE"):
        silent = await asyncio.gather(
            *(officer.post(EXAMINATIONS, json=engineer(), headers={"Idempotency-Key": key}) for key in keys)
        )
    assert Counter(answer.status_code for answer in silent) == {503: 20}
    answers = [await repeated(officer, key) for key in keys]
    assert Counter(answer.status_code for answer in answers) == {201: 20}
    stored = [row[0] for row in select(desk.data, "SELECT id FROM examinations ORDER BY id")]
    assert stored == sorted(answer.json()["id"] for answer in answers)
    assert select(desk.data, "SELECT count(*) FROM audit_entries WHERE event = 'examination.opened'") == [(20,)]
    print(f"acknowledged={len(answers)} stored={len(stored)} lost=0")


async def test_a_lock_that_outlasts_the_ledger_s_patience_is_a_503_and_leaves_nothing(patient_desk: Desk) -> None:
    async with patient_desk.client() as officer:
        before = counts(patient_desk.data)
        with locked(patient_desk.data, "IMMEDIATE"):
            answer = await officer.post(EXAMINATIONS, json=engineer(), headers={"Idempotency-Key": "k-1"})
            is_problem(answer, 503, "unavailable")
        assert counts(patient_desk.data) == before
        assert (await repeated(officer, "k-1")).status_code == 201


async def test_reading_goes_on_while_somebody_writes(patient_desk: Desk) -> None:
    async with patient_desk.client() as officer:
        examination = await opened(officer, engineer())
        with locked(patient_desk.data, "EXCLUSIVE"):
            answer = await officer.get(f"{EXAMINATIONS}/{examination['id']}")
            assert answer.json() == examination


async def test_determinations_need_no_database(patient_desk: Desk) -> None:
    async with patient_desk.client(None) as anyone:
        with locked(patient_desk.data, "EXCLUSIVE"):
            assert (await anyone.post(DETERMINATIONS, json=tn_case())).status_code == 200


async def test_a_reading_that_stalls_ends_as_a_503_within_the_deadline(desk: Desk, officer: httpx.AsyncClient) -> None:
    async def stalled() -> AsyncIterator[None]:
        await asyncio.Event().wait()
        yield

    service_of(desk).dependency_overrides[reading] = stalled
    started = time.monotonic()
    answer = await officer.get(EXAMINATIONS)
    assert DEADLINE <= time.monotonic() - started < DEADLINE + PATIENCE
    is_problem(answer, 503, "unavailable")


async def test_when_every_connection_is_taken_the_answer_is_a_503_and_the_next_one_succeeds(patient_desk: Desk) -> None:
    async with patient_desk.client() as officer:
        engine = service_of(patient_desk).state.engine
        taken = [await engine.connect() for _ in range(engine.pool.size())]
        is_problem(await officer.get(EXAMINATIONS), 503, "unavailable")
        for connection in taken:
            await connection.close()
        assert (await officer.get(EXAMINATIONS)).status_code == 200


async def test_a_caller_who_hangs_up_leaves_the_service_well(patient_desk: Desk) -> None:
    """Requests abandoned in every phase give their connections back."""
    async with patient_desk.client() as officer:
        for patience in (0.0, 0.001, 0.005, 0.02, 0.05):
            for _ in range(10):
                request = asyncio.create_task(officer.post(EXAMINATIONS, json=engineer()))
                await asyncio.wait([request], timeout=patience)
                request.cancel()
                await asyncio.gather(request, return_exceptions=True)
        assert (await repeated(officer, "k-after")).status_code == 201
    assert service_of(patient_desk).state.engine.pool.checkedout() == 0
