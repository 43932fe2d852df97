"""``crossing backup`` and ``crossing restore``: a suite in use is copied at one moment, and what was changed is refused."""

import asyncio
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.admission.cases import EXAMINATIONS, admit, engineer, opened, took
from tests.admission.desks import running_suite
from tests.conftest import Desk, MovingClock
from typer.testing import CliRunner

from crossing.cli import app
from crossing.embedded.backup import back_up

pytestmark = pytest.mark.anyio


async def crossing(*arguments: object) -> tuple[int, str]:
    ran = await asyncio.to_thread(CliRunner().invoke, app, list(map(str, arguments)))
    return ran.exit_code, ran.stdout


async def decided(desk: Desk) -> dict[str, Any]:
    async with desk.client() as officer:
        return await took(officer, await opened(officer, engineer()), "decision", admit())


async def test_a_suite_in_use_is_backed_up_and_found_again_with_its_chains(tmp_path: Path, clock: MovingClock) -> None:
    data, backup, elsewhere = tmp_path / "data", tmp_path / "backup", tmp_path / "elsewhere"
    data.mkdir()
    async with running_suite(data, clock) as desk:
        before = await decided(desk)
        copying = asyncio.create_task(crossing("backup", backup, "--data", data))
        while not copying.done():
            await decided(desk)
        assert (await copying)[0] == 0
        lost = await decided(desk)
    assert (await crossing("restore", backup, "--data", elsewhere))[0] == 0
    assert (await crossing("audit", "verify", "--data", elsewhere))[1].endswith(", 0 at fault\n")
    async with running_suite(elsewhere, clock) as desk, desk.client() as officer:
        assert (await officer.get(f"{EXAMINATIONS}/{before['id']}")).json() == before
        assert (await officer.get(f"{EXAMINATIONS}/{lost['id']}")).status_code == 404
        await decided(desk)


def test_all_databases_are_copied_as_they_were_at_one_moment(tmp_path: Path) -> None:
    """Each number is written to the first database, then to the second: no moment knows the second ahead."""
    data = tmp_path / "data"
    data.mkdir()
    names = ("first.sqlite", "second.sqlite")
    stop, begun = threading.Event(), threading.Event()

    def write() -> None:
        connections = [sqlite3.connect(data / name, isolation_level=None) for name in names]
        for connection in connections:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE numbers (number, ballast)")
        number = 0
        while not stop.is_set():
            number += 1
            for connection in connections:
                connection.execute("INSERT INTO numbers VALUES (?, randomblob(20000))", (number,))
            if number == 50:
                begun.set()
        for connection in connections:
            connection.close()

    writing = threading.Thread(target=write)
    writing.start()
    begun.wait(60)
    for copy in range(5):
        back_up(data, tmp_path / f"copy-{copy}")
    stop.set()
    writing.join()
    for copy in range(5):
        first, second = [last_number(tmp_path / f"copy-{copy}" / name) for name in names]
        assert first - second in (0, 1)


def last_number(file: Path) -> int:
    connection = sqlite3.connect(file)
    number: int = connection.execute("SELECT max(number) FROM numbers").fetchone()[0]
    connection.close()
    return number


async def test_a_backup_that_was_changed_or_a_folder_in_use_is_refused_and_nothing_is_written(
    tmp_path: Path, clock: MovingClock
) -> None:
    data, backup, elsewhere = tmp_path / "data", tmp_path / "backup", tmp_path / "elsewhere"
    data.mkdir()
    async with running_suite(data, clock) as desk:
        await decided(desk)
    await crossing("backup", backup, "--data", data)
    assert await crossing("backup", backup, "--data", data) == (1, f"{backup} is not empty.\n")
    assert await crossing("restore", backup, "--data", data) == (1, f"{data} is not empty.\n")
    copy = backup / "redress.sqlite"
    changed = bytearray(copy.read_bytes())
    changed[5000] ^= 1
    copy.write_bytes(changed)
    status, said = await crossing("restore", backup, "--data", elsewhere)
    assert (status, said) == (1, "redress.sqlite is not as it was backed up; take another backup.\n")
    assert not elsewhere.exists()
    assert (await crossing("restore", data, "--data", elsewhere))[0] == 1
    assert (await crossing("backup", tmp_path / "x", "--data", tmp_path / "nowhere"))[0] == 2
