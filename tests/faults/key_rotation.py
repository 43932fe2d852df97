"""T17: the keys that sign rulings are changed twice under load; no valid ruling is refused, none of a dead key honoured.

The ruling service publishes its keys and its list over HTTP, and admission fetches and keeps them, as in production; time
passes by a clock of the test's, because a key is announced a day before it signs.
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import patch

from tests.admission.cases import EXAMINATIONS, engineer
from tests.admission.desks import running_service
from tests.admission.rulings import engineers_claims, served
from tests.advance_ruling.desks import running_rulings, service_of
from tests.conftest import Desk, MovingClock
from tests.faults.report import Report

from crossing.kit.logging import configure_logging
from crossing.rulings.keys import SigningKeys
from crossing.rulings.status_list import lifetimes
from crossing.rulings.token import sign_ruling

UNANNOUNCED: Final = "keys that sign before they were published"
UNDEAD: Final = "a withdrawn key that stays published"
FULL: Final[Sequence[dict[str, Any]]] = (
    {"presented": 1_000},
    {"presented": 100, "plant": UNANNOUNCED},
    {"presented": 100, "plant": UNDEAD},
)
SHORT: Final[Sequence[dict[str, Any]]] = (
    {"presented": 96},
    {"presented": 96, "plant": UNANNOUNCED},
    {"presented": 96, "plant": UNDEAD},
)
_CALLERS: Final = 6
_NOON: Final = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


@dataclass
class _Presented:
    """Rulings signed by each key, and how presenting them ended, by what should have become of it."""

    signed: dict[str, list[str]] = field(default_factory=dict)
    dead: set[str] = field(default_factory=set)
    honoured: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)

    def sign(self, keys: SigningKeys) -> None:
        """A ruling signed as the service signs when it issues one."""
        claims = engineers_claims()
        key = keys.signing_key(claims.valid_until)
        self.signed.setdefault(str(key.kid), []).append(sign_ruling(claims, key))


def run(*, presented: int, plant: str | None = None, seed: int = 1) -> Report:
    """Present so many rulings at a port while the keys rotate twice and one is withdrawn."""
    configure_logging("ERROR")
    with TemporaryDirectory(prefix="crossing-keys-") as folder, _planted(plant):
        seen = asyncio.run(_rotate(Path(folder), presented // 4, random.Random(seed)))
    asked = seen.honoured + seen.refused + len(seen.wrong)
    return Report(
        fault="T17 keys rotated in traffic",
        done=f"{asked} rulings presented by {_CALLERS} callers while keys rotate twice and one is withdrawn",
        acknowledged=asked,
        found=seen.honoured + seen.refused,
        lost=0,
        held=not seen.wrong and bool(seen.honoured) and bool(seen.refused),
        detail=f"{len(seen.wrong)} wrong, such as {seen.wrong[0]}"
        if seen.wrong
        else f"{len(seen.signed)} keys signed; {seen.honoured} valid honoured, {seen.refused} of a dead key refused",
        seed=seed,
    )


async def _rotate(folder: Path, presented: int, chance: random.Random) -> _Presented:
    clock, seen = MovingClock(_NOON), _Presented()
    async with AsyncExitStack() as stack:
        office = await stack.enter_async_context(running_rulings(folder, clock))
        address = await stack.enter_async_context(served(office.suite))  # type: ignore[arg-type]
        known = {"advance_rulings_address": f"{address}/advance-rulings"}
        port = await stack.enter_async_context(running_service(folder, clock, **known))
        keys: SigningKeys = service_of(office).state.signing_keys
        for _ in range(2):
            await _present(seen, port, keys, presented, chance, rotating=True)
            clock.move(lifetimes().off_line)
        await _present(seen, port, keys, presented, chance)
        withdrawn = list(seen.signed)[1]
        keys.withdraw(withdrawn, clock())
        clock.move(lifetimes().on_line + timedelta(seconds=1))  # no port on line relies on what it knew before
        seen.dead.add(withdrawn)
        await _present(seen, port, keys, presented, chance)
    return seen


async def _present(
    seen: _Presented, port: Desk, keys: SigningKeys, presented: int, chance: random.Random, *, rotating: bool = False
) -> None:
    """Callers present rulings of any key side by side; where told, the keys rotate in the midst of it."""
    rounds = max(4, presented // _CALLERS)

    async def caller(number: int) -> None:
        async with port.client() as officer:
            for turn in range(rounds):
                if rotating and number == 0 and turn == rounds // 2:
                    keys.rotate(port.clock())
                seen.sign(keys)
                key = list(seen.signed)[-1] if turn % 2 else chance.choice(list(seen.signed))
                body = engineer(findings={}, rulings=[chance.choice(seen.signed[key])])
                while (answer := await officer.post(EXAMINATIONS, json=body)).status_code == 503:
                    pass  # a busy machine; the terminal asks again
                _note(seen, key, answer.raise_for_status().json()["rulings"][0])

    await asyncio.gather(*(caller(number) for number in range(_CALLERS)))


def _note(seen: _Presented, key: str, ruling: dict[str, Any]) -> None:
    if ruling["binds"] == (key in seen.dead):
        seen.wrong.append(
            f"{ruling['outcome']} ({ruling['reason']}) of a {'dead' if key in seen.dead else 'valid'} key"
        )
    elif ruling["binds"]:
        seen.honoured += 1
    else:
        seen.refused += 1


@contextmanager
def _planted(plant: str | None) -> Iterator[None]:
    def unannounced(content: dict[str, Any], at: datetime) -> None:
        from crossing.rulings.keys import _new

        content["current"], content["next"] = _new(), _new(at)

    if plant == UNANNOUNCED:
        with patch("crossing.rulings.keys._promote", unannounced):
            yield
    elif plant == UNDEAD:
        with patch.object(SigningKeys, "withdraw", lambda *_: None):
            yield
    else:
        yield
