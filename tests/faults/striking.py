"""Strikes a service again and again while callers are answered, and accounts for what they were told."""

import asyncio
import random
import time
from collections.abc import Callable
from typing import Final

from tests.faults.accounts import account_of, repeated
from tests.faults.journeys import JOURNEYS
from tests.faults.load import Load
from tests.faults.report import Report
from tests.stage import ServiceProcess, Stage

BACK_WITHIN_SECONDS: Final = 5.0
#: A setting of services whose deadline counts, which tests otherwise stretch for busy machines.
PUNCTUAL: Final = {"request_deadline_seconds": "3"}
#: Strikes; answers when what was struck takes requests again, by the monotonic clock.
Strike = Callable[[], float]


async def struck(
    world: Stage, service: ServiceProcess, strike: Strike, *, fault: str, done: str, cycles: int, seed: int
) -> Report:
    """Strike so often, each time at a moment by chance; requests must be answered as done again within 5 s."""
    role, journey, _ = JOURNEYS[service.name]
    token, chance = world.token(role), random.Random(seed)
    back = []
    load = Load(service.address, token, journey, seed=seed)
    async with load.running():
        for _ in range(cycles):
            await load.acknowledge(10)
            await asyncio.sleep(chance.uniform(0.2, 0.9))
            back.append(await load.answered(since=await asyncio.to_thread(strike)))
    account = await account_of(service.name, service.environment["CROSSING_DATABASE_URL"], load)
    differing = await repeated(load, service.address, token, chance)  # which may record what was lost
    late = [f"back after {each:.1f} s" for each in back if each > BACK_WITHIN_SECONDS]
    short = [*account.faults, *differing, *late]
    unanswered = ", ".join(f"{count} {what}" for what, count in load.unavailable.most_common())
    return Report(
        fault=fault,
        done=done,
        acknowledged=len(load.acknowledged),
        found=account.found,
        lost=account.lost,
        recovered_seconds=max(back),
        held=not short,
        detail="; ".join(short) or f"asked again after {unanswered}",
        seed=seed,
    )


def started(world: Stage, service: ServiceProcess) -> None:
    """Start a service for the first time, with ports of entry where it has them."""
    service.start().wait()
    if service.name == "admission":
        world.open_ports(service)


def restarted(service: ServiceProcess) -> float:
    """Start a service again; when it takes requests."""
    service.start().wait()
    return time.monotonic()
