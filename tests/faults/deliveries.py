"""F11: events come twice, late and in any order, and every such history leaves redress in the same state.

Each history has events of its own. They are delivered once, in order, to one redress; and one to five times each,
shuffled among the events of all histories and many at once, to another.
"""

import asyncio
import json
import random
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import text
from tests.admission.rulings import NUMBER
from tests.conftest import MovingClock
from tests.faults.report import Report
from tests.redress.conftest import running_redress
from tests.redress.remedies.two_services import content_of

from crossing.kit.database import format_instant
from crossing.kit.events import MEDIA_TYPE
from crossing.kit.identity import Role
from crossing.kit.inbox import TABLE
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.ledger import AuditEntry, Insert, Ledger
from redress.casework.record import record
from redress.casework.steps import open_case

FULL = ({"histories": 10_000}, {"histories": 200, "plant": "an inbox that forgets"})
SHORT = ({"histories": 100},)
NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
_AT_ONCE = 16
#: One history in so many is about a case that is watched for repeats; the others are about departures from rulings.
_WATCHED = 20


def run(*, histories: int, seed: int = 11, plant: str | None = None) -> Report:
    """Deliver the events of so many histories in order, and in disorder."""
    folder = Path(tempfile.mkdtemp(prefix="crossing-deliveries-"))
    try:
        return asyncio.run(_run(folder, histories, seed, plant))
    finally:
        shutil.rmtree(folder)


async def _run(folder: Path, histories: int, seed: int, plant: str | None) -> Report:
    chance = random.Random(seed)
    told = [event for number in range(histories) for event in _events(number, chance)]
    shuffled = [event for event in told for _ in range(chance.randint(1, 5))]
    chance.shuffle(shuffled)
    async with _Redress(folder / "in order", histories) as calm:
        await calm.take(told, at_once=1)
        expected = await calm.states()
    async with _Redress(folder / "shuffled", histories, forgets=plant is not None) as stormy:
        await stormy.take(shuffled, at_once=_AT_ONCE)
        found = await stormy.states()
    differing = [key for key in expected.keys() | found.keys() if expected.get(key) != found.get(key)]
    return Report(
        fault="F11 deliveries repeated and out of order",
        done=f"{histories:,} histories, {len(told):,} events delivered {len(shuffled):,} times",
        acknowledged=len(expected),
        found=len(expected) - len(differing),
        lost=len(differing),
        held=not differing and len(expected) > 0,
        detail="; ".join(f"{key}: {_counted(expected, key)} became {_counted(found, key)}" for key in differing[:3]),
        seed=seed,
    )


def _counted(states: Mapping[str, Sequence[Any]], key: str) -> str:
    return f"{len(states.get(key, ()))} cases"


def _watched(number: int) -> str:
    return str(UUID(int=number + 1))


def _events(number: int, chance: random.Random) -> Iterator[Mapping[str, Any]]:
    """The events of a history: repeats of a watched subject, or departures at examinations that nobody else has."""
    for place in range(chance.randint(1, 3)):
        examination = str(UUID(int=number << 32 | place))
        if number % _WATCHED == 0:
            cause = {"kind": "lookout", "id": f"L-{place}"}
            kind, data = "subject.recurred", {"case": _watched(number), "examination": examination, "cause": cause}
        else:
            kind, data = "ruling.departed", _departure(examination, chance)
        yield {
            "specversion": "1.0",
            "id": f"{number}-{place}",
            "source": "/admission",
            "type": kind,
            "data": data,
        }


def _departure(examination: str, chance: random.Random) -> dict[str, Any]:
    return {
        "number": NUMBER,
        "version": chance.randint(1, 3),
        "ground": "inadmissibility_found",
        "reason": "A conviction of 2019 is recorded.",
        "proposed_by": f"officer-{chance.randrange(9)}",
        "confirmed_by": "second-officer",
        "examination": examination,
        "port": "US-DETROIT",
        "language": chance.choice(("en", "fr", "es")),
    }


class _Forgetful:
    """A ledger that keeps everything but that an event was taken."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def append(self, rows: Sequence[Insert], entry: AuditEntry | None) -> None:
        kept = [row for row in rows if row.table != TABLE]
        if kept:
            await self._ledger.append(kept, entry)


class _Redress:
    """Redress in this process, on a folder of its own, with the cases that are watched."""

    def __init__(self, folder: Path, histories: int, *, forgets: bool = False) -> None:
        folder.mkdir(parents=True)
        self._folder, self._histories, self._forgets = folder, histories, forgets
        self._clock = MovingClock(NOW)
        self._running = running_redress(folder, self._clock)

    async def __aenter__(self) -> Self:
        self._app: FastAPI = await self._running.__aenter__()
        for number in range(0, self._histories, _WATCHED):
            await self._watch(_watched(number))
        token = DevelopmentIssuer(self._folder, now=NOW.timestamp).token(Role.SERVICE, subject="admission")
        self._headers = [
            (b"authorization", f"Bearer {token}".encode()),
            (b"content-type", MEDIA_TYPE.encode()),
        ]
        if self._forgets:
            self._app.state.ledger = _Forgetful(self._app.state.ledger)
        return self

    async def __aexit__(self, *error: Any) -> None:
        if self._forgets:
            self._app.state.ledger = self._app.state.ledger._ledger
        await self._running.__aexit__(*error)

    async def _watch(self, case_id: str) -> None:
        values = {
            "id": case_id,
            "control_number": case_id[-9:],
            "priority": "P2",
            "kind": "inquiry",
            "opened_at": format_instant(NOW),
            "examination_id": None,
            "ruling": None,
            "detail": "{}",
        }
        content = content_of(decision={"outcome": "granted", "root_cause": "RC1", "remedies": []}, corrections=[])
        rows, case = open_case(values, actor="inquiry", party="applicant", content=content, event="open", state="watch")
        await record(self._app.state, None, case, rows)

    async def take(self, events: Sequence[Mapping[str, Any]], *, at_once: int) -> None:
        """Deliver events, so many at once; one that is not taken is delivered again, as a sender would."""
        waiting = iter(events)

        async def deliver() -> None:
            for event in waiting:
                async with asyncio.timeout(60):
                    while await self._post(json.dumps(event).encode()) != 204:
                        pass

        await asyncio.gather(*(deliver() for _ in range(at_once)))

    async def _post(self, body: bytes) -> int:
        status = 0

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)

        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": "/v1/events",
            "raw_path": b"/v1/events",
            "root_path": "",
            "query_string": b"",
            "headers": [*self._headers, (b"content-length", str(len(body)).encode())],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 1),
        }
        await self._app(scope, receive, send)
        return status

    async def states(self) -> dict[str, list[Any]]:
        """What stands of each history: of a departure its cases, of a watched case where it is and what was planned."""
        opened = "SELECT id, kind, priority, examination_id, ruling, detail FROM cases"
        counted = "SELECT case_id, count(*) AS revisions, max(revision) AS latest FROM revisions GROUP BY case_id"
        heads = "SELECT case_id, state, priority FROM case_heads"
        found: dict[str, list[Any]] = {}
        async with self._app.state.engine.connect() as connection:
            cases = (await connection.execute(text(opened))).all()
            revisions = {row.case_id: tuple(row)[1:] for row in await connection.execute(text(counted))}
            stands = {row.case_id: tuple(row)[1:] for row in await connection.execute(text(heads))}
        for case in cases:
            key = case.examination_id or case.id
            found.setdefault(key, []).append((*tuple(case)[1:], revisions[case.id], stands[case.id]))
        return {key: sorted(each) for key, each in found.items()}
