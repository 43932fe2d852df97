"""``crossing audit checkpoint`` and ``verify --checkpoints``: a history cut off with its head is found elsewhere."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import anyio
import pytest
from tests.admission.cases import engineer, opened
from tests.admission.conftest import START
from tests.admission.desks import running_service
from tests.conftest import MovingClock


def audit(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "crossing.cli", "audit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folder of a service in which three examinations were opened."""

    async def happen() -> None:
        async with running_service(tmp_path / "data", MovingClock(START)) as desk, desk.client() as officer:
            for _ in range(3):
                await opened(officer, engineer())

    (tmp_path / "data").mkdir()
    anyio.run(happen)
    return tmp_path / "data"


def test_a_history_cut_off_with_its_head_is_behind_its_checkpoint(data: Path, tmp_path: Path) -> None:
    key, places = tmp_path / "key", [tmp_path / "one", tmp_path / "two"]
    public = tmp_path / "key.public.json"
    assert audit("key", key).stdout.splitlines() == [f"The private key is in {key}; whoever verifies needs {public}."]
    assert key.stat().st_mode & 0o777 == 0o600
    again = audit("key", key)
    assert (again.returncode, again.stdout.splitlines()) == (1, [f"No key was made: File exists ({key})."])
    of = ("--data", data, "--service", "admission")
    signed = audit("checkpoint", "--key", key, "--to", places[0], "--to", places[1], *of)
    assert signed.stdout.splitlines() == ["3 chains with 6 entries signed; kept in 2 places"], signed.stderr
    held = ("--checkpoints", places[0], "--checkpoints", places[1], "--keys", public)
    sound = audit("verify", *of, *held)
    assert (sound.returncode, sound.stdout.splitlines()) == (
        0,
        ["6 audit entries, 0 at fault; held against 2 checkpoints"],
    )
    with closing(sqlite3.connect(data / "admission.sqlite")) as connection, connection:
        connection.executescript(
            "DELETE FROM audit_entries WHERE seq > 2; DELETE FROM revisions WHERE 1;"
            "DELETE FROM examinations WHERE id IN (SELECT id FROM examinations ORDER BY id DESC LIMIT 3);"
            "UPDATE chain_heads SET seq = 1, hash = (SELECT hash FROM audit_entries"
            " WHERE audit_entries.chain = chain_heads.chain AND seq = 1);"
            "DELETE FROM audit_entries WHERE seq > 1;"
        )
    assert audit("verify", *of).returncode == 0, "the chain alone does not show it"
    cut = audit("verify", *of, *held)
    assert cut.returncode == 1
    assert "the chain is 3 entries behind its checkpoint of" in cut.stdout
    assert cut.stdout.splitlines()[-1] == "3 audit entries, 1 at fault; held against 2 checkpoints"


def test_a_checkpoint_by_another_key_and_a_place_without_any_are_faults(data: Path, tmp_path: Path) -> None:
    keys = [tmp_path / "ours", tmp_path / "theirs"]
    for key in keys:
        audit("key", key)
    of = ("--data", data, "--service", "admission")
    audit("checkpoint", "--key", keys[1], "--to", tmp_path / "place", *of)
    public = tmp_path / "ours.public.json"
    found = audit(
        "verify", *of, "--checkpoints", tmp_path / "place", "--checkpoints", tmp_path / "none", "--keys", public
    )
    assert found.returncode == 1
    said = found.stdout
    assert "is signed by none of the keys" in said
    assert f"there is no checkpoint in {tmp_path / 'none'}" in said
