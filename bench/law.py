"""What the whole law costs: every class tried beside one, loading the packs, and the memory they hold."""

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from typing import Any

from bench.cases import measured_cases
from bench.engine import best_microseconds

from crossing.packs import load_pack
from crossing.rules import determine, explain

_DAY = "2026-11-21"
#: Loads the packs in a process of its own, from the files parsed before, and says what that took.
_LOAD = """
import json, time
from pathlib import Path
from crossing.packs import COUNTRIES_WITH_PACKS, load_pack
def resident():
    line = next(each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
before, started = resident(), time.perf_counter()
packs = [load_pack(country) for country in COUNTRIES_WITH_PACKS]
milliseconds = (time.perf_counter() - started) * 1000
for pack in packs:
    pack.on("{day}").classes
print(json.dumps([milliseconds, resident() - before]))
"""


@dataclass(frozen=True)
class LawFigures:
    """Times one class's explained decision, milliseconds to load, megabytes held with one day's law compiled."""

    all_over_one: float
    load_ms: float
    memory_mb: float


def measure_law() -> LawFigures:
    """Measure in this process and, for loading, in fresh ones; the best of three."""
    loads = [json.loads(_run(_LOAD.replace("{day}", _DAY))) for _ in range(3)]
    return LawFigures(_all_over_one(), min(each[0] for each in loads), min(each[1] for each in loads))


def _all_over_one() -> float:
    pack = load_pack("US")
    ones, alls = 0.0, 0.0
    for case in measured_cases():

        def decide(seeking: list[str], case: Any = case) -> Any:
            made = determine(case.facts, pack, case.on, seeking=seeking, findings=case.findings)
            return explain(made, "en", only_leading=not seeking)

        one, every = best_microseconds([partial(decide, [case.class_id]), partial(decide, [])])
        ones, alls = ones + one, alls + every
    return alls / ones


def _run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
