"""F4 (G3): the primary is lost with its disk and the standby promoted; services find it, and nothing acknowledged is lost.

The standby is away for a while before, longer than a request may take: what is committed meanwhile is nowhere else, and
must not be acknowledged, at the first asking or at the next.
"""

import asyncio
import shutil
import time
from collections.abc import Sequence
from typing import Any, Final

import asyncpg
from tests.debian_postgres import DebianPostgres
from tests.faults.accounts import account_of
from tests.faults.forked import ForkedService
from tests.faults.journeys import JOURNEYS
from tests.faults.load import Load
from tests.faults.report import Report
from tests.faults.striking import PUNCTUAL, started
from tests.stage import Stage, stage

ASYNCHRONOUS = "a standby that nobody waits for"
_NAME: Final = "admission"

FULL: Final[Sequence[dict[str, Any]]] = (
    {"away_seconds": 6.0, "seed": 1},
    {"away_seconds": 6.0, "seed": 2},
    {"away_seconds": 1.5, "seed": 3},
    {"away_seconds": 1.5, "plant": ASYNCHRONOUS},
)
SHORT: Final[Sequence[dict[str, Any]]] = ({"away_seconds": 4.5}, {"away_seconds": 1.0, "plant": ASYNCHRONOUS})


def run(*, away_seconds: float, plant: str | None = None, seed: int = 1) -> Report:
    """Lose the primary after its standby was away for so many seconds, and promote the standby."""
    with stage(_NAME) as world:
        assert world.postgres
        standby = DebianPostgres(world.folder / "standby")
        standby.create_from(world.postgres)
        standby.start()
        try:
            return asyncio.run(_under_load(world, world.postgres, standby, away_seconds, plant, seed))
        finally:
            standby.stop()


async def _under_load(
    world: Stage, primary: DebianPostgres, standby: DebianPostgres, away_seconds: float, plant: str | None, seed: int
) -> Report:
    if not plant:
        await _wait_for_standby(primary)
    places = "&".join(f"host=127.0.0.1:{each.port}" for each in (primary, standby))
    url = f"postgresql+asyncpg://{primary.address.partition('@')[0]}@/{_NAME}?{places}"
    service = world.service(_NAME, kind=ForkedService, database_url=url, **PUNCTUAL)
    await asyncio.to_thread(started, world, service)
    role, journey, _ = JOURNEYS[_NAME]
    load = Load(service.address, world.token(role), journey, seed=seed)
    async with load.running():
        await load.acknowledge(50)
        await asyncio.to_thread(standby.kill)
        before = len(load.acknowledged)
        await asyncio.sleep(away_seconds)
        alone, lost_at = len(load.acknowledged) - before, time.monotonic()
        await asyncio.to_thread(_lose, primary)
        await asyncio.to_thread(standby.start)
        await asyncio.to_thread(standby.promote)
        took = time.monotonic() - lost_at
        back = await load.answered(since=lost_at)
        await load.acknowledge(20)
    account = await account_of(_NAME, standby.url(_NAME), load)
    return Report(
        fault="F4 primary lost with its disk",
        done=f"standby away {away_seconds:g} s before, then promoted in {took:.1f} s",
        acknowledged=len(load.acknowledged),
        found=account.found,
        lost=account.lost,
        recovered_seconds=back,
        held=not account.faults,
        detail="; ".join([*account.faults, f"{alone} acknowledged while the standby was away"]),
        seed=seed,
    )


async def _wait_for_standby(primary: DebianPostgres) -> None:
    """Let the primary acknowledge only what a standby has, once there is one."""
    connection = await asyncpg.connect(f"postgresql://{primary.address}/postgres")
    try:
        await connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (standby)'")
        await connection.execute("SELECT pg_reload_conf()")
        async with asyncio.timeout(30):
            while not await connection.fetchval(
                "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'quorum' AND state = 'streaming'"
            ):
                await asyncio.sleep(0.05)
    finally:
        await connection.close()


def _lose(primary: DebianPostgres) -> None:
    primary.kill()
    shutil.rmtree(primary.data)
