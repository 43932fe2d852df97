"""The record: whatever is changed in it is found, and what is damaged stays with one examination."""

import pytest
from tests.faults import tamper


def test_every_bit_flipped_and_every_forgery_is_found() -> None:
    report = tamper.run(flips=10_000, in_database=10)
    assert report.held, report.detail
    assert "found by checkpoints only: end cut off with head and rows" in report.detail


@pytest.mark.parametrize("plant", ["no checkpoints", "a column left out"])
def test_a_verifier_that_sees_less_is_reported(plant: str) -> None:
    assert not tamper.run(flips=1_000, in_database=0, plant=plant).held
