"""``crossing audit verify`` names each entry that does not hold, sums up, and exits accordingly."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import anyio
import pytest
from tests.admission.desks import running_suite
from tests.admission.histories import realistic_history
from tests.conftest import MovingClock


@pytest.fixture
def history(tmp_path: Path) -> Path:
    async def happen() -> None:
        async with running_suite(tmp_path, MovingClock(datetime(2026, 11, 21, 15, 0, tzinfo=UTC))) as desk:
            await realistic_history(desk)

    anyio.run(happen)
    return tmp_path


def verify(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "crossing.cli", "audit", "verify", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_a_sound_history_is_counted_and_one_changed_letter_is_named(history: Path) -> None:
    # Beside admission's entries there are those that begin the chains of both directions and of redress cases.
    assert verify("--data", str(history)).stdout.splitlines() == ["21 audit entries, 0 at fault"]
    sound = verify("--data", str(history), "--service", "admission")
    assert (sound.returncode, sound.stdout.splitlines()) == (0, ["18 audit entries, 0 at fault"]), sound.stderr
    by_address = verify("--database-url", f"sqlite+aiosqlite:///{history / 'admission.sqlite'}")
    assert by_address.stdout == sound.stdout
    with closing(sqlite3.connect(history / "admission.sqlite")) as connection, connection:
        connection.execute("UPDATE revisions SET detail = replace(detail, 'refuse', 'refuze') WHERE kind = 'decided'")
    changed = verify("--data", str(history), "--service", "admission")
    assert changed.returncode == 1
    [fault, summary] = changed.stdout.splitlines()
    assert fault.startswith(
        "admission: US-DETROIT entry 9: a row it covers was changed: examination.decided examinations/"
    )
    assert summary == "18 audit entries, 1 at fault"


def test_a_folder_without_a_database_is_said_and_nothing_made_there(tmp_path: Path) -> None:
    ran = verify("--data", str(tmp_path))
    assert ran.returncode == 2
    assert "There is no database in" in ran.stdout
    assert list(tmp_path.iterdir()) == []
