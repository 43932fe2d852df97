"""What the metrics say of the chains is what the verifier wrote down, and what came after."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from tests.admission.cases import engineer, opened
from tests.admission.desks import running_service, service_of
from tests.conftest import MovingClock
from tests.watch.reading import samples
from typer.testing import CliRunner

from crossing.cli import app

pytestmark = pytest.mark.anyio


async def verify(data: Path) -> int:
    """``crossing audit verify --record``; what it ended with."""
    command = ["audit", "verify", "--record", "--service", "admission", "--data", str(data)]
    return (await asyncio.to_thread(CliRunner().invoke, app, command)).exit_code


async def test_entries_are_unverified_until_the_verifier_has_read_them(tmp_path: Path, clock: MovingClock) -> None:
    async with running_service(tmp_path, clock) as desk, desk.client() as officer:
        metrics = service_of(desk).state.metrics

        async def chains() -> tuple[float, float]:
            said = samples((await metrics.text()).decode())
            return said["crossing_chain_unverified_entries"], said["crossing_chain_faults"]

        clock.move(timedelta(hours=1))
        begun, _ = await chains()
        assert begun > 0
        assert samples((await metrics.text()).decode())["crossing_chain_unverified_seconds"] == 3600
        assert await verify(tmp_path) == 0
        assert await chains() == (0, 0)
        await opened(officer, engineer())
        assert await chains() == (1, 0)
        with closing(sqlite3.connect(tmp_path / "admission.sqlite")) as connection, connection:
            connection.execute("UPDATE audit_entries SET actor = 'another' WHERE event = 'examination.opened'")
        assert await verify(tmp_path) == 1
        assert await chains() == (0, 1)
