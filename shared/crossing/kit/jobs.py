"""The job table: what a service owes later, written in the transaction that causes it (docs/decisions/0004).

A job is a row that somebody claims for a while (its lease), does, and takes away. Whoever is killed with a job in hand
loses the lease, and the job is done again: handlers must bear being repeated. Nothing is ever done inside a
transaction of this table.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import SystemRandom
from typing import Any, Final

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils.compat import uuid7

from crossing.kit.database import format_instant
from crossing.kit.grants import DELETE, UPDATE, may
from crossing.kit.json_text import json_text
from crossing.kit.ledger import Insert

TABLE: Final = "jobs"
_CHANCE: Final = SystemRandom()


@dataclass(frozen=True)
class Pace:
    """How long a job is held, how often it is tried and how long it rests in between; every number of jobs is here.

    A worker does ``at_once`` jobs side by side, and looks again after ``poll`` when nobody tells it of a job.
    """

    lease: timedelta = timedelta(seconds=60)
    first_rest: timedelta = timedelta(seconds=2)
    longest_rest: timedelta = timedelta(hours=1)
    most_attempts: int = 30
    at_once: int = 20
    poll: timedelta = timedelta(seconds=1)

    def rest_after(self, attempts: int) -> timedelta:
        """The rest after so many attempts: doubled each time up to the longest, less up to half of it by chance."""
        doubled = self.first_rest * 2.0 ** min(attempts - 1, 40)
        return min(doubled, self.longest_rest) * _CHANCE.uniform(0.5, 1.0)


@dataclass(frozen=True)
class Job:
    """A job that was claimed. ``lease`` shows who holds it; ``attempts`` counts this one, too."""

    id: str
    kind: str
    key: str
    due_at: str
    payload: Mapping[str, Any]
    attempts: int
    lease: str


class NotYet(Exception):
    """Raised by a handler whose other side is away: the job waits for ``rest``, and the attempt does not count."""

    def __init__(self, rest: timedelta) -> None:
        super().__init__()
        self.rest = rest


@dataclass(frozen=True)
class DeadJob:
    """A job given up after its last attempt. Its payload, which may name a person, is not told."""

    id: str
    kind: str
    key: str
    attempts: int
    last_error: str
    created_at: str


@dataclass(frozen=True)
class JobCount:
    """How many jobs of a kind are waiting, due, running or dead, and since when the oldest of them is due."""

    kind: str
    state: str
    count: int
    oldest: str


def jobs_table(metadata: MetaData) -> Table:
    """Declare the table of jobs."""
    return Table(
        TABLE,
        metadata,
        Column("id", String(36), primary_key=True),
        Column("kind", String(64), nullable=False),
        Column("key", String(255), nullable=False, unique=True),
        Column("due_at", String(27), nullable=False),
        Column("payload", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("leased_until", String(27)),
        Column("lease", String(36)),
        Column("state", String(8), nullable=False),
        Column("last_error", String(128)),
        Column("created_at", String(27), nullable=False),
        Index("ix_jobs_state_due_at", "state", "due_at"),
        info=may(UPDATE, DELETE),
    )


def job(kind: str, key: str, due_at: str, payload: Mapping[str, Any], *, at: str) -> Insert:
    """The row of a job, to be appended with the change it follows from.

    ``key`` says what the job is for and never names a person. While a job with the same key waits or is dead, the whole
    append is refused as ``Conflict`` of this table; after it was done the key is free. ``due_at`` and ``at`` (now) are
    instants as ``format_instant`` writes them; the payload must be JSON.
    """
    return Insert(
        TABLE,
        {
            "id": str(uuid7()),
            "kind": kind,
            "key": key,
            "due_at": due_at,
            "payload": json_text(payload),
            "attempts": 0,
            "state": "waiting",
            "created_at": at,
        },
    )


_DUE: Final = (
    "state = 'waiting' AND kind IN :kinds AND due_at <= :now AND (leased_until IS NULL OR leased_until <= :now)"
)
_LOOK: Final = text(f"SELECT 1 FROM jobs WHERE {_DUE} LIMIT 1").bindparams(
    bindparam("kinds", expanding=True, type_=String)
)
#: Whoever is killed at each attempt never says that it failed, so that the count alone ends it.
_BURY: Final = text(
    f"UPDATE jobs SET state = 'dead', lease = NULL, leased_until = NULL, last_error = 'LeaseRanOut'"
    f" WHERE {_DUE} AND attempts >= :most"
).bindparams(bindparam("kinds", expanding=True, type_=String))
_CLAIM: Final = (
    "WITH chosen AS MATERIALIZED ("
    f"SELECT id FROM jobs WHERE {_DUE} ORDER BY due_at, id LIMIT :limit%s"
    ") UPDATE jobs SET attempts = attempts + 1, leased_until = :until, lease = :lease"
    " WHERE id IN (SELECT id FROM chosen) RETURNING id, kind, key, due_at, payload, attempts"
)
_CLAIMS: Final = {
    engine: text(_CLAIM % locking).bindparams(bindparam("kinds", expanding=True, type_=String))
    for engine, locking in (("sqlite", ""), ("postgresql", " FOR UPDATE SKIP LOCKED"))
}
_OURS: Final = "id = :id AND lease = :lease"
_FINISH: Final = text(f"DELETE FROM jobs WHERE {_OURS}")
_FAIL: Final = text(
    "UPDATE jobs SET due_at = :due_at, state = :state, last_error = :error, lease = NULL, leased_until = NULL"
    f" WHERE {_OURS}"
)
_POSTPONE: Final = text(
    "UPDATE jobs SET due_at = :due_at, attempts = attempts - 1, last_error = :error, lease = NULL, leased_until = NULL"
    f" WHERE {_OURS}"
)
_DEAD: Final = text(
    "SELECT id, kind, key, attempts, last_error, created_at FROM jobs WHERE state = 'dead' AND id > :after"
    " ORDER BY id LIMIT :limit"
)
_COUNT: Final = text(
    "SELECT kind, CASE WHEN state = 'dead' THEN 'dead' WHEN leased_until > :now THEN 'running'"
    " WHEN due_at <= :now THEN 'due' ELSE 'waiting' END AS stands, count(*), min(due_at) FROM jobs"
    " GROUP BY kind, stands ORDER BY kind, stands"
)
_REVIVE: Final = text(
    "UPDATE jobs SET state = 'waiting', attempts = 0, due_at = :now WHERE id = :id AND state = 'dead'"
)


async def any_due(connection: AsyncConnection, kinds: Collection[str], now: datetime) -> bool:
    """Whether a job of some kinds is due at ``now``: reading is quick, and no writer waits for whoever only looks."""
    return (await connection.execute(_LOOK, {"now": format_instant(now), "kinds": list(kinds)})).first() is not None


async def claim(
    connection: AsyncConnection, kinds: Collection[str], now: datetime, pace: Pace, limit: int
) -> list[Job]:
    """Claim up to ``limit`` jobs of some kinds that are due at ``now``, the longest due first; counts the attempt.

    ``connection`` is one of ``writing``; the jobs are ours once it has committed.
    """
    at = format_instant(now)
    await connection.execute(_BURY, {"now": at, "kinds": list(kinds), "most": pace.most_attempts})
    lease = str(uuid7())
    told = {
        "now": at,
        "kinds": list(kinds),
        "limit": limit,
        "until": format_instant(now + pace.lease),
        "lease": lease,
    }
    rows = (await connection.execute(_CLAIMS[connection.dialect.name], told)).all()
    claimed = [Job(row.id, row.kind, row.key, row.due_at, json.loads(row.payload), row.attempts, lease) for row in rows]
    return sorted(claimed, key=lambda each: (each.due_at, each.id))


async def finish(connection: AsyncConnection, done: Job) -> bool:
    """Take a job away that was done; ``False`` when its lease has passed to somebody else."""
    result = await connection.execute(_FINISH, {"id": done.id, "lease": done.lease})
    return bool(result.rowcount)


async def fail(connection: AsyncConnection, failed: Job, error: str, now: datetime, pace: Pace) -> bool:
    """Put a job back to rest before the next attempt, or among the dead after the last; ``False`` as in ``finish``.

    ``error`` is the name of a type, never a message: that may hold what a person sent.
    """
    told = {
        "id": failed.id,
        "lease": failed.lease,
        "error": error[:128],
        "due_at": format_instant(now + pace.rest_after(failed.attempts)),
        "state": "dead" if failed.attempts >= pace.most_attempts else "waiting",
    }
    return bool((await connection.execute(_FAIL, told)).rowcount)


async def postpone(connection: AsyncConnection, waiting: Job, rest: timedelta, now: datetime) -> bool:
    """Put a job back to rest as if it had not been tried; ``False`` as in ``finish``."""
    told = {"id": waiting.id, "lease": waiting.lease, "error": NotYet.__name__, "due_at": format_instant(now + rest)}
    return bool((await connection.execute(_POSTPONE, told)).rowcount)


async def dead_jobs(connection: AsyncConnection, *, limit: int = 100, after: str = "") -> Sequence[DeadJob]:
    """Jobs that were given up, the oldest first, those that follow the id ``after``."""
    rows = await connection.execute(_DEAD, {"limit": limit, "after": after})
    return [DeadJob(*row) for row in rows]


async def count_jobs(connection: AsyncConnection, now: datetime) -> Sequence[JobCount]:
    """All jobs counted, by kind and by how they stand at an instant."""
    rows = await connection.execute(_COUNT, {"now": format_instant(now)})
    return [JobCount(*row) for row in rows]


async def revive(connection: AsyncConnection, job_id: str, now: datetime) -> bool:
    """Let a dead job be tried again, at once and from its first attempt; ``False`` when there is no such dead job."""
    result = await connection.execute(_REVIVE, {"id": job_id, "now": format_instant(now)})
    return bool(result.rowcount)
