"""Each fault once, briefly; ``make test-faults`` causes them at full size, with every fault that is planted."""

from importlib import import_module
from typing import Any

import pytest

SHORT: list[tuple[str, dict[str, Any]]] = [
    ("kills", {"victims": ("service", "postgres"), "cycles": 1}),
    ("kills", {"victims": ("service",), "cycles": 1, "plant": "answers before it commits"}),
    ("power", {"cycles": 1, "on_postgres": False}),
    ("failover", {"away_seconds": 3.5}),
    ("disk_full", {"volume": "sqlite"}),
    ("slow_database", {"troubles": ("silent",), "seconds": 3.2}),
    ("exhaustion", {"resources": ("pool", "descriptors"), "seconds": 2.2, "strangers": 0}),
]


@pytest.mark.parametrize(("harness", "size"), SHORT, ids=[f"{name}-{number}" for number, (name, _) in enumerate(SHORT)])
def test_nothing_acknowledged_is_lost_and_what_is_planted_is_found(harness: str, size: dict[str, Any]) -> None:
    report = import_module(f"tests.faults.{harness}").run(**size)
    if "plant" in size:
        assert report.lost, report
    else:
        assert report.held, report
        assert report.found == report.acknowledged > 0
