"""The registry's job: draft what was decided, publish what is due, write the file of everything."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any, Final

from fastapi import FastAPI
from sqlalchemy import Row, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from advance_ruling.covered import NumberTaken, append
from advance_ruling.registry.bulk import write_file
from advance_ruling.registry.draft import draft
from advance_ruling.registry.objections import objections_to, read_draft, without_objected
from advance_ruling.registry.rules import at_level, rules
from advance_ruling.registry.searching import SEARCH, search_row
from advance_ruling.registry.windows import A_DAY
from advance_ruling.steps import load_application
from advance_ruling.tables import digest_drafts, digest_patterns, digests, revisions
from crossing.casework.procedure import duration
from crossing.kit.database import format_instant
from crossing.kit.jobs import Job, job
from crossing.kit.json_text import json_text
from crossing.kit.ledger import AuditEntry, Conflict, Insert, content_digest
from crossing.kit.problems import StaleVersion
from crossing.rulings.procedure import load_procedure

REGISTRY: Final = "registry"
#: Revisions are looked for from this long before the last draft, so that one committed late is not passed over.
_OVERLAP: Final = timedelta(days=1)


def registry_job(at: datetime) -> Insert:
    """The job that looks the registry through, the next time it is due after an instant."""
    every = duration(load_procedure().content["registry"]["looked_through_every"])
    place = int(at.timestamp() // every.total_seconds()) + 1
    due_at = datetime.fromtimestamp(place * every.total_seconds(), at.tzinfo)
    return job(REGISTRY, f"registry/{place}", format_instant(due_at), {}, at=format_instant(at))


class Registry:
    """Handler of that job; repeating it drafts and publishes nothing twice."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, job: Job) -> None:
        """Draft, publish, write the file, and come back later."""
        state = self._app.state
        await _draft_all(state)
        await _publish_all(state)
        await write_file(state)
        with suppress(Conflict):
            await state.ledger.append([registry_job(state.clock())], None)


async def _draft_all(state: Any) -> None:
    async with state.engine.connect() as connection:
        found = await _undrafted(connection)
    for row in found:
        async with state.engine.connect() as connection:
            application = await load_application(connection, row.application_id)
            rows = await draft(state, connection, application, row)
        if rows:
            number = next(each.values for each in rows if each.table == "digest_drafts")
            with suppress(StaleVersion, NumberTaken):  # the next look finds it again
                await _record(state, rows, row.into, "digest.drafted", f"drafts/{number['number']}/{number['version']}")


async def _undrafted(connection: AsyncConnection) -> Sequence[Row[Any]]:
    last = (await connection.execute(select(func.max(digest_drafts.c.made_at)))).scalar_one()
    since = format_instant(datetime.fromisoformat(last) - _OVERLAP) if last else ""
    of_it = (digest_drafts.c.application_id == revisions.c.application_id) & (
        digest_drafts.c.revision == revisions.c.revision
    )
    statement = select(revisions).where(
        revisions.c.at >= since, revisions.c.event.in_(list(rules()["drafted_after"])), ~exists().where(of_it)
    )
    return (await connection.execute(statement.order_by(revisions.c.at))).all()


async def _publish_all(state: Any) -> None:
    now: datetime = state.clock()
    times = state.procedure.content["registry"]
    seen = format_instant(now - duration(times["holder_sees_before"]))
    latest = format_instant(now - duration(times["publish_within"]))
    published = (digests.c.number == digest_drafts.c.number) & (digests.c.version == digest_drafts.c.version)
    statement = select(digest_drafts).where(digest_drafts.c.made_at <= seen, ~exists().where(published))
    async with state.engine.connect() as connection:
        due = (await connection.execute(statement.order_by(digest_drafts.c.number, digest_drafts.c.version))).all()
    for row in due:
        async with state.engine.connect() as connection:
            rows = await _publication(state, connection, row, now, waits=row.made_at > latest)
        if rows:
            subject = f"digests/{row.number}/{row.version}"
            with suppress(StaleVersion):
                await _record(state, rows, str(rows[0].values["into"]), "digest.published", subject)


async def _publication(
    state: Any, connection: AsyncConnection, row: Row[Any], now: datetime, *, waits: bool
) -> list[Insert]:
    """The rows that publish a draft; none while it waits for an answer, or while its pattern is too rare."""
    drafted, application = read_draft(row), await load_application(connection, row.application_id)
    objections = objections_to(application.content, drafted)
    if waits and any(each["upheld"] is None for each in objections):
        return []
    level = await _level(state, connection, row, rules()["begins_at"][application.file.publication])
    if level is None:
        return []
    told = without_objected(drafted, objections)
    told = {**told, "facts": at_level(told["facts"], level), "level": level}
    place = await _place(connection, drafted["decided_on"])
    published = {
        "number": row.number,
        "version": row.version,
        "place": place,
        "into": drafted["into"],
        "class_id": drafted["class"],
        "decided_on": drafted["decided_on"],
        "status": drafted["kind"],
        "published_at": format_instant(now),
        "content": json_text(told),
    }
    return [Insert("digests", published), search_row(state.lawbook, told, place)]


async def _level(state: Any, connection: AsyncConnection, row: Row[Any], first: int) -> int | None:
    """The least general level at which enough holders have a pattern alike; ``None`` when the digest is held back."""
    fewest = state.procedure.content["registry"]["fewest_alike"]
    own = select(digest_patterns).where(
        digest_patterns.c.number == row.number,
        digest_patterns.c.version == row.version,
        digest_patterns.c.level >= first,
    )
    for level in (await connection.execute(own.order_by(digest_patterns.c.level))).all():
        alike = select(digest_patterns.c.holder).where(digest_patterns.c.pattern == level.pattern).distinct()
        if len((await connection.execute(alike.limit(fewest))).all()) >= fewest:
            return int(level.level)
    return None


async def _place(connection: AsyncConnection, day: str) -> int:
    """The next place on a day: places sort by day, then by publication."""
    first = date.fromisoformat(day).toordinal() * A_DAY
    within = select(func.max(digests.c.place)).where(digests.c.place.between(first, first + A_DAY - 1))
    highest = (await connection.execute(within)).scalar_one()
    return first if highest is None else int(highest) + 1


async def _record(state: Any, rows: Sequence[Insert], into: str, event: str, subject: str) -> None:
    at = format_instant(state.clock())
    # What it is searched by follows from the digest, so that the entry need not cover it.
    covered = [row for row in rows if row.table != SEARCH]
    entry = AuditEntry(into, at, event, REGISTRY, subject, content_digest(covered))
    await append(state.ledger, entry, rows, None, None)
