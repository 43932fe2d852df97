"""200 remedies while admission is killed and started again five times: each is applied exactly once, none is lost."""

import asyncio
import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.redress.conftest import running_redress
from tests.redress.remedies.admission_process import serve
from tests.redress.remedies.two_services import free_port, ordered, tokens

from admission.covered import covered_rows, rows_without_entry
from admission.settings import MIGRATIONS
from crossing.embedded.suite import admission_settings
from crossing.kit.clock import system_clock
from crossing.kit.database import create_engine
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.jobs import Pace
from crossing.kit.migrations import upgrade
from crossing.kit.verify import verify_chains
from crossing.kit.worker import Worker

CASES, OF_EACH, KILLS = 50, 4, 5
REMEDIES: Final = CASES * OF_EACH
_ROUTES: Final = ("i192", "i212", "trp", "arc")


# Processes are forked from one that has read the program once: to start is quick, and nothing of what was killed lives on.
_FORKS: Final = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.redress.remedies.admission_process"])


class Admission:
    """Admission's process, killed and started again at the same address."""

    def __init__(self, folder: Path, port: int, database_url: str) -> None:
        self._served = folder, port, database_url
        self.process: BaseProcess | None = None

    def start(self) -> None:
        """Start it; it listens a moment later."""
        self.process = _FORKS.Process(target=serve, args=self._served, daemon=True)
        self.process.start()

    def kill(self) -> None:
        """Kill it where it stands (SIGKILL)."""
        assert self.process
        self.process.kill()
        self.process.join()
        assert self.process.exitcode == -signal.SIGKILL


@contextmanager
def running(admission: Admission) -> Iterator[Admission]:
    """The process, ended whatever happens."""
    admission.start()
    try:
        yield admission
    finally:
        admission.kill()


async def all_applied_once(folder: Path, database_url: str | None = None, redress_url: str | None = None) -> None:
    """Order 200 remedies, kill admission five times while they are delivered, and count."""
    issuer = DevelopmentIssuer(folder)
    url = database_url or admission_settings(folder, issuer).database_url
    await asyncio.to_thread(upgrade, MIGRATIONS, url)
    port, token = free_port(), tokens(folder, system_clock)["redress"]
    settings: dict[str, Any] = {"admission_address": f"http://127.0.0.1:{port}", "service_token_file": token}
    settings |= {"database_url": redress_url} if redress_url else {}
    engine = create_engine(url)
    async with running_redress(folder, system_clock, **settings) as redress:
        remedies = [{"kind": "route_pointed", "record": None, "content": {"route": route}} for route in _ROUTES]
        cases = [await ordered(redress, remedies) for _ in range(CASES)]
        handlers = redress.state.worker._handlers
        pace = Pace(lease=timedelta(seconds=20), poll=timedelta(milliseconds=100), at_once=4)
        stop = asyncio.Event()
        with running(Admission(folder, port, url)) as admission:
            working = asyncio.create_task(Worker(redress.state.engine, handlers, system_clock, pace).run(stop))
            async with asyncio.timeout(240):
                for round in range(1, KILLS + 1):
                    await _until(engine, REMEDIES * round // (KILLS + 2))
                    admission.kill()
                    assert await _applied(engine) < REMEDIES
                    admission.start()
                await _until(engine, REMEDIES)
                while await _waiting(redress.state.engine, cases):
                    await asyncio.sleep(0.1)
            stop.set()
            await working
        await _count(engine, redress.state.engine, cases)
    await engine.dispose()


async def _applied(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int((await connection.execute(text("SELECT count(*) FROM remedies"))).scalar_one())


async def _until(engine: AsyncEngine, number: int) -> None:
    while await _applied(engine) < number:
        await asyncio.sleep(0.005)


async def _waiting(engine: AsyncEngine, cases: list[str]) -> bool:
    """Whether a case still waits for a correction."""
    async with engine.connect() as connection:
        statement = text("SELECT count(*) FROM case_heads WHERE state = 'watch'")
        return int((await connection.execute(statement)).scalar_one()) < len(cases)


async def _count(admission: AsyncEngine, redress: AsyncEngine, cases: list[str]) -> None:
    async with redress.connect() as connection:
        asked = set((await connection.execute(text("SELECT id FROM remedies"))).scalars())
        states = set((await connection.execute(text("SELECT DISTINCT state FROM remedy_states"))).scalars())
        dead = (await connection.execute(text("SELECT count(*) FROM jobs WHERE state = 'dead'"))).scalar_one()
    async with admission.connect() as connection:
        kept = list((await connection.execute(text("SELECT id FROM remedies WHERE kind = 'route_pointed'"))).scalars())
        statement = text("SELECT subject FROM audit_entries WHERE event = 'remedy.applied'")
        entries = [each.removeprefix("remedies/") for each in (await connection.execute(statement)).scalars()]
        _, faults = await verify_chains(connection, covered_rows, rows_without_entry)
    assert (len(asked), len(cases), states, dead) == (REMEDIES, CASES, {"verified"}, 0)
    assert sorted(kept) == sorted(asked)
    assert sorted(entries) == sorted(asked)
    assert faults == []
