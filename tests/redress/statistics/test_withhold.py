"""Nothing below the smallest cell is told, and nothing small can be worked out from what is."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redress.statistics.periods import Period, finished_periods
from redress.statistics.withhold import published

SMALLEST = 10
tables = st.lists(st.integers(0, 40), min_size=2, max_size=8).map(lambda counts: dict(enumerate(counts)))


@given(tables)
def test_no_cell_and_no_total_below_the_smallest_is_told(cells: dict[int, int]) -> None:
    told = published(cells, SMALLEST)
    assert all(count is None or count >= SMALLEST for count in told.cells.values())
    assert told.total is None or told.total >= SMALLEST


@given(tables)
def test_what_is_told_is_true(cells: dict[int, int]) -> None:
    told = published(cells, SMALLEST)
    assert told.total in (None, sum(cells.values()))
    assert all(count in (None, cells[key]) for key, count in told.cells.items())
    assert list(told.cells) == list(cells)


@given(tables)
def test_taking_what_is_shown_from_the_total_leaves_no_single_cell_and_nothing_small(cells: dict[int, int]) -> None:
    told = published(cells, SMALLEST)
    withheld = [key for key, count in told.cells.items() if count is None]
    if told.total is None or not withheld:
        return
    shown = sum(count for count in told.cells.values() if count is not None)
    assert len(withheld) > 1
    assert told.total - shown >= SMALLEST


@pytest.mark.parametrize(("columns", "most"), [(2, 20), (3, 20), (4, 13)])
def test_who_knows_the_rule_cannot_tell_what_a_small_cell_holds(columns: int, most: int) -> None:
    """Of all tables of a size, those that are published alike never agree on a small count."""
    smallest = 4
    alike: dict[str, list[tuple[int, ...]]] = {}
    for counts in product(range(most + 1), repeat=columns):
        told = published(dict(enumerate(counts)), smallest)
        if told.total and told.total <= most:
            alike.setdefault(str(told), []).append(counts)
    assert len(alike) > most
    for tables_alike in alike.values():
        for column in zip(*tables_alike, strict=True):
            assert len(set(column)) > 1 or column[0] >= smallest


@given(tables)
def test_a_table_without_small_cells_is_told_whole(cells: dict[int, int]) -> None:
    large = {key: count + SMALLEST for key, count in cells.items()}
    assert dict(published(large, SMALLEST).cells) == large


def test_only_periods_that_are_over_and_lie_within_the_days_are_told() -> None:
    found = finished_periods(date(2025, 11, 15), date(2026, 12, 31), date(2026, 10, 1), 3)
    assert found == [
        Period(date(2026, 1, 1), date(2026, 3, 31)),
        Period(date(2026, 4, 1), date(2026, 6, 30)),
        Period(date(2026, 7, 1), date(2026, 9, 30)),
    ]


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 1_500))
def test_periods_never_overlap_so_that_none_can_be_taken_from_another(first: date, days: int) -> None:
    last = date.fromordinal(first.toordinal() + days)
    found = finished_periods(first, last, date(2040, 1, 1), 3)
    assert all(one.last < two.first for one, two in zip(found, found[1:], strict=False))
    assert all(first <= each.first <= each.last <= last for each in found)
