"""Tables that grow with every journey, in PostgreSQL a partition for each month; SQLite keeps each as one table.

A table says ``postgresql_partition_by`` and is given to ``with_default``. Its key is a UUIDv7 or an instant as text,
both of which sort by time. What no month takes goes to the default partition, so that nothing is ever refused.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import DDL, MetaData, Table, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from crossing.kit.database import create_engine, format_instant
from crossing.kit.postgres import LOCKED, UNHURRIED, repeated

_PARTITION: Final = re.compile(r"_(?:first|default|\d{4}_\d{2})\Z")
_BY: Final = re.compile(r"RANGE \((\w+)\)")
_BOUNDS: Final = text(
    "SELECT substring(pg_get_expr(child.relpartbound, child.oid) FROM $$TO \\('([^']+)'\\)$$)"
    " FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid"
    " WHERE inhparent = CAST(:table AS regclass)"
)


@dataclass(frozen=True)
class Made:
    """What was done for one table: the partitions made, and the months that go on in the default partition."""

    table: str
    partitions: list[str] = field(default_factory=list)
    in_default: list[str] = field(default_factory=list)


def with_default(table: Table) -> Table:
    """The table, which is created with its default partition where it has partitions at all."""
    made: Any = DDL("CREATE TABLE %(table)s_default PARTITION OF %(table)s DEFAULT")  # type: ignore[no-untyped-call]
    event.listen(table, "after_create", made.execute_if(dialect="postgresql"))
    return table


def partition_key(table: Table) -> str | None:
    """The column that a table is partitioned by, if it is."""
    by = _BY.fullmatch(table.dialect_options["postgresql"]["partition_by"] or "")
    return by[1] if by else None


def table_of(name: str) -> str:
    """The table that a partition, or a table without any, belongs to."""
    return _PARTITION.sub("", name)


def month_after(day: date, months: int) -> date:
    """The first day of the month so many months after that of a day."""
    place = day.year * 12 + day.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


def bound_of(key: str, month: date) -> str:
    """The least key of a month, in UTC: of the column ``at`` an instant, of any other a UUIDv7."""
    start = datetime(month.year, month.month, 1, tzinfo=UTC)
    if key == "at":
        return format_instant(start)
    digits = f"{int(start.timestamp() * 1000):012x}"
    return f"{digits[:8]}-{digits[8:]}-7000-8000-000000000000"


async def ensure_partitions(url: str, metadata: MetaData, months: int, today: date) -> list[Made]:
    """Make the partitions of this month and of so many to come, of every partitioned table; what is there stays.

    A month that already has rows in the default partition goes on there. SQLite has none to make. Raises
    ``DBAPIError`` for what the database refuses, a lock not had in time among it: then it may be asked again.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return []
    engine = create_engine(url, UNHURRIED)
    partitioned = [(each.name, key) for each in metadata.sorted_tables if (key := partition_key(each))]

    async def ensured(table: str, key: str) -> Made:
        async with engine.begin() as connection:
            return await _ensure(connection, table, key, [month_after(today, number) for number in range(months + 1)])

    try:
        return [await repeated(partial(ensured, *each), also=LOCKED) for each in partitioned]
    finally:
        await engine.dispose()


async def kept_until(connection: AsyncConnection, table: str) -> str:
    """The least key that only the default partition takes; empty when a table has no other."""
    bounds = (await connection.execute(_BOUNDS, {"table": table})).scalars()
    return max((each for each in bounds if each), default="")


async def _ensure(connection: AsyncConnection, table: str, key: str, months: Sequence[date]) -> Made:
    until = await kept_until(connection, table)
    made = Made(table)
    for month in months:
        low, high = bound_of(key, month), bound_of(key, month_after(month, 1))
        if low < until:
            continue
        within = f"SELECT EXISTS (SELECT 1 FROM {table}_default WHERE {key} >= '{low}' AND {key} < '{high}')"
        if (await connection.execute(text(within))).scalar_one():
            made.in_default.append(f"{month:%Y-%m}")
            continue
        name = f"{table}_{month:%Y_%m}"
        await connection.execute(
            text(f"CREATE TABLE {name} PARTITION OF {table} FOR VALUES FROM ('{low}') TO ('{high}')")
        )
        made.partitions.append(name)
    return made
