"""F20: connections of the pool, descriptors, memory and connections of clients run out; the service says so and lives."""

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import asyncpg
import httpx
from tests.faults.accounts import account_of
from tests.faults.journeys import JOURNEYS
from tests.faults.load import Load
from tests.faults.report import Report
from tests.faults.slow_database import A_MINUTE, LONGEST_SECONDS, PATIENT
from tests.faults.striking import BACK_WITHIN_SECONDS, PUNCTUAL, started
from tests.stage import ServiceProcess, Stage, stage

_NAME: Final = "admission"
_BODY_BYTES: Final = 250_000
_SPARE_DESCRIPTORS: Final = 16
_SPARE_BYTES: Final = 160 * 1024 * 1024
_HEALTH_SECONDS: Final = 2.0
_ALL: Final = ("pool", "descriptors", "connections", "memory")

FULL: Final[Sequence[dict[str, Any]]] = (
    {"resources": _ALL, "seconds": 8.0, "strangers": 2_000},
    {"resources": ("pool",), "seconds": 6.0, "strangers": 0, "plant": PATIENT},
)
SHORT: Final[Sequence[dict[str, Any]]] = (
    {"resources": _ALL, "seconds": 3.2, "strangers": 400},
    {"resources": ("pool",), "seconds": 6.0, "strangers": 0, "plant": PATIENT},
)


def run(*, resources: Sequence[str], seconds: float, strangers: int, plant: str | None = None, seed: int = 1) -> Report:
    """Exhaust resources one after the other, each for so many seconds, some by so many connections of strangers."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, strangers + 2_000)), hard))
    with stage(_NAME) as world:
        patience = A_MINUTE if plant == PATIENT else PUNCTUAL
        service = world.service(_NAME, pool_size="2", **patience)
        started(world, service)
        return asyncio.run(_under_load(world, service, resources, seconds, strangers, seed))


async def _under_load(
    world: Stage, service: ServiceProcess, resources: Sequence[str], seconds: float, strangers: int, seed: int
) -> Report:
    role, journey, _ = JOURNEYS[_NAME]
    token = world.token(role)
    load = Load(service.address, token, journey, seed=seed)
    said, short, back = [], [], [0.0]
    async with load.running(), httpx.AsyncClient(timeout=10) as probe:
        for each in resources:
            await load.acknowledge(12)
            await _health(service, probe, 0.0)
            load.slowest_seconds = 0.0
            async with _RESOURCES[each](_Pressed(world, service, token, strangers)):
                health = await _health(service, probe, seconds)
            if service.process and service.process.poll() is not None:  # as whoever keeps it running does
                short.append(f"{each} ended the service")
                await asyncio.to_thread(service.start().wait)
            back.append(await load.answered())
            said.append(f"{each}: slowest {load.slowest_seconds:.2f} s, healthz {health:.2f} s, back {back[-1]:.2f} s")
            if (
                max(load.slowest_seconds - LONGEST_SECONDS, health - _HEALTH_SECONDS, back[-1] - BACK_WITHIN_SECONDS)
                > 0
            ):
                short.append(f"{each} fell short")
    account = await account_of(_NAME, world.database_url(_NAME), load)
    return Report(
        fault="F20 exhaustion",
        done=f"{', '.join(resources)}: {seconds:g} s each",
        acknowledged=len(load.acknowledged),
        found=account.found,
        lost=account.lost,
        recovered_seconds=max(back),
        held=not short and not account.faults,
        detail="; ".join(short + account.faults + said),
        seed=seed,
    )


async def _health(service: ServiceProcess, probe: httpx.AsyncClient, seconds: float) -> float:
    """The longest that ``healthz`` took to answer for so many seconds, on the connection opened at first."""
    slowest, began = 0.0, time.monotonic()
    until = began + seconds
    while began <= until:
        began = time.monotonic()
        try:
            (await probe.get(f"http://127.0.0.1:{service.inside_port}/v1/healthz")).raise_for_status()
        except httpx.HTTPError:
            return float("inf")
        slowest = max(slowest, time.monotonic() - began)
        await asyncio.sleep(0.1)
    return slowest


class _Pressed:
    """A service, and how much is pressed on it."""

    def __init__(self, world: Stage, service: ServiceProcess, token: str, strangers: int) -> None:
        self.world = world
        self.service = service
        self.token = token
        self.strangers = strangers

    @property
    def pid(self) -> int:
        """The service's process."""
        assert self.service.process
        return self.service.process.pid

    @asynccontextmanager
    async def connected(self, number: int, says: bytes = b"") -> AsyncIterator[None]:
        """So many connections of strangers, who say something and then nothing more."""
        writers = []
        for _ in range(number):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.service.port)
                writer.write(says)
            except OSError:
                continue  # which is what running out of descriptors looks like
            writers.append(writer)
        try:
            yield
        finally:
            for writer in writers:
                writer.transport.abort()


@asynccontextmanager
async def _pool(pressed: _Pressed) -> AsyncIterator[None]:
    """Every connection of the pool waits for a table that another holds."""
    connection = await asyncpg.connect(pressed.world.database_url(_NAME).replace("+asyncpg", ""))
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE examinations, revisions IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        await connection.close()


@asynccontextmanager
async def _descriptors(pressed: _Pressed) -> AsyncIterator[None]:
    """The process may open only a few descriptors more, and strangers take them."""
    before = resource.prlimit(pressed.pid, resource.RLIMIT_NOFILE)
    few = len(list(Path(f"/proc/{pressed.pid}/fd").iterdir())) + _SPARE_DESCRIPTORS
    resource.prlimit(pressed.pid, resource.RLIMIT_NOFILE, (few, before[1]))
    try:
        async with pressed.connected(4 * _SPARE_DESCRIPTORS):
            yield
    finally:
        resource.prlimit(pressed.pid, resource.RLIMIT_NOFILE, before)


@asynccontextmanager
async def _connections(pressed: _Pressed) -> AsyncIterator[None]:
    """Strangers connect and say nothing."""
    async with pressed.connected(pressed.strangers):
        yield


@asynccontextmanager
async def _memory(pressed: _Pressed) -> AsyncIterator[None]:
    """The process may have little more memory, and bodies that never end would take all of it."""
    before = resource.prlimit(pressed.pid, resource.RLIMIT_AS)
    pages = int(Path(f"/proc/{pressed.pid}/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + _SPARE_BYTES
    head = f"POST /admission/v1/examinations HTTP/1.1\r\nHost: port\r\nContent-Length: {_BODY_BYTES}\r\n"
    head += f"Authorization: Bearer {pressed.token}\r\nContent-Type: application/json\r\n\r\n"
    body = head.encode() + b" " * (_BODY_BYTES - 1)
    async with AsyncExitStack() as stack:
        resource.prlimit(pressed.pid, resource.RLIMIT_AS, (most, before[1]))
        stack.callback(_allow, pressed.service, before)
        await stack.enter_async_context(pressed.connected(3 * _SPARE_BYTES // 2 // _BODY_BYTES, body))
        yield


def _allow(service: ServiceProcess, limits: tuple[int, int]) -> None:
    if service.process and service.process.poll() is None:
        resource.prlimit(service.process.pid, resource.RLIMIT_AS, limits)


_RESOURCES: Final[Mapping[str, Callable[[_Pressed], AbstractAsyncContextManager[None]]]] = {
    "pool": _pool,
    "descriptors": _descriptors,
    "connections": _connections,
    "memory": _memory,
}
