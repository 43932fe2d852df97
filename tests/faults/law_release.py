"""F15: new law is released while examinations are open; each stays with the pack and the day it was opened with.

Two releases of admission run side by side on one database, as in a rolling deploy; each step of an examination goes to
either. Planted: ``law of the day`` determines open examinations anew by whatever the process at hand has.
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from unittest.mock import patch

import httpx
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.admission.cases import EXAMINATIONS, admit, engineer, refuse, step
from tests.admission.desks import running_service
from tests.conftest import Desk, MovingClock
from tests.faults.report import Report
from tests.stage import stage

from crossing.desk.lawbook import Lawbook
from crossing.kit.logging import configure_logging
from crossing.rules import Pack

ANEW: Final = "law of the day"
FULL: Final[Sequence[dict[str, Any]]] = ({"examinations": 1_000}, {"examinations": 40, "plant": ANEW})
SHORT: Final[Sequence[dict[str, Any]]] = ({"examinations": 40}, {"examinations": 20, "plant": ANEW})
_AT_ONCE: Final = 16
#: Half an hour before midnight at the port: the last half hour of the law before the change.
_BEFORE_MIDNIGHT: Final = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)
_NEW_DAY: Final = "2026-11-22"


class NextLawbook(Lawbook):
    """The law of the next release: from the new day on, TN is no longer for citizens of Canada."""

    def __init__(self) -> None:
        super().__init__()
        content = deepcopy(dict(self.packs["US"].content))
        content["pack"]["version"] += "-next"
        [changed] = [each for each in content["requirements"] if each["id"] == "US-TN-01"]
        since = changed["in_force"]["from"]
        later = {"includes_any": ["traveller.citizenships", ["MX"]]}
        changed["versions"] = [{"from": since, "test": changed.pop("test")}, {"from": _NEW_DAY, "test": later}]
        self.packs["US"] = Pack(content, self.packs["US"].names)
        self._shelf[self.packs["US"].digest] = self.packs["US"]


@dataclass
class _Seen:
    """What officers were told: by examination, pack, day and outcome of each answer in order; and what failed."""

    told: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def take(self, answer: httpx.Response) -> dict[str, Any] | None:
        """Note an answer; the examination it tells."""
        if not answer.is_success:
            self.failed.append(f"{answer.status_code} {answer.request.url.path.rpartition('/')[2]}")
            return None
        examination: dict[str, Any] = answer.json()
        determined = examination["determination"]
        by = (determined["pack"]["version"], determined["on"], determined["outcome"])
        self.told.setdefault(examination["id"], []).append(by)
        return examination


def run(*, examinations: int, plant: str | None = None, seed: int = 1) -> Report:
    """Release law while so many examinations are open: a third before, a third beside, a third after the port's midnight."""
    configure_logging("ERROR")
    with stage("admission") as world, _planted(plant):
        return asyncio.run(_release(world, examinations, seed))


async def _release(world: Any, examinations: int, seed: int) -> Report:
    clock, chance, seen = MovingClock(_BEFORE_MIDNIGHT), random.Random(seed), _Seen()
    # A busy machine is waited for, so that what fails is the law's.
    place: dict[str, Any] = dict.fromkeys(("pool_wait_seconds", "statement_seconds", "lock_seconds"), 60.0)
    place["database_url"] = world.database_url("admission")
    third = examinations // 3
    async with AsyncExitStack() as stack:
        old = await stack.enter_async_context(running_service(world.folder, clock, **place))
        before = await _side_by_side(_open(seen, old, number) for number in range(third))
        with patch("admission.app.Lawbook", NextLawbook):
            new = await stack.enter_async_context(running_service(world.folder, clock, with_ports=False, **place))
        both = [old, new]
        beside = [_open(seen, chance.choice(both), third + number) for number in range(third)]
        await _side_by_side([*beside, *(_add_facts(seen, chance.choice(both), each) for each in before[::2])])
        clock.move(timedelta(hours=1))
        await _side_by_side(_open(seen, chance.choice(both), number) for number in range(2 * third, examinations))
        standing = [await _read(old, identifier) for identifier in seen.told]
        await _side_by_side(_add_facts(seen, chance.choice(both), each) for each in standing[::2])
        standing = [await _read(new, identifier) for identifier in seen.told]
        await _side_by_side(_decide(seen, chance.choice(both), each) for each in standing)
    return _report(seen, examinations, seed)


def _report(seen: _Seen, examinations: int, seed: int) -> Report:
    mixed = [told for told in seen.told.values() if len(set(told)) > 1]
    kinds = {told[0] for told in seen.told.values()}
    next_law = {(day, outcome) for version, day, outcome in kinds if version.endswith("-next")}
    short = [f"{len(mixed)} mixed, such as {mixed[0]}"] if mixed else []
    short += [f"{len(seen.failed)} failed, such as {seen.failed[0]}"] if seen.failed else []
    if not mixed and next_law != {("2026-11-21", "qualifies"), (_NEW_DAY, "does_not_qualify")}:
        short.append(f"the next law was applied as {sorted(next_law)}")
    answers = sum(map(len, seen.told.values()))
    return Report(
        fault="F15 law released in traffic",
        done=f"{examinations} examinations open while two releases of law run side by side over the port's midnight",
        acknowledged=answers,
        found=answers - sum(map(len, mixed)),
        lost=0,
        held=not short,
        detail="; ".join(short) or f"0 mixed; opened under {', '.join('/'.join(each) for each in sorted(kinds))}",
        seed=seed,
    )


async def _open(seen: _Seen, desk: Desk, number: int) -> dict[str, Any] | None:
    async with desk.client() as officer:
        body = engineer(scan__fields__document_number=f"GA{number:06}")
        return seen.take(await officer.post(EXAMINATIONS, json=body))


async def _add_facts(seen: _Seen, desk: Desk, examination: dict[str, Any]) -> dict[str, Any] | None:
    async with desk.client() as officer:
        added = {"facts": {"support_letter": {"states_pay": True}}}
        return seen.take(await step(officer, examination, "facts", added))


async def _decide(seen: _Seen, desk: Desk, examination: dict[str, Any]) -> dict[str, Any] | None:
    """Decide as the law that the examination was opened with has it."""
    qualifies = seen.told[examination["id"]][0][2] == "qualifies"
    async with desk.client() as officer:
        return seen.take(await step(officer, examination, "decision", admit() if qualifies else refuse()))


async def _read(desk: Desk, identifier: str) -> dict[str, Any]:
    async with desk.client() as officer:
        examination: dict[str, Any] = (await officer.get(f"{EXAMINATIONS}/{identifier}")).raise_for_status().json()
        return examination


async def _side_by_side(asked: Any) -> list[dict[str, Any]]:
    """The examinations that come of what is asked, some of it at a time."""
    room = asyncio.Semaphore(_AT_ONCE)

    async def one(asking: Any) -> dict[str, Any] | None:
        async with room:
            told: dict[str, Any] | None = await asking
            return told

    return [each for each in await asyncio.gather(*(one(each) for each in asked)) if each]


@contextmanager
def _planted(plant: str | None) -> Iterator[None]:
    if plant is None:
        yield
        return

    async def anew(lawbook: Lawbook, connection: AsyncConnection, digest: str) -> Pack:
        return lawbook.packs["US"]

    with patch.object(Lawbook, "pack_by_digest", anew):
        yield
