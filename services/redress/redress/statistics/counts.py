"""What happened in a period, counted from the revisions of cases. They never change, so neither does a count."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from crossing.casework.procedure import duration
from redress.procedure import load_procedure
from redress.statistics.periods import Period
from redress.statistics.withhold import Published, published, published_count
from redress.tables import revisions
from redress.units import load_units

#: Volumes: by name, the events that count and the states they lead to.
_VOLUMES: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "filed": (("submit",), "submitted"),
    "accepted": (("acknowledge", "documents_received", "open"), "accepted"),
    "decided": (("decide", "fast_fix", "deemed_outcome"), "decided"),
    "appealed": (("appeal",), "appealed"),
    "withdrawn": (("withdraw",), "withdrawn"),
    "sent_elsewhere": (("refer_out",), "out_of_scope"),
}
_NOWHERE: Final = "none"


async def statistics_of(connection: AsyncConnection, period: Period) -> dict[str, Any]:
    """The statistics of a period that is over, with what could lead to a few persons withheld."""
    smallest = load_procedure().content["statistics"]["smallest_cell"]
    decisions = [json.loads(row.content) | {"used_s": row.clock_used_s} for row in await _decisions(connection, period)]
    volumes = {name: await _count(connection, period, *each) for name, each in _VOLUMES.items()}
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "volumes": {name: published_count(count, smallest) for name, count in volumes.items()},
        "ages": _told(_ages(decisions, smallest), ("over", "up_to")),
        "outcomes_by_cause": _told(_outcomes(decisions, smallest), ("outcome", "cause")),
        "breaches_by_unit": _told(_breaches(decisions, smallest), ("unit", "in_time")),
        "recurrence": await _recurrence(connection, period, smallest),
    }


def _ages(decisions: Iterable[Mapping[str, Any]], smallest: int) -> Published:
    """Decisions by the time that they took, without pauses, in bands of days."""
    bands = [duration(text).days for text in load_procedure().content["statistics"]["age_bands"]]
    cells: dict[tuple[int, int | None], int] = dict.fromkeys(zip([0, *bands], [*bands, None], strict=True), 0)
    for each in decisions:
        days = timedelta(seconds=each["used_s"]) / timedelta(days=1)
        cells[next(band for band in cells if band[1] is None or days <= band[1])] += 1
    return published(cells, smallest)


def _outcomes(decisions: Iterable[Mapping[str, Any]], smallest: int) -> Published:
    content = load_procedure().content
    cells = {(outcome, cause): 0 for outcome in content["outcomes"] for cause in content["root_causes"]}
    cells |= Counter((each["decision"]["outcome"], each["decision"]["root_cause"]) for each in decisions)
    return published(cells, smallest)


def _breaches(decisions: Iterable[Mapping[str, Any]], smallest: int) -> Published:
    """Decisions by the unit that had the case, within the hard total or beyond it."""
    within = duration(load_procedure().content["deadlines"]["hard_total"]).total_seconds()
    cells = {(unit, in_time): 0 for unit in (*load_units()["units"], _NOWHERE) for in_time in (True, False)}
    cells |= Counter((each.get("unit") or _NOWHERE, each["used_s"] <= within) for each in decisions)
    return published(cells, smallest)


async def _recurrence(connection: AsyncConnection, period: Period, smallest: int) -> dict[str, Any]:
    """How often the same came again to the same person, among the cases watched: those decided within the watch's time.

    Where there were fewer repeats than may be told, only a bound of the rate is.
    """
    repeats = await _count(connection, period, ("recurrence",), "accepted")
    years = load_procedure().content["statistics"]["watched_years"]
    after = period.last + timedelta(days=1)
    watching = Period(after.replace(year=after.year - years), period.last)
    watched = await _count(connection, watching, *_VOLUMES["decided"])
    told = published_count(repeats, smallest), published_count(watched, smallest)
    if told[1] is None:
        return {"repeats": None, "watched": None, "rate": None, "rate_below": None}
    rate = f"{repeats / watched:.4f}" if told[0] is not None else None
    bound = f"{min(1.0, smallest / watched):.4f}" if told[0] is None else None
    return {"repeats": told[0], "watched": told[1], "rate": rate, "rate_below": bound}


async def _count(connection: AsyncConnection, period: Period, events: Sequence[str], state: str) -> int:
    """The cases to which something happened; a case is counted once."""
    first, after = _instants(period)
    statement = select(func.count(func.distinct(revisions.c.case_id))).where(
        revisions.c.event.in_(events), revisions.c.state == state, revisions.c.at >= first, revisions.c.at < after
    )
    return int((await connection.execute(statement)).scalar_one())


async def _decisions(connection: AsyncConnection, period: Period) -> Sequence[Row[Any]]:
    """The first decision of each case that was decided in the period, with its case file."""
    (events, state), (first, after) = _VOLUMES["decided"], _instants(period)
    statement = select(revisions.c.case_id, revisions.c.content, revisions.c.clock_used_s).where(
        revisions.c.event.in_(events), revisions.c.state == state, revisions.c.at >= first, revisions.c.at < after
    )
    rows = (await connection.execute(statement.order_by(revisions.c.case_id, revisions.c.revision))).all()
    return list({row.case_id: row for row in reversed(rows)}.values())


def _instants(period: Period) -> tuple[str, str]:
    """The first instant of a period in UTC, and the first one after it."""
    return f"{period.first}T00:00:00.000000Z", f"{period.last + timedelta(days=1)}T00:00:00.000000Z"


def _told(table: Published, names: tuple[str, str]) -> dict[str, Any]:
    cells = [dict(zip(names, key, strict=True)) | {"count": count} for key, count in table.cells.items()]
    return {"total": table.total, "cells": cells}
