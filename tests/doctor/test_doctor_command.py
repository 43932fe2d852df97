"""``crossing doctor``: a line for each check, one that sums up, and an end that tells."""

import os
import subprocess
import sys
from pathlib import Path

from tests.doctor.installations import KEY, common

from crossing.kit.migrations import upgrade
from redress.settings import MIGRATIONS


def doctor(*arguments: str, **environment: str) -> tuple[int, list[str]]:
    """What the command ends with, and the lines that it prints."""
    command = [sys.executable, "-m", "crossing.cli", "doctor", *arguments]
    inherited = {name: value for name, value in os.environ.items() if name != "CROSSING_SECRETS"}
    ran = subprocess.run(
        command, env={**inherited, **environment}, capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.stderr == ""
    return ran.returncode, ran.stdout.splitlines()


def test_missing_settings_are_named_and_nothing_else_is_looked_at() -> None:
    code, lines = doctor("redress", CROSSING_ISSUER="https://identity.example", CROSSING_IDENTITY_KEY=KEY)
    assert code == 1
    assert [line for line in lines if line.startswith("wrong")] == lines[:-1]
    assert any("CROSSING_PUBLIC_ADDRESS: Field required" in line for line in lines)
    assert lines[-1] == f"doctor: 0 ok, {len(lines) - 1} wrong, 0 not checked"


def test_each_check_has_a_line_and_the_last_sums_up_without_a_secret(tmp_path: Path) -> None:
    settings = common(tmp_path) | {
        "identity_key": KEY,
        "public_address": "http://127.0.0.1:1/redress",
        "evidence_store": str(tmp_path / "evidence"),
        "mail_folder": tmp_path / "mail",
    }
    upgrade(MIGRATIONS, settings["database_url"])
    code, lines = doctor("redress", **{f"CROSSING_{name.upper()}": str(value) for name, value in settings.items()})
    assert code == 1
    wrong = [line for line in lines if line.startswith("wrong")]
    assert {line.split(": ")[1] for line in wrong} == {"gateway answers", "evidence is scanned"}
    assert all("; " in line for line in wrong)
    assert "ok           redress: migrations are current: at the head of the history" in lines
    counted = [sum(line.startswith(outcome) for line in lines) for outcome in ("ok", "wrong", "not checked")]
    assert lines[-1] == "doctor: {} ok, {} wrong, {} not checked".format(*counted)
    assert not any(KEY in line for line in lines)
