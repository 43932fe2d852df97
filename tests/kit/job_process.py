"""A worker in a process of its own: ``python -m tests.kit.job_process URL LEASE`` (in seconds).

Says ``ready`` when it looks for jobs; ends when its standard input ends.
"""

import asyncio
import sys
from contextlib import suppress
from datetime import timedelta

from tests.kit.job_tables import effect
from uuid_utils.compat import uuid7

from crossing.kit.clock import system_clock
from crossing.kit.database import create_engine
from crossing.kit.jobs import Job, Pace
from crossing.kit.ledger import Conflict, Insert, open_ledger
from crossing.kit.worker import Worker


async def main(url: str, lease: timedelta) -> None:
    """Do deadlines until told to stop."""
    engine, ledger, name = create_engine(url), open_ledger(url), str(uuid7())

    async def meet(job: Job) -> None:
        await ledger.append([Insert("runs", {"id": str(uuid7()), "effect": job.key})], None)
        with suppress(Conflict):  # done already, by whoever was killed before saying so
            await ledger.append([effect(job.key, name)], None)

    stop = asyncio.Event()
    pace = Pace(lease, first_rest=timedelta(milliseconds=200), most_attempts=100, poll=timedelta(milliseconds=100))
    worker = Worker(engine, {"deadline": meet}, system_clock, pace)
    await worker.run_due()
    print("ready", flush=True)
    working = asyncio.create_task(worker.run(stop))
    await asyncio.to_thread(sys.stdin.read)
    stop.set()
    await working
    await ledger.close()
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], timedelta(seconds=int(sys.argv[2]))))
