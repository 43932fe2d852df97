"""F1, F2 (G1): processes die by SIGKILL while callers are answered; nothing acknowledged may be lost or doubled."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any, Final

from tests.faults.forked import ForkedService
from tests.faults.planted import EARLY, command
from tests.faults.report import Report
from tests.faults.striking import restarted, started, struck
from tests.stage import stage

ASYNCHRONOUS: Final = "synchronous_commit=off"
_SETTINGS: Final = {
    ASYNCHRONOUS: {"synchronous_commit": "off", "wal_writer_delay": "10s", "wal_writer_flush_after": "1GB"}
}

#: 200 cycles in all.
FULL: Final[Sequence[dict[str, Any]]] = (
    {"victims": ("postgres",), "cycles": 70},
    {"victims": ("service",), "cycles": 45},
    {"victims": ("service", "postgres"), "cycles": 35},
    {"victims": ("service",), "cycles": 30, "on_postgres": False},
    {"victims": ("service",), "cycles": 10, "name": "redress"},
    {"victims": ("service",), "cycles": 10, "name": "advance-ruling"},
    {"victims": ("postgres",), "cycles": 3, "plant": ASYNCHRONOUS},
    {"victims": ("service",), "cycles": 3, "plant": EARLY},
)
SHORT: Final[Sequence[dict[str, Any]]] = (
    {"victims": ("service", "postgres"), "cycles": 2},
    {"victims": ("service",), "cycles": 1, "on_postgres": False},
    {"victims": ("postgres",), "cycles": 1, "plant": ASYNCHRONOUS},
    {"victims": ("service",), "cycles": 1, "plant": EARLY},
)


def run(
    *,
    victims: Sequence[str],
    cycles: int,
    name: str = "admission",
    on_postgres: bool = True,
    plant: str | None = None,
    seed: int = 1,
) -> Report:
    """Kill the victims (``service``, ``postgres``) under load, start them again, and so on for so many cycles."""
    with stage(name, on_postgres=on_postgres, **_SETTINGS.get(plant or "", {})) as world:
        service = world.service(name, command(name, plant), ForkedService)
        started(world, service)

        def kill_and_start() -> float:
            if "service" in victims:
                service.kill()
            if "postgres" in victims:
                assert world.postgres
                world.postgres.kill()
                world.postgres.start()
            return restarted(service) if "service" in victims else time.monotonic()

        fault = f"{'F2' if 'postgres' in victims else 'F1'} {' and '.join(victims)} killed"
        done = f"{cycles} SIGKILLs of each, {name} on {'PostgreSQL' if on_postgres else 'SQLite'}"
        return asyncio.run(struck(world, service, kill_and_start, fault=fault, done=done, cycles=cycles, seed=seed))
