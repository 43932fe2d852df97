"""What the suite in containers survives: a service that restarts, one that hangs, a database that dies."""

import asyncio
from contextlib import suppress
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.compose.acting import journey, redress_steps
from tests.compose.suite import Suite

pytestmark = pytest.mark.anyio
body_of, told, until = journey.body_of, journey.told, journey.until
admit, examine, EXAMINATIONS = redress_steps.admit, redress_steps.examine, redress_steps.EXAMINATIONS


@pytest.fixture(scope="module", autouse=True)
async def port(suite: Suite) -> None:
    """The port of entry of the realm's officer."""
    async with suite.client("first-supervisor") as supervisor:
        answer = await supervisor.post("/admission/v1/ports", json=journey.PORT)
        assert answer.status_code in (201, 409), answer.text


class Load:
    """Examinations opened one after the other, each repeated with its key until it is acknowledged."""

    def __init__(self, officer: httpx.AsyncClient) -> None:
        self._officer = officer
        self.acknowledged: list[str] = []
        self.refused: list[int] = []
        self._ends = asyncio.Event()
        self._running = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while not self._ends.is_set():
            self.acknowledged.append(await self._open({"Idempotency-Key": uuid4().hex}))

    async def _open(self, headers: dict[str, str]) -> str:
        while True:
            with suppress(httpx.HTTPError):
                answer = await self._officer.post(
                    EXAMINATIONS, json=body_of("examination-tn-engineer.json"), headers=headers
                )
                if answer.is_success:
                    return str(answer.json()["id"])
                assert answer.headers["content-type"] == "application/problem+json", answer.text
                self.refused.append(answer.status_code)
            await asyncio.sleep(0.1)

    async def goes_on(self, more: int) -> None:
        """Wait until so many more are acknowledged."""
        enough = len(self.acknowledged) + more

        async def done() -> bool:
            return len(self.acknowledged) >= enough

        await until("examinations are acknowledged", done, 180)

    async def end(self) -> list[dict[str, Any]]:
        """Finish, and read every examination that was acknowledged."""
        self._ends.set()
        await self._running
        return [told(await self._officer.get(f"{EXAMINATIONS}/{each}")) for each in self.acknowledged]


async def test_a_service_that_restarts_loses_nothing_that_was_acknowledged(suite: Suite) -> None:
    async with suite.client("first-officer", patient=False) as officer:
        load = Load(officer)
        await load.goes_on(5)
        await asyncio.to_thread(suite.compose, "restart", "-t", "30", "admission")
        await load.goes_on(5)
        found = await load.end()
    assert len({each["id"] for each in found}) == len(load.acknowledged)
    assert set(load.refused) <= {503}
    assert suite.inspect("admission")["State"]["ExitCode"] == 0
    suite.wait_until_healthy()


async def test_a_port_decides_while_redress_hangs(suite: Suite) -> None:
    async with suite.client("first-officer") as officer, suite.client(patient=False) as anyone:
        suite.compose("pause", "redress")
        try:
            decided = await admit(officer, await examine(officer), "Documents are in order.")
            assert decided["decision"]["action"] == "admit"
            silent = await anyone.get("/redress/v1/statistics")
            assert silent.status_code == 503
            assert silent.headers["content-type"] == "application/problem+json"
        finally:
            suite.compose("unpause", "redress")
            suite.wait_until_healthy()

        async def answers() -> bool:
            return (await anyone.get("/redress/v1/statistics")).status_code == 200

        await until("redress answers again", answers)


async def test_a_database_that_is_killed_comes_back_with_all_that_was_acknowledged(suite: Suite) -> None:
    async with suite.client("first-officer", patient=False) as officer:
        load = Load(officer)
        await load.goes_on(5)
        suite.compose("kill", "-s", "KILL", "postgres")

        async def refused() -> bool:
            return bool(load.refused)

        await until("the service says that it cannot", refused)
        suite.compose("start", "postgres")
        await load.goes_on(5)
        found = await load.end()
    assert len({each["id"] for each in found}) == len(load.acknowledged)
    assert set(load.refused) <= {503}
    suite.wait_until_healthy()
