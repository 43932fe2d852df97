"""The journeys of ``examples/`` come out as they say, run as README says."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["advance_ruling", "redress"])
def test_each_step_of_a_journey_comes_out_as_the_procedure_says(name: str) -> None:
    assert f".venv/bin/python examples/{name}.py" in (ROOT / "README.md").read_text(encoding="utf-8")
    command = [sys.executable, f"examples/{name}.py"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    last = (ran.stdout.splitlines() or [""])[-1]
    assert ran.returncode == 0, last + ran.stderr
    assert last.startswith(f"{name}: ")
    assert last.endswith("steps, each as the procedure says")
