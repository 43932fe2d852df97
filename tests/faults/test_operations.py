"""What an operator does while officers work: deploy, migrate, release law, rotate keys, restore. Short forms.

The quick ones are run with a fault put in on purpose, too, which they have to report; `make test-faults` does it for all.
"""

from importlib import import_module
from typing import Any

import pytest

NAMES = ("rolling", "migration", "law_release", "key_rotation", "restore")
SHORT = [(name, size) for name in NAMES for size in import_module(f"tests.faults.{name}").SHORT]


@pytest.mark.parametrize(
    ("name", "size"), SHORT, ids=[f"{name}-{size.get('plant', 'as it is')}" for name, size in SHORT]
)
def test_an_operation_in_traffic_is_not_felt_and_a_planted_fault_is(name: str, size: dict[str, Any]) -> None:
    report = import_module(f"tests.faults.{name}").run(**size)
    assert report.held is ("plant" not in size), report.detail
    assert report.acknowledged
