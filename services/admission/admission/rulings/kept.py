"""Rulings presented, as rows: put in with the revision that assessed them, read back to be assessed again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from admission.rulings.assess import Assessment, Case, assess
from admission.rulings.trust import Reading
from admission.tables import presented_rulings
from crossing.kit.json_text import json_text
from crossing.kit.ledger import Insert
from crossing.rules import Determination
from crossing.rulings.token import RulingClaims


def settled_by(readings: Sequence[Reading], assessed: Sequence[Assessment]) -> dict[str, str]:
    """Which requirement is settled by which ruling; of two that settle the same, the one presented first."""
    settled: dict[str, str] = {}
    for reading, found in zip(readings, assessed, strict=True):
        for requirement_id in found.settled:
            settled.setdefault(requirement_id, reading.claims.number if reading.claims else "")
    return settled


def assess_all(readings: Sequence[Reading], case: Case) -> list[Assessment]:
    """What is found of each ruling; one that is presented twice is assessed twice and settles once."""
    return [assess(reading, case) for reading in readings]


def rows_of(
    readings: Sequence[Reading],
    assessed: Sequence[Assessment],
    determination: Determination,
    *,
    examination_id: str,
    revision: int,
    port_id: str,
    reattested: bool,
) -> list[Insert]:
    """The rows of a revision; each says what the ruling settled in the determination that the revision stands on."""
    rows = []
    for position, (reading, found) in enumerate(zip(readings, assessed, strict=True)):
        number = reading.claims.number if reading.claims else None
        settled = [each for each, ruling in determination.settled.items() if ruling == number]
        rows.append(
            Insert(
                "presented_rulings",
                {
                    "examination_id": examination_id,
                    "revision": revision,
                    "position": position,
                    "port_id": port_id,
                    "number": number,
                    "outcome": found.outcome,
                    "token": reading.token,
                    "claims": json_text(asdict(reading.claims)) if reading.claims else None,
                    "assessment": json_text(
                        found.as_dict() | {"settled": settled, "refused": reading.refused, "reattested": reattested}
                    ),
                },
            )
        )
    return rows


async def presented_at(connection: AsyncConnection, examination_id: str) -> list[Mapping[str, Any]]:
    """The rulings of an examination as they were last assessed, in the order in which they were presented."""
    return last_assessed(await all_presented(connection, examination_id))


async def all_presented(connection: AsyncConnection, examination_id: str) -> list[Mapping[str, Any]]:
    """The rulings of an examination as every revision assessed them."""
    table = presented_rulings
    statement = (
        select(table).where(table.c.examination_id == examination_id).order_by(table.c.revision, table.c.position)
    )
    return [row._asdict() for row in await connection.execute(statement)]


def last_assessed(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of the rulings of all revisions those of the latest that has any."""
    latest = rows[-1]["revision"] if rows else None
    return [row for row in rows if row["revision"] == latest]


def settled_in(rulings: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What the rulings of an examination settled in its determination."""
    return {each: row["number"] for row in rulings for each in json.loads(row["assessment"])["settled"]}


def reading_again(row: Mapping[str, Any]) -> Reading:
    """What a token said when it was presented, with its status at that time (specification, section 8, step 2)."""
    found = json.loads(row["assessment"])
    claims = json.loads(row["claims"]) if row["claims"] else None
    if claims:
        claims = RulingClaims(**{**claims, "settled": tuple(claims["settled"])})
    return Reading(row["token"], claims, found["refused"], found["status_at"])


def was_reattested(rulings: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the holder has declared that nothing changed."""
    return any(json.loads(row["assessment"])["reattested"] for row in rulings)
