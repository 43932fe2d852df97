"""F1, F2 (G1): processes die by SIGKILL while callers are answered; nothing acknowledged may be lost or doubled."""

import asyncio
import random
import sys
import time
from collections.abc import Sequence
from typing import Any, Final

from tests.faults.accounts import account_of, repeated
from tests.faults.forked import ForkedService
from tests.faults.journeys import JOURNEYS
from tests.faults.load import Load
from tests.faults.report import Report
from tests.stage import ServiceProcess, Stage, stage

BACK_WITHIN_SECONDS: Final = 5.0
ASYNCHRONOUS, EARLY = "synchronous_commit=off", "answers before it commits"
_SETTINGS: Final = {
    ASYNCHRONOUS: {"synchronous_commit": "off", "wal_writer_delay": "10s", "wal_writer_flush_after": "1GB"}
}

FULL: Final[Sequence[dict[str, Any]]] = (
    {"victims": ("postgres",), "cycles": 70},
    {"victims": ("service",), "cycles": 45},
    {"victims": ("service", "postgres"), "cycles": 35},
    {"victims": ("service",), "cycles": 30, "on_postgres": False},
    {"victims": ("service",), "cycles": 10, "name": "redress"},
    {"victims": ("service",), "cycles": 10, "name": "advance-ruling"},
    {"victims": ("postgres",), "cycles": 3, "plant": ASYNCHRONOUS},
    {"victims": ("service",), "cycles": 3, "plant": EARLY},
)
SHORT: Final[Sequence[dict[str, Any]]] = (
    {"victims": ("service", "postgres"), "cycles": 2},
    {"victims": ("service",), "cycles": 1, "on_postgres": False},
    {"victims": ("postgres",), "cycles": 1, "plant": ASYNCHRONOUS},
    {"victims": ("service",), "cycles": 1, "plant": EARLY},
)


def run(
    *,
    victims: Sequence[str],
    cycles: int,
    name: str = "admission",
    on_postgres: bool = True,
    plant: str | None = None,
    seed: int = 1,
) -> Report:
    """Kill the victims (``service``, ``postgres``) under load, start them again, and so on for so many cycles."""
    with stage(name, on_postgres=on_postgres, **_SETTINGS.get(plant or "", {})) as world:
        return asyncio.run(_under_load(world, name, victims, cycles, plant, seed))


async def _under_load(
    world: Stage, name: str, victims: Sequence[str], cycles: int, plant: str | None, seed: int
) -> Report:
    early = [sys.executable, "-m", "tests.faults.answers_early", "service", name] if plant == EARLY else None
    service = world.service(name, early, ForkedService)
    await asyncio.to_thread(_started, world, service)
    role, journey, _ = JOURNEYS[name]
    chance, back = random.Random(seed), []
    load = Load(service.address, world.token(role), journey, seed=seed)
    async with load.running():
        for _ in range(cycles):
            await load.acknowledge(10)
            await asyncio.sleep(chance.uniform(0.2, 0.9))
            ready_at = await asyncio.to_thread(_kill_and_start, world, service, victims)
            await load.answered()
            back.append(load.latest_at - ready_at)
    account = await account_of(name, world.database_url(name), load)
    differing = await repeated(load, service.address, world.token(role), chance)  # which may record what was lost
    short = account.faults + differing + [f"back after {each:.1f} s" for each in back if each > BACK_WITHIN_SECONDS]
    unanswered = ", ".join(f"{count} {what}" for what, count in load.unavailable.most_common())
    return Report(
        fault=f"{'F2' if 'postgres' in victims else 'F1'} {' and '.join(victims)} killed",
        done=f"{cycles} SIGKILLs of each, {name} on {'PostgreSQL' if world.postgres else 'SQLite'}",
        acknowledged=len(load.acknowledged),
        found=account.found,
        lost=account.lost,
        recovered_seconds=max(back),
        held=not short,
        detail="; ".join(short) or f"asked again after {unanswered}",
        seed=seed,
    )


def _started(world: Stage, service: ServiceProcess) -> None:
    service.start().wait()
    if service.name == "admission":
        world.open_ports(service)


def _kill_and_start(world: Stage, service: ServiceProcess, victims: Sequence[str]) -> float:
    """When what was killed takes requests again, by the monotonic clock."""
    if "service" in victims:
        service.kill()
    if "postgres" in victims:
        assert world.postgres
        world.postgres.kill()
        world.postgres.start()
    ready_at = time.monotonic()
    if "service" in victims:
        service.start().wait()
        ready_at = time.monotonic()
    return ready_at
