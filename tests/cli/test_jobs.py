"""``crossing jobs``: what was given up is listed without saying about whom, and tried again when told."""

import asyncio
from pathlib import Path

import pytest
from tests.conftest import MovingClock
from tests.kit.job_tables import NOW, owing
from typer.testing import CliRunner

from crossing.cli import app
from crossing.kit.jobs import Job, Pace
from crossing.kit.worker import Worker

pytestmark = pytest.mark.anyio


async def crossing(*arguments: str) -> tuple[int, str]:
    ran = await asyncio.to_thread(CliRunner().invoke, app, ["jobs", *arguments])
    return ran.exit_code, ran.stdout


async def fail(_: Job) -> None:
    raise ConnectionError


async def test_dead_jobs_are_listed_and_revived(tmp_path: Path) -> None:
    file = str(tmp_path / "service.sqlite")
    async with owing(f"sqlite+aiosqlite:///{file}") as there:
        await there.schedule("mail/0190/2", kind="mail", to="camille@example.org")
        await Worker(there.engine, {"mail": fail}, MovingClock(NOW), Pace(most_attempts=1)).run_due()
        status, listed = await crossing("dead", file)
        assert status == 0
        identifier, _, described = listed.strip().partition("  ")
        assert described == "mail  mail/0190/2  1 attempts  ConnectionError"
        assert await crossing("revive", file, identifier) == (0, "The job is due now.\n")
        assert await crossing("revive", file, identifier) == (1, "There is no dead job with this id.\n")
        assert await there.select("SELECT state, attempts FROM jobs") == [("waiting", 0)]
        assert await crossing("dead", f"sqlite+aiosqlite:///{file}") == (0, "")


async def test_a_database_that_is_not_there_is_said_and_not_made(tmp_path: Path) -> None:
    assert (await crossing("dead", str(tmp_path / "nowhere.sqlite")))[0] == 2
    assert list(tmp_path.iterdir()) == []
