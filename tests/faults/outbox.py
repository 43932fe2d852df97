"""F8: redress is away for hours; what it is owed waits, is not hammered at it, and reaches it once.

Admission keeps what it owes in its job table. The hours pass on a clock that is moved; the requests are real.
"""

import asyncio
import random
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.admission.desks import running_service, service_of
from tests.admission.rulings import NUMBER, served
from tests.conftest import MovingClock
from tests.debian_postgres import free_port
from tests.faults.report import Report
from tests.redress.conftest import running_redress
from uuid_utils.compat import uuid7

from crossing.kit.breaker import Breaker
from crossing.kit.database import format_instant
from crossing.kit.events import EventSender, event_jobs
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.worker import Worker

FULL = ({"owed": 10_000, "hours": 3}, {"owed": 300, "hours": 3, "plant": "no breaker"})
SHORT = ({"owed": 100, "hours": 1},)
_STEP = timedelta(seconds=30)
_LARGEST_SHARE = 1.5
#: Those that were on their way when the first ones failed.
_AT_ONCE = 25
_TRAVELLERS = 0.2


def run(*, owed: int, hours: int, seed: int = 8, plant: str | None = None) -> Report:
    """Owe redress so many events, stop it for so many hours, and start it again."""
    folder = Path(tempfile.mkdtemp(prefix="crossing-outbox-"))
    try:
        return asyncio.run(_run(folder, owed, hours, seed, plant))
    finally:
        shutil.rmtree(folder)


async def _run(folder: Path, owed: int, hours: int, seed: int, plant: str | None) -> Report:
    clock, chance = MovingClock(datetime(2026, 11, 21, 15, 0, tzinfo=UTC)), random.Random(seed)
    issuer = DevelopmentIssuer(folder, now=lambda: clock().timestamp())
    sent, port = 0, free_port()

    async def counted(_: httpx.Request) -> None:
        nonlocal sent
        sent += 1

    async def token() -> str:
        return issuer.token(Role.SERVICE, subject="admission")

    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(running_service(folder, clock))
        admission = service_of(desk).state
        client = await stack.enter_async_context(
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", event_hooks={"request": [counted]}, timeout=30)
        )
        sender = EventSender({"redress": client}, token, clock)
        if plant:
            sender.breakers = {"redress": Breaker(clock, threshold=10**9)}
        worker = Worker(admission.engine, {"event": sender}, clock)
        ids = await _owe(admission.ledger, owed, clock, chance)
        for _ in range(int(timedelta(hours=hours) / _STEP)):
            await worker.run_due()
            clock.move(_STEP)
        while_away, waiting = sent, await _count(admission.engine, "SELECT count(*) FROM jobs WHERE state = 'waiting'")
        redress = await stack.enter_async_context(running_redress(folder, clock))
        await stack.enter_async_context(served(redress, port))
        back = clock()
        while await _count(admission.engine, "SELECT count(*) FROM jobs") and clock() - back < timedelta(hours=1):
            await worker.run_due()
            clock.move(_STEP)
        taken = await _taken(redress.state.engine)
        opened = await _count(redress.state.engine, "SELECT count(*) FROM cases")
    said = _judged(owed, sent, while_away, hours, waiting) + _once(ids, taken, opened)
    return Report(
        fault="F8 redress away for hours",
        done=f"{owed:,} events owed while redress was away for {hours} h of a moved clock",
        acknowledged=owed,
        found=len(set(taken) & set(ids)),
        lost=len(set(ids) - set(taken)),
        recovered_seconds=(clock() - back).total_seconds(),
        held=not said,
        detail="; ".join([*said, f"{sent:,} requests, {while_away:,} of them while it was away"]),
        seed=seed,
    )


async def _owe(ledger: Any, owed: int, clock: MovingClock, chance: random.Random) -> list[str]:
    """Owe departures of some travellers, several of each; their ids in the order they happened."""
    ids = []
    for number in range(owed):
        clock.move(timedelta(milliseconds=20))
        traveller = chance.randrange(max(1, int(owed * _TRAVELLERS)))
        departure = {
            "number": NUMBER,
            "version": 1,
            "ground": "inadmissibility_found",
            "reason": f"Found at the {number}th examination.",
            "proposed_by": "officer",
            "confirmed_by": "second-officer",
            "examination": str(uuid7()),
            "port": "US-DETROIT",
            "language": "en",
        }
        at = format_instant(clock())
        jobs = event_jobs("ruling.departed", f"rulings/{traveller}", departure, ["redress"], at, source="admission")
        await ledger.append(jobs, None)
        ids += [each.values["key"].split("/")[1] for each in jobs]
    return ids


async def _count(engine: AsyncEngine, statement: str) -> int:
    async with engine.connect() as connection:
        return int((await connection.execute(text(statement))).scalar_one())


async def _taken(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        return list((await connection.execute(text("SELECT id FROM inbox"))).scalars())


def _judged(owed: int, sent: int, while_away: int, hours: int, waiting: int) -> list[str]:
    """What was sent, against what there was to send: whoever is away is asked once a rest, by all events together."""
    trials = int(timedelta(hours=hours) / _STEP) + _AT_ONCE
    said = [] if waiting == owed else [f"{waiting:,} of {owed:,} waited"]
    if while_away > trials:
        said.append(f"{while_away:,} requests while it was away, {trials:,} would do")
    if sent - while_away > owed * (_LARGEST_SHARE - 1) + owed:
        said.append(f"{sent - while_away:,} requests for {owed:,} events once it was back")
    return said


def _once(ids: Sequence[str], taken: Sequence[str], opened: int) -> list[str]:
    said = [] if sorted(ids) == sorted(taken) else [f"{len(set(ids) - set(taken))} events never came"]
    return said if opened == len(ids) else [*said, f"{opened:,} cases of {len(ids):,} departures"]
