"""Load by wrk: the same examination again and again, each under a key of its own."""

import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass
from pathlib import Path

import asyncpg

_SCRIPT = Path(__file__).with_name("post.lua")
_runs = 0


class LoadFailed(RuntimeError):
    """The load could not be measured: an answer was no 201, or a row is missing."""


@dataclass(frozen=True)
class Run:
    """What wrk counted."""

    per_second: float
    p50_ms: float
    p99_ms: float


def require_wrk() -> str:
    """Where wrk is; raises ``LoadFailed`` when it is not installed."""
    found = shutil.which("wrk")
    if found is None:
        raise LoadFailed("wrk is not installed: install it with `apt-get install wrk`, then repeat `make bench`.")
    return found


def post(
    address: str, body: Path, token: str, database: Path | str, *, connections: int, seconds: int, subjects: int = 0
) -> Run:
    """Post examinations for some seconds; raises ``LoadFailed`` unless every one was created and is in the database.

    The database is a file of SQLite or the URL of one on PostgreSQL.
    A body that says ``SUBJECT-NUMBER`` is another traveller's each time, of so many ``subjects``.
    """
    global _runs  # noqa: PLW0603 - keys differ from run to run
    _runs += 1
    before = _count(database)
    environment = {**os.environ, "CROSSING_BODY": str(body), "CROSSING_TOKEN": token, "CROSSING_RUN": f"run{_runs}"}
    environment["CROSSING_SUBJECTS"] = str(subjects)
    command = [require_wrk(), "--latency", f"-t{min(2, connections)}", f"-c{connections}", f"-d{seconds}s"]
    command += ["--timeout", "10s", "-s", str(_SCRIPT), address]
    finished = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    lines = [line for line in finished.stdout.splitlines() if line.startswith("{")]
    if finished.returncode or not lines:
        raise LoadFailed(f"wrk failed: {finished.stderr or finished.stdout}")
    counted = json.loads(lines[-1])
    if counted["failed"] or not counted["answers"]:
        raise LoadFailed(
            f"{counted['failed']} of {counted['answers']} requests to {address} were not answered with 201"
            f" ({counted['refused']} were refused, the others not answered)"
        )
    if _count(database) - before < counted["answers"]:
        raise LoadFailed(f"{address} answered {counted['answers']} times, and left fewer examinations")
    return Run(counted["answers"] / counted["seconds"], counted["p50_ms"], counted["p99_ms"])


def _count(database: Path | str) -> int:
    if isinstance(database, str):
        return asyncio.run(_count_on_postgresql(database))
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        count: int = connection.execute("SELECT count(*) FROM examinations").fetchone()[0]
    connection.close()
    return count


async def _count_on_postgresql(url: str) -> int:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        count: int = await connection.fetchval("SELECT count(*) FROM examinations")
    finally:
        await connection.close()
    return count
