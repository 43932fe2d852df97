"""Statistics over HTTP: true counts of quarters that are over, and nothing that is about a few persons."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.admission.cases import is_problem
from tests.conftest import Desk, MovingClock
from tests.redress.feedback.decided import decide
from tests.redress.feedback.test_leave import service_of

pytestmark = pytest.mark.anyio


async def statistics(desk: Desk, **days: str) -> dict[str, Any]:
    async with desk.client(None) as anyone:
        answer = await anyone.get("/redress/v1/statistics", params=days)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def shown(table: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in table["cells"] if cell["count"] is not None]


async def test_a_quarter_is_told_once_it_is_over(redress: Desk, clock: MovingClock) -> None:
    service = service_of(redress)
    for _ in range(25):
        await decide(service, root_cause="RC1")
    for _ in range(3):
        await decide(service, root_cause="RC2")
    for _ in range(12):
        await decide(service, root_cause="RC4", outcome="upheld", unit="cbsa")
    assert (await statistics(redress, **{"from": "2026-10-01"}))["periods"] == []
    clock.now = datetime(2027, 1, 1, 0, 0, tzinfo=UTC)
    (quarter,) = (await statistics(redress, **{"from": "2026-10-01", "to": "2027-01-31"}))["periods"]
    assert (quarter["from"], quarter["to"]) == ("2026-10-01", "2026-12-31")
    assert (quarter["volumes"]["decided"], quarter["volumes"]["appealed"]) == (40, None)
    outcomes = quarter["outcomes_by_cause"]
    # Three decisions on RC2 are too few: they are withheld, and the first larger cell with them.
    assert outcomes["total"] == 40
    assert shown(outcomes) == [{"outcome": "upheld", "cause": "RC4", "count": 12}]
    assert quarter["recurrence"] == {"repeats": None, "watched": 40, "rate": None, "rate_below": "0.2500"}


async def test_a_quarter_of_a_few_tells_nothing(redress: Desk, clock: MovingClock) -> None:
    for _ in range(9):
        await decide(service_of(redress))
    clock.now = datetime(2027, 2, 1, 0, 0, tzinfo=UTC)
    (quarter,) = (await statistics(redress, **{"from": "2026-10-01"}))["periods"]
    assert set(quarter["volumes"].values()) == {None}
    for name in ("ages", "outcomes_by_cause", "breaches_by_unit"):
        assert (quarter[name]["total"], shown(quarter[name])) == (None, [])
    assert set(quarter["recurrence"].values()) == {None}


@pytest.mark.parametrize(
    "days",
    [{"from": "2026-10-02", "to": "2026-12-30"}, {"from": "2026-12-31", "to": "2027-01-01"}],
)
async def test_days_that_hold_no_whole_quarter_tell_nothing(
    redress: Desk,
    clock: MovingClock,
    days: dict[str, str],
) -> None:
    clock.now = datetime(2027, 2, 1, 0, 0, tzinfo=UTC)
    assert (await statistics(redress, **days))["periods"] == []


@pytest.mark.parametrize(
    ("days", "pointer"),
    [
        ({"from": "2026-04-01", "to": "2026-03-31"}, "/to"),
        ({"from": "1996-01-01", "to": "2026-03-31"}, "/to"),
        ({"from": "2026-02-30"}, "/from"),
    ],
)
async def test_days_out_of_order_or_too_many_are_refused(
    redress: Desk,
    days: dict[str, str],
    pointer: str,
) -> None:
    async with redress.client(None) as anyone:
        is_problem(await anyone.get("/redress/v1/statistics", params=days), 422, "invalid-request", pointer)
