"""Today is the day it is at the port; an instant is kept as UTC text that sorts as time does."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, create_engine, select

from crossing.kit.clock import local_day, system_clock
from crossing.kit.database import UtcDateTime, format_instant

INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        # On 8 March 2026 clocks in Toronto go from 2:00 EST to 3:00 EDT: midnight is at 5:00 UTC, the next one at 4:00.
        (utc(2026, 3, 8, 4, 59, 59), "America/Toronto", "2026-03-07"),
        (utc(2026, 3, 8, 5, 0, 0), "America/Toronto", "2026-03-08"),
        (utc(2026, 3, 9, 3, 59, 59), "America/Toronto", "2026-03-08"),
        (utc(2026, 3, 9, 4, 0, 0), "America/Toronto", "2026-03-09"),
        # On 1 November 2026 they go back: that day has 25 hours, and 1:30 comes twice.
        (utc(2026, 11, 1, 3, 59, 59), "America/Toronto", "2026-10-31"),
        (utc(2026, 11, 1, 5, 30, 0), "America/Toronto", "2026-11-01"),
        (utc(2026, 11, 1, 6, 30, 0), "America/Toronto", "2026-11-01"),
        (utc(2026, 11, 2, 4, 59, 59), "America/Toronto", "2026-11-01"),
        (utc(2026, 11, 2, 5, 0, 0), "America/Toronto", "2026-11-02"),
        # Newfoundland is half an hour ahead of Atlantic time; Saskatchewan and Arizona never change their clocks.
        (utc(2026, 7, 1, 2, 29, 59), "America/St_Johns", "2026-06-30"),
        (utc(2026, 7, 1, 2, 30, 0), "America/St_Johns", "2026-07-01"),
        (utc(2026, 7, 1, 5, 59, 59), "America/Regina", "2026-06-30"),
        (utc(2026, 12, 1, 6, 0, 0), "America/Regina", "2026-12-01"),
        (utc(2026, 7, 1, 6, 59, 59), "America/Phoenix", "2026-06-30"),
        (utc(2028, 2, 29, 12, 0, 0), "America/Vancouver", "2028-02-29"),
        (utc(2038, 1, 19, 3, 14, 8), "UTC", "2038-01-19"),
    ],
)
def test_a_day_begins_at_the_midnight_of_its_place(instant: datetime, zone: str, day: str) -> None:
    assert local_day(instant, zone) == day


def test_the_clock_of_the_system_tells_utc() -> None:
    assert system_clock().tzinfo is UTC


@given(INSTANTS, ZONES)
def test_an_instant_is_one_text_whatever_zone_it_is_told_in(instant: datetime, zone: timezone) -> None:
    text = format_instant(instant.astimezone(zone))
    assert text == format_instant(instant)
    assert (len(text), text[10], text[-1]) == (27, "T", "Z")
    assert datetime.fromisoformat(text) == instant


@given(INSTANTS, INSTANTS)
def test_texts_of_instants_sort_as_time_does(one: datetime, other: datetime) -> None:
    assert (format_instant(one) < format_instant(other)) is (one < other)


def test_a_column_of_instants_gives_back_the_instant_and_knows_its_zone() -> None:
    table = Table("events", MetaData(), Column("at", UtcDateTime))
    engine = create_engine("sqlite://")
    told = datetime(2026, 11, 1, 1, 30, 0, 123, tzinfo=timezone(timedelta(hours=-5)))
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(table.insert(), [{"at": told}, {"at": None}])
        found: list[Any] = list(connection.execute(select(table.c.at)).scalars())
        kept = connection.exec_driver_sql("SELECT at FROM events").scalars().all()
    engine.dispose()
    assert found == [told, None]
    assert found[0].utcoffset() == timedelta(0)
    assert kept == ["2026-11-01T06:30:00.000123Z", None]


def test_a_column_of_instants_takes_no_time_without_a_zone() -> None:
    """A naive time would be taken for the machine's own zone."""
    with pytest.raises(ValueError, match="zone"):
        format_instant(datetime(2026, 11, 21, 12, 0))
