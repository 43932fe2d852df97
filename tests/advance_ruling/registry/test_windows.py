"""The stretches in which a registry is searched follow one another without a gap."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from advance_ruling.registry.windows import A_DAY, Statistics, quarter_tag, windows

DAYS = st.dates(date(2026, 1, 1), date(2060, 12, 31))


@given(newest=DAYS, before=DAYS, sought=DAYS)
def test_a_place_below_the_end_lies_in_the_first_window_that_reaches_down_to_it(
    newest: date, before: date, sought: date
) -> None:
    statistics = Statistics(100_000.0, newest.toordinal() * A_DAY + 7, {"engineer": 0.01}, 0.0)
    end, place = before.toordinal() * A_DAY, sought.toordinal() * A_DAY + 3
    if place >= end or place > statistics.newest:
        return
    window = next(each for each in windows(statistics, ["engineer"], end) if each.first <= place)
    assert not window.quarters or quarter_tag(place) in window.quarters


def test_a_quarter_is_named_by_its_year_and_number() -> None:
    days = [date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1), date(2028, 2, 29), date(2026, 12, 31)]
    tags = [quarter_tag(day.toordinal() * A_DAY + 59) for day in days]
    assert tags == [f"quarter={name}" for name in ("2026q1", "2026q1", "2026q2", "2028q1", "2026q4")]
