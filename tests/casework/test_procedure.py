"""A procedure is read from data that must not contradict itself, and counts days as the calendar does."""

from datetime import UTC, datetime
from typing import Any

import pytest

from crossing.casework.procedure import Procedure, ProcedureError, later

NOON = datetime(2028, 2, 29, 12, 0, tzinfo=UTC)


def content(**changes: Any) -> dict[str, Any]:
    """A procedure of two states; keywords replace parts of it."""
    return {
        "initial": "open",
        "terminal": ["closed"],
        "parties": ["officer", "clock"],
        "states": {"open": {}, "closed": {}},
        "transitions": [{"from": "open", "event": "close", "to": "closed", "by": ["officer"], "requires": ["read"]}],
        "entries": [{"event": "note", "in": ["open"], "by": ["officer"]}],
        **changes,
    }


def moved(**changes: Any) -> dict[str, Any]:
    return {"from": "open", "event": "close", "to": "closed", "by": ["officer"], **changes}


def test_the_ways_of_an_event_keep_their_order() -> None:
    ways = [moved(requires=["first"]), moved(to="open", requires=["second"]), moved(by=["clock"])]
    procedure = Procedure(content(transitions=ways))
    first = procedure.transition("open", "close")
    assert first
    assert [(way.to, way.requires, way.by) for way in first.ways()] == [
        ("closed", ("first",), {"officer"}),
        ("open", ("second",), {"officer"}),
        ("closed", (), {"clock"}),
    ]
    assert sorted(procedure.possible("open")) == ["close", "note"]
    assert procedure.possible("closed") == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"transitions": [moved(), moved(to="open")]},
        {"transitions": [moved(requires=["read"]), moved(), moved(to="open")]},
        {"transitions": [moved(to="nowhere")]},
        {"transitions": [moved(by=["nobody"])]},
        {"transitions": [moved(requires=["read"]), moved(by=["nobody"])]},
        {"states": {"open": {"deadline": "P1D", "on_expiry": "forget"}, "closed": {}}},
        {"states": {"open": {"then": [{"event": "forget", "from": "day"}]}, "closed": {}}},
        {"entries": [{"event": "note", "in": ["elsewhere"], "by": ["officer"]}]},
    ],
)
def test_data_that_contradicts_itself_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ProcedureError):
        Procedure(content(**wrong))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("P24M", datetime(2030, 2, 28, 12, 0, tzinfo=UTC)),
        ("P1M", datetime(2028, 3, 29, 12, 0, tzinfo=UTC)),
        ("P30D", datetime(2028, 3, 30, 12, 0, tzinfo=UTC)),
        ("PT36H", datetime(2028, 3, 2, 0, 0, tzinfo=UTC)),
        ("P1DT12H", datetime(2028, 3, 2, 0, 0, tzinfo=UTC)),
    ],
)
def test_months_are_those_of_the_calendar_and_the_hour_stays(text: str, day: datetime) -> None:
    assert later(NOON, text) == day


@pytest.mark.parametrize(("priority", "days"), [("P0", 1), ("P2", 3), (None, 3)])
def test_a_state_lasts_by_priority(priority: str | None, days: int) -> None:
    states = {"open": {"deadline": "P3D", "by_priority": {"P0": "P1D"}, "on_expiry": "note"}, "closed": {}}
    due = Procedure(content(states=states)).states["open"].due_at(NOON, {"priority": priority})
    assert due is not None
    assert (due - NOON).days == days
