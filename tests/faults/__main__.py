"""``python -m tests.faults [--only NAME …] [--short]``: causes the faults one after the other and prints the table."""

import argparse
import signal
import sys
import time
import traceback
from collections.abc import Mapping
from importlib import import_module
from types import FrameType, ModuleType
from typing import Any

from tests.faults.report import Report, table

HARNESSES = (
    "bad_configuration",
    "bit_rot",
    "bombs",
    "clocks",
    "deliveries",
    "disk_full",
    "exhaustion",
    "failover",
    "generated",
    "hostile",
    "identity_away",
    "key_rotation",
    "kills",
    "law_release",
    "migration",
    "offline",
    "outbox",
    "partition",
    "power",
    "replay",
    "restore",
    "rolling",
    "slow_clients",
    "slow_database",
    "soak",
    "tamper",
    "two_officers",
)
SECONDS = 40 * 60


class _OutOfTime(Exception):
    """The time for all harnesses is over."""


def main() -> int:
    """Run the harnesses; 0 when every promise was kept and every planted fault was reported."""
    parser = argparse.ArgumentParser(prog="tests.faults", description="Causes faults and counts what was lost.")
    parser.add_argument("--only", nargs="+", choices=HARNESSES, default=HARNESSES, metavar="NAME")
    parser.add_argument("--short", action="store_true", help="one or two cycles of each")
    arguments = parser.parse_args()
    signal.signal(signal.SIGALRM, _stop)
    ends = time.monotonic() + SECONDS
    reports = []
    for name in arguments.only:
        module = import_module(f"tests.faults.{name}")
        for size in module.SHORT if arguments.short else module.FULL:
            reports.append(_run(module, size, ends - time.monotonic()))
            print(*reports[-1].line(), reports[-1].detail, sep=" | ", file=sys.stderr, flush=True)
    print(table(reports))
    return 0 if reports and all(report.held for report in reports) else 1


def _run(module: ModuleType, size: Mapping[str, Any], seconds: float) -> Report:
    """What a harness found in the time left; a harness that breaks falls short."""
    name = module.__name__.rpartition(".")[2]
    plant = size.get("plant")
    try:
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001))
        report: Report = module.run(**size)
        signal.setitimer(signal.ITIMER_REAL, 0)
    except Exception as broken:
        signal.setitimer(signal.ITIMER_REAL, 0)
        traceback.print_exc()
        said = ", ".join(f"{key}={value}" for key, value in size.items())
        return Report(fault=name, done=f"broke off: {said}", held=False, detail=f"{type(broken).__name__}: {broken}")
    return report.of_plant(plant) if plant else report


def _stop(signum: int, frame: FrameType | None) -> None:
    raise _OutOfTime(f"the {SECONDS} s for all harnesses are over")


if __name__ == "__main__":
    sys.exit(main())
