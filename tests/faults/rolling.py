"""F13, G8: new processes take the place of old ones under load, and nobody who asks notices.

Planted: ``SIGKILL`` ends the old processes as whoever does not drain them, which has to be reported.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Any, Final

from tests.faults.accounts import account_of
from tests.faults.behind_gateway import failures, wait_until_sent_to
from tests.faults.forked import ForkedService
from tests.faults.journeys import examine
from tests.faults.load import Load
from tests.faults.report import Report
from tests.stage import ServiceProcess, Stage, stage

from crossing.gateway.process import RunningGateway

KILLED: Final = "SIGKILL"
FULL: Final[Sequence[dict[str, Any]]] = ({"deploys": 10}, {"deploys": 2, "plant": KILLED})
SHORT: Final[Sequence[dict[str, Any]]] = ({"deploys": 1},)
_AT_A_TIME: Final = 2
#: Twice what the gateway takes to hear of it: three checks, one a second. What a busy machine keeps waiting is answered
#: late rather than refused, so that only the deploy is felt.
_SETTINGS: Final = {
    "drain_seconds": "6",
    "pool_wait_seconds": "60",
    "statement_seconds": "60",
    "lock_seconds": "60",
    "request_deadline_seconds": "60",
}


def run(*, deploys: int, callers: int = 16, plant: str | None = None) -> Report:
    """Replace two processes of admission so many times while callers work through the gateway."""
    with stage("admission") as world:
        places = [world.service("admission", kind=ForkedService, **_SETTINGS) for _ in range(2 * _AT_A_TIME)]
        with world.gateway(requests_per_second=100_000, request_seconds=60.0, answer_seconds=60.0) as gateway:
            return asyncio.run(_under_load(world, gateway, places, deploys, callers, plant))


async def _under_load(
    world: Stage, gateway: RunningGateway, places: list[ServiceProcess], deploys: int, callers: int, plant: str | None
) -> Report:
    old, new = places[:_AT_A_TIME], places[_AT_A_TIME:]
    await asyncio.to_thread(_begin, gateway, old, [])
    world.open_ports(old[0])
    address = f"http://127.0.0.1:{gateway.options.port}/admission"
    load, took = Load(address, world.token(), examine, callers=callers, pause=0.1), []
    async with load.running():
        for _ in range(deploys):
            began = time.monotonic()
            await asyncio.to_thread(_begin, gateway, new, old)
            await load.acknowledge(callers)
            await _end(gateway, old, new, plant)
            took.append(time.monotonic() - began)
            old, new = new, old
        await load.acknowledge(callers)
    account = await account_of("admission", world.database_url("admission"), load)
    # The load asks again, so that all is accounted for; here nobody may have had to.
    felt = [f"{count} times {what}" for what, count in load.unavailable.items()]
    felt += [f"the gateway says {flags} of {count}" for flags, count in failures(gateway).items()]
    return Report(
        fault="F13 deploy in traffic",
        done=f"{deploys} rolling deploys of {_AT_A_TIME} processes behind the gateway, {callers} callers",
        acknowledged=len(load.acknowledged),
        found=account.found,
        lost=account.lost,
        held=not felt and not account.faults,
        detail="; ".join([*felt, *account.faults])
        or f"no answer but of success; slowest {load.slowest_seconds:.2f} s, longest deploy {max(took):.1f} s",
    )


def _begin(gateway: RunningGateway, new: list[ServiceProcess], old: list[ServiceProcess]) -> None:
    """Start processes beside those that run, and wait until the gateway sends to all of them."""
    for each in new:
        each.start()
    for each in new:
        each.wait()
    wait_until_sent_to(gateway, [*old, *new])


async def _end(
    gateway: RunningGateway, old: list[ServiceProcess], new: list[ServiceProcess], plant: str | None
) -> None:
    """End processes as an orchestrator does, all that are replaced at once."""
    await asyncio.gather(*(asyncio.to_thread(each.kill if plant == KILLED else each.terminate) for each in old))
    await asyncio.to_thread(wait_until_sent_to, gateway, new)
