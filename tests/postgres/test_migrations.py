"""The history of migrations on both engines: up, down to the release before, up again, and in agreement with the tables.

While a release is brought in, the one before writes to the new tables, and what it wrote stays, up and down.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Integer, MetaData, String, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils.compat import uuid7

from admission.settings import MIGRATIONS as ADMISSION
from advance_ruling.settings import MIGRATIONS as ADVANCE_RULINGS
from crossing.cli.services import ServiceName, metadata_of
from crossing.kit.clock import system_clock
from crossing.kit.database import create_engine, format_instant, writing
from crossing.kit.migrations import alembic_config
from redress.settings import MIGRATIONS as REDRESS

pytestmark = pytest.mark.anyio
#: As far as the release before: to where nothing was kept by month.
BACK = "-2"
SERVICES = [(ADMISSION, "admission"), (ADVANCE_RULINGS, "advance-ruling"), (REDRESS, "redress")]


@pytest.mark.parametrize(("history", "service"), SERVICES, ids=[name for _, name in SERVICES])
@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
async def test_the_last_steps_go_up_down_and_up_with_what_either_release_wrote_and_agree_with_the_tables(
    engine: str, history: Path, service: str, database_url: str, tmp_path: Path
) -> None:
    url = database_url if engine == "postgresql" else f"sqlite+aiosqlite:///{tmp_path / 'service.sqlite'}"
    config = alembic_config(history, url)

    async def go(step: Any, to: str) -> None:
        await asyncio.to_thread(step, config, to)

    await go(command.upgrade, "head")
    await go(command.downgrade, BACK)
    before = await tables_of(url, ServiceName(service))
    await write_row_of_each(url, before)
    await go(command.upgrade, "head")
    await asyncio.to_thread(command.check, config)  # raises where the tables and the history differ
    await write_row_of_each(url, before)
    assert await counts(url, before) == dict.fromkeys(before, 2)
    await go(command.downgrade, BACK)
    assert await counts(url, before) == dict.fromkeys(before, 2)
    await go(command.upgrade, "head")
    assert await counts(url, before) == dict.fromkeys(before, 2)


async def tables_of(url: str, service: ServiceName) -> dict[str, Table]:
    """The tables as they stand, parents first, without those that each engine keeps in its own way."""
    ours = metadata_of(service).tables
    found = MetaData()

    async def read(connection: AsyncConnection) -> None:
        await connection.run_sync(found.reflect, only=lambda name, _: name in ours)

    await within(url, read)
    return {each.name: each for each in found.sorted_tables}


async def write_row_of_each(url: str, tables: dict[str, Table]) -> None:
    """Write one row into each table, by the columns that it had; they belong together."""
    rows: dict[str, dict[str, Any]] = {}
    port = value_for(String(16))
    for table in tables.values():
        rows[table.name] = {column.name: value_for(column.type) for column in table.columns}
        if "port_id" in table.columns:
            rows[table.name]["port_id"] = port
        for constraint in table.foreign_key_constraints:
            for element in constraint.elements:
                rows[table.name][element.parent.name] = rows[element.column.table.name][element.column.name]
        if table.name == "ports":
            rows[table.name]["id"] = port

    async def write(connection: AsyncConnection) -> None:
        for name, row in rows.items():
            await connection.execute(tables[name].insert(), row)

    await within(url, write)


def value_for(kind: Any) -> Any:
    """A value that no other row has, of the length that ids, instants or other texts have."""
    identifier = str(uuid7())
    if isinstance(kind, Integer):
        return int(identifier[-7:], 16)
    length = getattr(kind, "length", None)
    if length == 27:
        return format_instant(system_clock())
    if length is None and kind.python_type is bool:
        return True
    return identifier if length == 36 else identifier[::-1][:length]


async def counts(url: str, tables: dict[str, Table]) -> dict[str, int]:
    found: dict[str, int] = {}

    async def count(connection: AsyncConnection) -> None:
        for name, table in tables.items():
            found[name] = (await connection.execute(select(func.count()).select_from(table))).scalar_one()

    await within(url, count)
    return found


async def within(url: str, action: Any) -> None:
    """Do something in a transaction of the database that a configuration names."""
    engine = create_engine(url)
    try:
        async with writing(engine) as connection:
            await action(connection)
    finally:
        await engine.dispose()
