"""F6 (G7): the database is slow, silent, cut off or locked; every request is answered in time all the same."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

import asyncpg
from tests.faults.accounts import account_of
from tests.faults.forked import ForkedService
from tests.faults.journeys import JOURNEYS
from tests.faults.load import Acknowledged, Caller, Load
from tests.faults.report import Report
from tests.faults.slow_link import SlowLink, slow_link
from tests.faults.striking import BACK_WITHIN_SECONDS, PUNCTUAL, started
from tests.stage import Stage, stage

PATIENT: Final = "a minute for everything"
_NAME: Final = "admission"
#: What a request may take, and a second for the machine that asks and answers at once.
LONGEST_SECONDS: Final = 3.0 + 1.0
_EACH_WAY_SECONDS: Final = 0.125
A_MINUTE: Final = dict.fromkeys(
    ("request_deadline_seconds", "statement_seconds", "pool_wait_seconds", "lock_seconds"), "60"
)
_ALL: Final = ("slow", "silent", "cut", "forgotten", "locked")

FULL: Final[Sequence[dict[str, Any]]] = (
    {"troubles": _ALL, "seconds": 8.0},
    {"troubles": ("silent",), "seconds": 6.0, "plant": PATIENT},
)
SHORT: Final[Sequence[dict[str, Any]]] = (
    {"troubles": ("slow", "silent"), "seconds": 3.2},
    {"troubles": ("silent",), "seconds": 6.0, "plant": PATIENT},
)


def run(*, troubles: Sequence[str], seconds: float, plant: str | None = None, seed: int = 1) -> Report:
    """Cause troubles one after the other, each for so many seconds.

    ``slow`` is 250 ms there and back, ``silent`` a link on which nothing passes, ``cut`` one that resets every
    connection, ``forgotten`` one on which only new connections pass, ``locked`` a table that another holds.
    """
    with stage(_NAME) as world:
        return asyncio.run(_through_link(world, troubles, seconds, plant, seed))


async def _through_link(world: Stage, troubles: Sequence[str], seconds: float, plant: str | None, seed: int) -> Report:
    assert world.postgres
    role, journey, _ = JOURNEYS[_NAME]
    async with slow_link(world.postgres.port) as link:
        url = world.database_url(_NAME).replace(f":{world.postgres.port}/", f":{link.port}/")
        patience = A_MINUTE if plant == PATIENT else PUNCTUAL
        service = world.service(_NAME, kind=ForkedService, database_url=url, **patience)
        await asyncio.to_thread(started, world, service)
        load = Load(service.address, world.token(role), journey, seed=seed)
        trips = await _round_trips(link, service.address, world.token(role))
        said, short, back = [f"round trips: {trips}"], [], [0.0]
        async with load.running():
            for trouble in troubles:
                await load.acknowledge(12)
                load.slowest_seconds = 0.0
                await _TROUBLES[trouble](link, world, seconds)
                back.append(await load.answered())
                await load.acknowledge(24)
                said.append(f"{trouble}: slowest {load.slowest_seconds:.2f} s, back in {back[-1]:.2f} s")
                if load.slowest_seconds > LONGEST_SECONDS or back[-1] > BACK_WITHIN_SECONDS:
                    short.append(f"{trouble} fell short")
        account = await account_of(_NAME, world.database_url(_NAME), load)
    return Report(
        fault="F6 database slow or silent",
        done=f"{', '.join(troubles)}: {seconds:g} s each",
        acknowledged=len(load.acknowledged),
        found=account.found,
        lost=account.lost,
        recovered_seconds=max(back),
        held=not short and not account.faults,
        detail="; ".join(short + account.faults + said),
        seed=seed,
    )


async def _slow(link: SlowLink, _: Stage, seconds: float) -> None:
    link.delay_seconds = _EACH_WAY_SECONDS
    await asyncio.sleep(seconds)
    link.delay_seconds = 0.0


async def _silent(link: SlowLink, _: Stage, seconds: float) -> None:
    link.flows.clear()
    await asyncio.sleep(seconds)
    link.flows.set()


async def _cut(link: SlowLink, _: Stage, seconds: float) -> None:
    async def again_and_again() -> None:
        while True:
            link.reset()
            await asyncio.sleep(0.5)

    try:
        await asyncio.wait_for(again_and_again(), seconds)
    except TimeoutError:
        return


async def _forgotten(link: SlowLink, _: Stage, __: float) -> None:
    link.forget()


async def _locked(_: SlowLink, world: Stage, seconds: float) -> None:
    connection = await asyncpg.connect(world.database_url(_NAME).replace("+asyncpg", ""))
    async with connection.transaction():
        await connection.execute("LOCK TABLE revisions IN ACCESS EXCLUSIVE MODE")
        await asyncio.sleep(seconds)
    await connection.close()


_TROUBLES: Final[Mapping[str, Callable[[SlowLink, Stage, float], Awaitable[None]]]] = {
    "slow": _slow,
    "silent": _silent,
    "cut": _cut,
    "forgotten": _forgotten,
    "locked": _locked,
}


class _Counting:
    """A caller whose requests are counted in messages to the database: a round trip each."""

    def __init__(self, caller: Caller, link: SlowLink, trips: dict[str, int]) -> None:
        self.chance = caller.chance
        self._caller = caller
        self._link = link
        self._trips = trips

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Acknowledged:
        before = self._link.sent_there
        done = await self._caller.ask(method, path, body, **headers)
        self._trips[path.rpartition("/")[2]] = self._link.sent_there - before
        return done


async def _round_trips(link: SlowLink, address: str, token: str) -> str:
    """Messages to the database for each step of a journey, once its statements are prepared."""
    trips: dict[str, int] = defaultdict(int)
    journey = JOURNEYS[_NAME][1]

    async def counted(caller: Caller) -> None:
        await journey(_Counting(caller, link, trips))  # type: ignore[arg-type]

    load = Load(address, token, counted, callers=1, pause=0.0, seed=0)
    async with load.running():
        await load.acknowledge(9)
    return ", ".join(f"{step} {count}" for step, count in trips.items())
