"""Short forms: the record, what comes over the line, neighbours that are away; and that each finds a planted fault.

Files made to break are also among the tests of uploads, an absent identity provider among those of tokens.
"""

from importlib import import_module
from typing import Any

import pytest

HELD: list[tuple[str, dict[str, Any]]] = [
    ("tamper", {"flips": 10_000, "in_database": 5}),
    ("bit_rot", {"flips": 5}),
    ("replay", {"one_in": 60}),
    ("deliveries", {"histories": 50}),
    ("outbox", {"owed": 50, "hours": 1}),
    ("hostile", {"one_in": 30, "in_process": True}),
    ("offline", {"every_bit": 23}),
    ("two_officers", {"examinations": 1, "on_postgres": False, "browser": False}),
    ("partition", {"examinations": 6, "cuts": ("dropped",), "busy": 5}),
    ("clocks", {}),
]
PLANTED: list[tuple[str, dict[str, Any]]] = [
    ("tamper", {"flips": 500, "in_database": 0, "plant": "no checkpoints"}),
    ("tamper", {"flips": 500, "in_database": 0, "plant": "a column left out"}),
    ("bit_rot", {"flips": 2, "plant": "records are read as they are"}),
    ("replay", {"one_in": 200, "plant": "an amount"}),
    ("deliveries", {"histories": 20, "plant": "an inbox that forgets"}),
    ("outbox", {"owed": 30, "hours": 1, "plant": "no breaker"}),
    ("hostile", {"one_in": 60, "in_process": True, "plant": "a route that takes any JSON"}),
    ("offline", {"every_bit": 97, "plant": "signatures not looked at"}),
]


def run(name: str, size: dict[str, Any]) -> Any:
    return import_module(f"tests.faults.{name}").run(**size)


@pytest.mark.parametrize(("name", "size"), HELD, ids=[name for name, _ in HELD])
def test_what_is_promised_holds(name: str, size: dict[str, Any]) -> None:
    report = run(name, size)
    assert report.held, report.detail


@pytest.mark.parametrize(("name", "size"), PLANTED, ids=[f"{name}: {size['plant']}" for name, size in PLANTED])
def test_what_is_planted_is_reported(name: str, size: dict[str, Any]) -> None:
    report = run(name, size)
    assert not report.held
    assert report.detail
