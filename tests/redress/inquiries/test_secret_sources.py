"""What is complained of says where the 120th day leads, so that the day tells nothing of what is on record (section 6)."""

from datetime import timedelta

import pytest
from tests.conftest import Desk, MovingClock
from tests.redress.conftest import do_jobs
from tests.redress.inquiries.cases import filed, opened_by, read, send

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("experience", "state", "words"),
    [
        ("EXP-NOFLY", "appealed", "The appeal panel has your case. It is decided by May 20, 2027."),
        ("EXP-FP", "decided", "Decided. The letter gives the decision and its reasons."),
    ],
)
async def test_day_120_is_the_same_for_everybody_who_complains_of_the_same(
    desk: Desk, clock: MovingClock, experience: str, state: str, words: str
) -> None:
    """Nobody has looked at any record here: the complaint alone decides."""
    told = await filed(desk.suite, experiences=[experience])
    async with opened_by(desk.suite, told) as traveller:
        assert (await send(traveller, told)).json()["state"] == "accepted"
        clock.move(timedelta(days=120))
        await do_jobs(desk)
        after = await read(traveller)
    assert after["state"] == state
    assert after["now"].startswith(words)
