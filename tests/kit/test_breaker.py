"""The circuit breaker: who keeps failing is left alone for a while, then asked once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tests.conftest import MovingClock

from crossing.kit.breaker import Breaker, CircuitOpen

pytestmark = pytest.mark.anyio

START = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
REST = timedelta(seconds=30)


async def outcome(breaker: Breaker, fails: bool) -> str:
    """What came of a call to somebody who fails or answers."""
    try:
        async with breaker.call():
            if fails:
                raise ConnectionError
    except CircuitOpen:
        return "held back"
    except ConnectionError:
        return "failed"
    return "answered"


async def test_after_five_failures_nothing_is_sent_until_it_has_rested() -> None:
    clock = MovingClock(START)
    breaker = Breaker(clock, rest=REST)
    assert [await outcome(breaker, True) for _ in range(7)] == ["failed"] * 5 + ["held back"] * 2
    clock.move(REST - timedelta(microseconds=1))
    assert await outcome(breaker, False) == "held back"
    clock.move(timedelta(microseconds=1))
    assert await outcome(breaker, False) == "answered"
    assert [await outcome(breaker, True) for _ in range(6)] == ["failed"] * 5 + ["held back"]


async def test_one_call_tries_for_all_and_its_failure_begins_the_rest_anew() -> None:
    clock = MovingClock(START)
    breaker = Breaker(clock, rest=REST, threshold=1)
    assert await outcome(breaker, True) == "failed"
    clock.move(REST)
    async with breaker.call():
        assert await outcome(breaker, False) == "held back"
    assert await outcome(breaker, True) == "failed"
    clock.move(REST)
    assert await outcome(breaker, True) == "failed"
    assert await outcome(breaker, False) == "held back"


async def test_no_more_calls_run_side_by_side_than_their_share() -> None:
    breaker = Breaker(MovingClock(START), most_at_once=2)
    released = asyncio.Event()

    async def wait() -> None:
        async with breaker.call():
            await released.wait()

    calls = [asyncio.create_task(wait()) for _ in range(2)]
    await asyncio.sleep(0)
    assert await outcome(breaker, False) == "held back"
    released.set()
    await asyncio.gather(*calls)
    assert await outcome(breaker, False) == "answered"


async def test_a_caller_who_leaves_says_nothing_about_the_other_side() -> None:
    breaker = Breaker(MovingClock(START), threshold=1, most_at_once=1)

    async def wait() -> None:
        async with breaker.call():
            await asyncio.Event().wait()

    call = asyncio.create_task(wait())
    await asyncio.sleep(0)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    assert await outcome(breaker, False) == "answered"


class AsAModel(RuleBasedStateMachine):
    """Any sequence of calls and waits does what the words of the breaker say."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = MovingClock(START)
        self.breaker = Breaker(self.clock, threshold=3, rest=REST)
        self.failed_in_a_row = 0
        self.last_failure = START

    @rule(seconds=strategies.integers(1, 40))
    def wait(self, seconds: int) -> None:
        self.clock.move(timedelta(seconds=seconds))

    @rule(fails=strategies.booleans())
    def call(self, fails: bool) -> None:
        held_back = self.failed_in_a_row >= 3 and self.clock() < self.last_failure + REST
        expected = "held back" if held_back else "failed" if fails else "answered"
        assert asyncio.run(outcome(self.breaker, fails)) == expected
        if expected == "failed":
            self.failed_in_a_row += 1
            self.last_failure = self.clock()
        elif expected == "answered":
            self.failed_in_a_row = 0

    @invariant()
    def nothing_is_in_hand_between_calls(self) -> None:
        assert self.breaker._running == 0


AsAModel.TestCase.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
TestAsAModel = AsAModel.TestCase
