"""Does the jobs that are due: claims them, hands each to the handler of its kind, and takes away what was done."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from crossing.kit.clock import Clock
from crossing.kit.database import writing
from crossing.kit.jobs import TABLE, Job, NotYet, Pace, any_due, claim, fail, finish, postpone
from crossing.kit.ledger import AuditEntry, Insert, Ledger
from crossing.kit.logging import log
from crossing.kit.postgres import repeated

#: Does one job. It may be called again for a job that it has done, when its worker was killed before it could say so.
Handler = Callable[[Job], Awaitable[None]]
#: What came of a job: done, the name of what went wrong, or how long to wait for the other side.
Outcome = str | timedelta | None
#: The part of the lease that a handler may use; the rest is for writing down what came of it.
_OF_THE_LEASE: Final = 0.5


class Worker:
    """Does the jobs of one database that it has handlers for, by kind. Any number of workers may do so side by side.

    A handler that takes longer than half the lease is ended, which counts as a failure.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        handlers: Mapping[str, Handler],
        clock: Clock,
        pace: Pace = Pace(),  # noqa: B008 - frozen
    ) -> None:
        self._engine = engine
        self._handlers = handlers
        self._clock = clock
        self._pace = pace
        self._appended = asyncio.Event()

    def wake(self) -> None:
        """Say that a job was appended, so that it need not wait for the next look."""
        self._appended.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Do jobs as they fall due until ``stop`` is set; what was begun by then is finished."""
        while not stop.is_set():
            self._appended.clear()
            try:
                await self.run_due(stop)
            except Exception as error:  # a database that is away comes back; a worker that ended would not
                log().warning("jobs.unavailable", error=type(error).__name__)
            await self._rest(stop)

    async def _rest(self, stop: asyncio.Event) -> None:
        waits = [asyncio.create_task(event.wait()) for event in (self._appended, stop)]
        try:
            await asyncio.wait(waits, timeout=self._pace.poll.total_seconds(), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def run_due(self, stop: asyncio.Event | None = None) -> int:
        """Do every job until none is due, or ``stop`` is set; answers how many were tried."""
        tried = 0
        running: set[asyncio.Task[tuple[Job, Outcome]]] = set()
        try:
            while True:
                # Claims and outcomes are written some at a time: each transaction waits for the disk.
                if len(running) <= self._pace.at_once // 2 and not (stop and stop.is_set()):
                    claimed = await self._claim(self._pace.at_once - len(running))
                    running |= {asyncio.create_task(self._try(job)) for job in claimed}
                    tried += len(claimed)
                if not running:
                    return tried
                done, running = await asyncio.wait(
                    running, timeout=self._pace.poll.total_seconds(), return_when=asyncio.FIRST_COMPLETED
                )
                await self._settle([task.result() for task in done])
        except asyncio.CancelledError:
            for task in running:
                task.cancel()
            raise
        finally:
            await asyncio.gather(*running, return_exceptions=True)

    async def _claim(self, limit: int) -> list[Job]:
        async def claimed() -> list[Job]:
            async with self._engine.connect() as connection:
                if not await any_due(connection, self._handlers, self._clock()):
                    return []
            async with writing(self._engine) as connection:
                return await claim(connection, self._handlers, self._clock(), self._pace, limit)

        return await repeated(claimed)

    async def _try(self, job: Job) -> tuple[Job, Outcome]:
        """The job with the name of what went wrong, if anything did, or with the rest that it asked for."""
        structlog.contextvars.bind_contextvars(request_id=job.id)
        try:
            async with asyncio.timeout(self._pace.lease.total_seconds() * _OF_THE_LEASE):
                await self._handlers[job.kind](job)
        except NotYet as waits:
            return job, waits.rest
        except Exception as error:  # whatever stops a job is a reason to try it again
            name = type(error).__name__
            log().warning("job.failed", job_id=job.id, kind=job.kind, attempts=job.attempts, error=name)
            return job, name
        return job, None

    async def _settle(self, outcomes: Sequence[tuple[Job, Outcome]]) -> None:
        if not outcomes:
            return
        await repeated(lambda: self._write_down(outcomes))

    async def _write_down(self, outcomes: Sequence[tuple[Job, Outcome]]) -> None:
        async with writing(self._engine) as connection:
            for job, outcome in outcomes:
                if outcome is None:
                    ours = await finish(connection, job)
                elif isinstance(outcome, timedelta):
                    ours = await postpone(connection, job, outcome, self._clock())
                else:
                    ours = await fail(connection, job, outcome, self._clock(), self._pace)
                if not ours:
                    log().warning("job.lease_lost", job_id=job.id, kind=job.kind, attempts=job.attempts)


class WakingLedger:
    """A ledger that wakes the worker whenever it has appended a job."""

    def __init__(self, ledger: Ledger, worker: Worker) -> None:
        self._ledger = ledger
        self._worker = worker

    async def append(self, rows: Sequence[Insert], entry: AuditEntry | None) -> None:
        """See ``Ledger.append``."""
        await self._ledger.append(rows, entry)
        if any(row.table == TABLE for row in rows):
            self._worker.wake()

    async def close(self) -> None:
        """See ``Ledger.close``."""
        await self._ledger.close()
