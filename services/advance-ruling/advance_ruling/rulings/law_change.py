"""New law: every ruling in force is held against it, and those that it would decide otherwise are listed."""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import FastAPI
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from advance_ruling.eligibility import consider
from advance_ruling.rulings.load import Ruling, load_ruling
from advance_ruling.tables import law_changes, rulings
from crossing.kit.database import format_instant
from crossing.kit.jobs import Job, job
from crossing.kit.json_text import json_text
from crossing.kit.ledger import Conflict, Insert
from crossing.kit.problems import Problem

REEVALUATE: Final = "reevaluate"
_AT_ONCE: Final = 100
_QUALIFIES: Final = "qualifies"


def reevaluation(country: str, digest: str, takes_effect: str | None, after: str, at: datetime) -> Insert:
    """The job that holds the rulings of a country, those whose numbers follow ``after``, against a pack."""
    payload = {"country": country, "digest": digest, "takes_effect": takes_effect, "after": after}
    instant = format_instant(at)
    return job(REEVALUATE, f"reevaluate/{digest}/{after}", instant, payload, at=instant)


class Reevaluation:
    """Handler of that job: some rulings at a time, then a job for those that follow."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, job: Job) -> None:
        """Find rulings that the law would decide otherwise; repeating it finds the same."""
        state, told = self._app.state, job.payload
        now: datetime = state.clock()
        columns = rulings.c
        following = select(columns.number).where(columns.into == told["country"], columns.number > told["after"])
        async with state.engine.connect() as connection:
            numbers = (await connection.execute(following.order_by(columns.number).limit(_AT_ONCE))).scalars().all()
            found = [row for number in numbers if (row := await _found(state, connection, number, told, now))]
        for row in found:
            with suppress(Conflict):  # found by an earlier attempt
                await state.ledger.append([row], None)
        if len(numbers) == _AT_ONCE:
            with suppress(Conflict):
                rest = reevaluation(told["country"], told["digest"], told["takes_effect"], numbers[-1], now)
                await state.ledger.append([rest], None)


async def _found(state: Any, connection: AsyncConnection, number: str, told: Any, now: datetime) -> Insert | None:
    if await state.standings.word(number) != "valid":
        return None
    ruling = await load_ruling(connection, number)
    begins = datetime.fromisoformat(told["takes_effect"]).replace(tzinfo=UTC) if told["takes_effect"] else None
    outcome, changed = _held_against(state, ruling, max(begins, now) if begins else now)
    if outcome == _QUALIFIES and not changed:
        return None
    return Insert(
        "law_changes",
        {
            "number": number,
            "pack_digest": told["digest"],
            "into": told["country"],
            "found_at": format_instant(now),
            "ends_at": format_instant(begins) if begins else None,
            "outcome": outcome,
            "changed": json_text(changed),
        },
    )


def _held_against(state: Any, ruling: Ruling, at: datetime) -> tuple[str, list[str]]:
    """What the law says of the case now, and which requirements that the ruling settles are no longer met."""
    try:
        considered = consider(state.lawbook, ruling.row.into, ruling.application.content, at)
    except Problem:
        return "does_not_qualify", []  # the class is there no more
    codes = considered.ruled.compact["classes"][0]["requirements"]
    return considered.outcome, [name for name in ruling.latest.claims.settled if codes.get(name, "M") != "M"]


async def affected(connection: AsyncConnection, after: tuple[str, str] | None, limit: int) -> Sequence[Row[Any]]:
    """Rulings found, by number, and one more than ``limit`` when there are more."""
    columns = law_changes.c
    statement = select(law_changes).order_by(columns.number, columns.pack_digest).limit(limit + 1)
    if after:
        number, digest = after
        later = (columns.number > number) | ((columns.number == number) & (columns.pack_digest > digest))
        statement = statement.where(later)
    return (await connection.execute(statement)).all()


def tell_affected(row: Row[Any]) -> dict[str, Any]:
    """One of them as JSON."""
    names = ("number", "pack_digest", "found_at", "outcome", "ends_at")
    return {name: row._mapping[name] for name in names} | {"changed": json.loads(row.changed)}
