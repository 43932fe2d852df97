"""What the metrics of a service read when somebody asks: pools, jobs, chains, packs, breakers, readiness."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Final

from fastapi import FastAPI
from prometheus_client.metrics_core import Metric
from sqlalchemy.pool import QueuePool
from starlette.datastructures import State

from crossing.kit.health import try_checks
from crossing.kit.jobs import count_jobs
from crossing.kit.metrics import gauge
from crossing.kit.verifications import read_standing


def watch_service(app: FastAPI) -> None:
    """Have the metrics of a service read what stands in its state while it runs."""
    for name, read in _READ.items():
        app.state.metrics.watch(name, partial(read, app.state))


async def _pools(state: State) -> Iterable[Metric]:
    values = []
    for name, engine in state.pools.items():
        pool = engine.pool
        if isinstance(pool, QueuePool):
            stands = {"in_use": pool.checkedout(), "idle": pool.checkedin(), "size": pool.size()}
            values += [((name, stand), count) for stand, count in stands.items()]
    told = "Connections of a pool: in use, idle, and how many it keeps."
    return [gauge("crossing_pool_connections", told, ("pool", "state"), values)]


async def _jobs(state: State) -> Iterable[Metric]:
    now = state.clock()
    async with state.engine.connect() as connection:
        counted = await count_jobs(connection, now)
    due = [datetime.fromisoformat(each.oldest) for each in counted if each.state == "due"]
    oldest = (now - min(due)).total_seconds() if due else 0.0
    numbers = [((each.kind, each.state), each.count) for each in counted]
    return [
        gauge("crossing_jobs", "Jobs by kind: waiting, due, running, dead.", ("kind", "state"), numbers),
        gauge("crossing_job_oldest_seconds", "For how long the oldest job that is due has been.", (), [((), oldest)]),
    ]


async def _chains(state: State) -> Iterable[Metric]:
    async with state.engine.connect() as connection:
        stands = await read_standing(connection)
    waited = (state.clock() - datetime.fromisoformat(stands.since)).total_seconds() if stands.since else 0.0
    told = {
        "crossing_chain_unverified_entries": ("Audit entries that no verification has covered.", stands.unverified),
        "crossing_chain_unverified_seconds": ("For how long the chain longest unverified has been.", waited),
        "crossing_chain_faults": ("Faults that the latest verification of each chain found.", stands.faults),
    }
    return [gauge(name, help, (), [((), value)]) for name, (help, value) in told.items()]


async def _packs(state: State) -> Iterable[Metric]:
    lawbook = getattr(state, "lawbook", None)
    packs = [((country, pack.version, pack.digest), 1) for country, pack in lawbook.packs.items()] if lawbook else []
    return [gauge("crossing_pack_info", "The rule packs in force.", ("country", "version", "digest"), packs)]


async def _breakers(state: State) -> Iterable[Metric]:
    stands: defaultdict[str, bool] = defaultdict(bool)
    for breakers in state.breakers:
        for neighbour, breaker in breakers.items():
            stands[neighbour] |= breaker.is_open
    values = [((neighbour,), is_open) for neighbour, is_open in stands.items()]
    return [gauge("crossing_breaker_open", "Whether calls to a neighbour are held back.", ("neighbour",), values)]


async def _readiness(state: State) -> Iterable[Metric]:
    results = await try_checks(state.ready_checks)
    values = [((check,), result == "ok") for check, result in results.items()]
    return [gauge("crossing_ready", "Whether a readiness check passes.", ("check",), values)]


_READ: Final = {
    "pools": _pools,
    "jobs": _jobs,
    "chains": _chains,
    "packs": _packs,
    "breakers": _breakers,
    "readiness": _readiness,
}
