"""A whole journey at two ports on PostgreSQL: every step, every refusal, the audit of it, and the command that verifies."""

import asyncio
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.admission.cases import EXAMINATIONS, admit, engineer, is_problem, opened, step, technician, took
from tests.admission.desks import running_service, service_of
from tests.admission.histories import realistic_history
from tests.conftest import Desk, MovingClock
from tests.watch.reading import samples

from admission.covered import covered_rows, rows_without_entry
from admission.examinations import queries
from crossing.kit.database import create_engine
from crossing.kit.identity import Role
from crossing.kit.verify import verify_chains

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """Admission on PostgreSQL, with a port in each country."""
    async with running_service(tmp_path, MovingClock(NOW), database_url=database_url) as desk:
        yield desk


async def faults(desk: Desk) -> tuple[int, list[str]]:
    async with service_of(desk).state.engine.connect() as connection:
        read, found = await verify_chains(connection, covered_rows, rows_without_entry)
    return read, [str(fault) for fault in found]


async def test_a_whole_journey_verifies_and_the_command_says_so(desk: Desk, database_url: str) -> None:
    examined = await realistic_history(desk)
    assert {name: each["state"] for name, each in examined.items()} == {
        "admitted": "decided",
        "superseded": "decided",
        "withdrawn": "withdrawn",
        "there": "primary",
    }
    assert await faults(desk) == (18, [])
    async with desk.client() as officer:
        for examination in examined.values():
            if examination["port_id"] == "US-DETROIT":
                assert (await officer.get(f"{EXAMINATIONS}/{examination['id']}")).json() == examination
    command = [sys.executable, "-W", "error", "-m", "crossing.cli", "audit", "verify", "--record"]
    command += ["--database-url", database_url]
    ran = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=120, check=False)
    assert (ran.returncode, ran.stdout.splitlines()) == (0, ["18 audit entries, 0 at fault"]), ran.stderr


async def test_the_metrics_read_every_table_and_pool(desk: Desk) -> None:
    await realistic_history(desk)
    said = samples((await service_of(desk).state.metrics.text()).decode())
    assert said["crossing_chain_unverified_entries"] == 18
    assert said['crossing_ready{check="database"}'] == 1
    assert said["crossing_job_oldest_seconds"] == 0
    pools = {"requests", "ledger", "beside"}
    assert all(f'crossing_pool_connections{{pool="{pool}",state="size"}}' in said for pool in pools)


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE revisions SET detail = replace(detail, 'refuse', 'refuze') WHERE kind = 'decided'", "entry 9: a row"),
        ("DELETE FROM audit_entries WHERE chain = 'US-DETROIT' AND seq = 7", "entry 7: is missing"),
        ("UPDATE chain_heads SET seq = seq - 1 WHERE chain = 'US-DETROIT'", "the head of the chain"),
        (
            "INSERT INTO terminals SELECT port_id, id || '-2', name, created_at FROM terminals",
            "no entry covers ports/US-DETROIT/terminals/LANE-1-2",
        ),
    ],
)
async def test_what_an_administrator_changed_is_found(desk: Desk, statement: str, named: str) -> None:
    await realistic_history(desk)
    async with service_of(desk).state.engine.begin() as connection:
        await connection.execute(text(statement))
    assert any(named in fault for fault in (await faults(desk))[1])


async def test_of_fifty_decisions_one_stands(desk: Desk) -> None:
    async with desk.client() as officer:
        examination = await opened(officer, engineer())
        answers = await asyncio.gather(*(step(officer, examination, "decision", admit()) for _ in range(50)))
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[200] == 1
    assert statuses.keys() <= {200, 409, 412, 503}  # on a busy machine some find no free connection in time
    assert await faults(desk) == (5, [])


async def test_fifty_examinations_opened_at_once_are_all_kept_once(desk: Desk) -> None:
    async with desk.client() as officer:
        await asyncio.gather(*(until_answered(officer, number) for number in range(50)))
    async with service_of(desk).state.engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM examinations"))).scalar_one() == 50
    assert await faults(desk) == (53, [])


async def test_twenty_repeats_of_one_decision_are_one_and_all_hear_it(desk: Desk) -> None:
    async with desk.client() as officer:
        examination = await opened(officer, engineer())
        answers = await asyncio.gather(
            *(step(officer, examination, "decision", admit(), idempotency_key="d-1") for _ in range(20))
        )
    assert Counter(answer.status_code for answer in answers) == {200: 20}
    assert len({answer.content for answer in answers}) == 1


async def test_ports_are_opened_once_and_terminals_need_one(desk: Desk) -> None:
    async with desk.client(Role.SUPERVISOR) as supervisor:
        address = "/admission/v1/ports"
        port = (await supervisor.get(f"{address}/CA-YUL")).json()
        del port["created_at"]
        is_problem(await supervisor.post(address, json=port), 409, "port-exists")
        terminal = {"id": "LANE-1", "name": "Lane 1"}
        assert (await supervisor.post(f"{address}/CA-YUL/terminals", json=terminal)).status_code == 201
        is_problem(await supervisor.post(f"{address}/CA-YUL/terminals", json=terminal), 409, "port-exists")
        is_problem(await supervisor.post(f"{address}/CA-NOWHERE/terminals", json=terminal), 404, "not-found")
    assert await faults(desk) == (4, [])


async def test_history_finds_the_traveller_across_ports_and_lists_come_by_pages(desk: Desk) -> None:
    async with desk.client() as officer, desk.client(port="CA-YUL", subject="agent") as agent:
        there = await opened(agent, engineer(seeking=[], facts={}, findings={}))
        here = [await opened(officer, engineer()) for _ in range(3)]
        await opened(officer, technician())
        answer = await officer.get(f"{EXAMINATIONS}/{here[0]['id']}/history")
        assert {each["id"] for each in answer.json()["examinations"]} == {there["id"], here[1]["id"], here[2]["id"]}
        seen: list[str] = []
        address: str | None = f"{EXAMINATIONS}?limit=3"
        while address:
            answer = await officer.get(address)
            seen += [each["id"] for each in answer.json()["examinations"]]
            address = answer.links.get("next", {}).get("url")
        assert len(seen) == len(set(seen)) == 4


async def test_a_table_that_is_held_ends_requests_in_time_and_a_repeat_is_stored_once(
    database_url: str, tmp_path: Path
) -> None:
    async with running_service(tmp_path, MovingClock(NOW), database_url=database_url):
        pass  # its ports are opened without haste
    hasty = {"database_url": database_url, "request_deadline_seconds": 2.5, "pool_wait_seconds": 2.0}
    async with (
        running_service(tmp_path, MovingClock(NOW), with_ports=False, **hasty) as desk,
        desk.client() as officer,
    ):
        other = create_engine(database_url)
        async with other.connect() as holding:
            await holding.execute(text("LOCK TABLE chain_heads IN ACCESS EXCLUSIVE MODE"))
            started = time.monotonic()
            silent = await asyncio.gather(*(keyed(officer, number) for number in range(20)))
            assert time.monotonic() - started < 5
            assert Counter(answer.status_code for answer in silent) == {503: 20}
            for answer in silent:
                is_problem(answer, 503, "unavailable")
        await other.dispose()
        for number in range(20):
            await until_answered(officer, number)
        async with service_of(desk).state.engine.connect() as connection:
            assert (await connection.execute(text("SELECT count(*) FROM examinations"))).scalar_one() == 20
        assert (await faults(desk))[1] == []


async def keyed(client: httpx.AsyncClient, number: int) -> httpx.Response:
    return await client.post(EXAMINATIONS, json=engineer(), headers={"Idempotency-Key": f"k-{number}"})


async def test_connections_that_the_server_cut_are_replaced(desk: Desk, database_url: str) -> None:
    async with desk.client() as officer:
        examination = await opened(officer, engineer())
        other = create_engine(database_url)
        async with other.connect() as administrator:
            await administrator.execute(
                text(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )
            )
        await other.dispose()
        assert (await officer.get(f"{EXAMINATIONS}/{examination['id']}")).status_code == 200
        await took(officer, examination, "decision", admit())


async def until_answered(client: httpx.AsyncClient, number: int) -> None:
    """Repeat a request with its key until it is answered, as a terminal does."""
    async with asyncio.timeout(60):
        while (answer := await keyed(client, number)).status_code == 503:
            pass
    assert answer.status_code == 201


@pytest.mark.parametrize("reason", ["nobody listens", "no connection is left", "no such database"])
async def test_reading_from_a_server_that_takes_no_connection_is_a_503(
    desk: Desk, database_url: str, reason: str
) -> None:
    state = service_of(desk).state
    async with state.engine.begin() as connection:
        await connection.execute(text("DROP ROLE IF EXISTS crowded"))
        await connection.execute(text("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0"))
    server = database_url.partition("@")[2]
    url = {
        "nobody listens": "postgresql+asyncpg://crossing@127.0.0.1:9/nowhere",
        "no connection is left": f"postgresql+asyncpg://crowded@{server}",
        "no such database": f"{database_url}_gone",
    }[reason]
    state.engine, there = create_engine(url), state.engine
    async with desk.client() as officer:
        is_problem(await officer.get(EXAMINATIONS), 503, "unavailable")
        answer = await officer.get("/admission/readyz")
        assert (answer.status_code, answer.json()["checks"]["packs"]) == (503, "ok")
        await state.engine.dispose()
        state.engine = there
        assert (await officer.get(EXAMINATIONS)).status_code == 200


async def test_a_statement_that_is_wrong_is_a_fault_of_ours_and_no_silence(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wrong(connection: AsyncConnection, *_: object) -> None:
        await connection.execute(text("SELECT nothing FROM nowhere"))

    monkeypatch.setattr(queries, "page_at_port", wrong)
    async with desk.client() as officer:
        is_problem(await officer.get(EXAMINATIONS), 500, "unexpected")
