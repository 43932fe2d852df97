"""A thousand deadlines due at once, worked off by two processes of which one may be killed, on either database."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from tests.kit.job_tables import Owing, deadline

SECOND = timedelta(seconds=1)
MINUTE = 60 * SECOND
DEADLINES = 1_000


@contextmanager
def processes(url: str, lease: timedelta) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two workers in processes of their own, which end with their standard input."""
    command = [sys.executable, "-W", "error", "-m", "tests.kit.job_process", url, f"{lease.seconds}"]
    started = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)]
    try:
        for process in started:
            assert process.stdout
            assert process.stdout.readline() == b"ready\n"
        yield started
    finally:
        for process in started:
            assert process.stdin
            assert process.stdout
            process.stdin.close()
            process.stdout.close()
        for process in started:
            process.wait(30)


async def until(there: Owing, statement: str, expected: Any) -> None:
    async with asyncio.timeout(90):
        while not (await there.select(statement))[0] >= expected:
            await asyncio.sleep(0.01)


async def test_a_thousand_deadlines_due_at_once_are_each_met_once_by_two_workers(there: Owing) -> None:
    with processes(there.url, MINUTE) as workers:
        await there.ledger.append([deadline(f"{number}") for number in range(DEADLINES)], None)
        await until(there, "SELECT 1000 - count(*) FROM jobs", DEADLINES)
    assert [worker.returncode for worker in workers] == [0, 0]
    met = await there.select("SELECT id FROM effects ORDER BY id")
    assert met == sorted(f"{number}" for number in range(DEADLINES))
    assert await there.select("SELECT count(*) FROM runs") == [DEADLINES]
    assert len(await there.select("SELECT DISTINCT worker FROM effects")) == 2


async def test_none_of_a_thousand_deadlines_is_lost_with_a_worker_that_is_killed(there: Owing) -> None:
    with processes(there.url, 4 * SECOND) as (killed, survivor):
        await there.ledger.append([deadline(f"{number}") for number in range(DEADLINES)], None)
        await until(there, "SELECT count(*) FROM effects", 200)
        await until(there, "SELECT count(DISTINCT worker) FROM effects", 2)
        killed.kill()
        assert await there.select("SELECT count(*) FROM jobs") > [0]
        await until(there, "SELECT 1000 - count(*) FROM jobs", DEADLINES)
    assert survivor.returncode == 0
    assert killed.returncode == -9
    met = await there.select("SELECT id FROM effects ORDER BY id")
    assert met == sorted(f"{number}" for number in range(DEADLINES))
