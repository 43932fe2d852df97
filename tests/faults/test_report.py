"""The table of faults says in its last line whether anything fell short, and nothing falls short in silence."""

from types import SimpleNamespace
from typing import Any

import pytest
from tests.faults import __main__ as command
from tests.faults.report import Report, table

KEPT = Report(fault="F1 killed", done="2 SIGKILLs", acknowledged=40, found=40, lost=0, held=True, seed=1)
LOST = Report(fault="F2 killed", done="2 SIGKILLs", acknowledged=40, found=37, lost=3, held=False)


def test_the_last_line_sums_up_and_what_is_lost_by_a_plant_is_no_loss() -> None:
    said = table([KEPT, LOST.of_plant("fsync=off")]).splitlines()
    assert said[-1] == "1 faults caused and 1 planted: 40 requests acknowledged, 0 lost; all held"
    assert table([KEPT, LOST]).endswith("80 requests acknowledged, 3 lost; 1 fell short: F2 killed")
    assert table([KEPT.of_plant("fsync=off")]).endswith("1 fell short: F1 killed")


@pytest.mark.parametrize("size", [{}, {"plant": "fsync=off"}])
def test_a_harness_that_breaks_falls_short_even_where_a_fault_was_planted(size: dict[str, Any]) -> None:
    def run(**_: Any) -> Report:
        raise RuntimeError("no FUSE")

    report = command._run(SimpleNamespace(__name__="tests.faults.power", run=run), size, 60.0)  # type: ignore[arg-type]
    assert not report.held
    assert "no FUSE" in report.detail
