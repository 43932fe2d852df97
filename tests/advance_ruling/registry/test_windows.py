"""The stretches in which a registry is searched follow one another without a gap."""

from hypothesis import given
from hypothesis import strategies as st

from advance_ruling.registry.windows import A_DAY, Statistics, windows

PLACES = st.integers(0, 800_000 * A_DAY)


@given(newest=PLACES, before=PLACES, share=st.floats(0.0, 1.0), wanted=st.integers(1, 101))
def test_the_stretches_reach_down_to_the_first_place(newest: int, before: int, share: float, wanted: int) -> None:
    statistics = Statistics(100_000.0, 0, newest, {"engineer": share}, 0.0)
    firsts = [window.first for window in windows(statistics, ["engineer"], before, wanted)]
    assert firsts == sorted(firsts, reverse=True)
    assert firsts[-1] == 0
    assert all(first <= before for first in firsts)
