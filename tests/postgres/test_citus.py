"""The distribution that ``deploy/postgres/citus.sql`` asks for is one that Citus accepts for our tables.

There is no Citus here: its rules are read from its manual (``create_distributed_table``, "Distributed DDL").
"""

import re
from pathlib import Path

import pytest
from sqlalchemy import Column, ForeignKeyConstraint, Integer, MetaData, String, Table, UniqueConstraint

from crossing.cli.services import ServiceName, metadata_of

SCRIPT = Path(__file__).parents[2] / "deploy" / "postgres" / "citus.sql"
_ASKED = re.compile(r"^SELECT (\w+)\('(\w+)'(?:, '(\w+)'(?:, colocate_with => '(\w+)')?)?\);$", re.MULTILINE)
_DISTRIBUTED, _REFERENCE = "create_distributed_table", "create_reference_table"


def faults_of(script: str, metadata: MetaData) -> list[str]:
    """What Citus would refuse of a script, or what the script forgets."""
    asked = _ASKED.findall(script)
    kinds = {table: kind for kind, table, _, _ in asked}
    by = {table: column for kind, table, column, _ in asked if kind == _DISTRIBUTED}
    found = [f"{name} is not placed, or no table" for name in kinds.keys() ^ metadata.tables.keys()]
    for table in [metadata.tables[name] for name in by if name in metadata.tables]:
        for key in [table.primary_key, *(each for each in table.constraints if isinstance(each, UniqueConstraint))]:
            if by[table.name] not in key.columns:
                found.append(f"{table.name}: a key without {by[table.name]}")
    lengths = {repr(metadata.tables[name].c[column].type) for name, column in by.items() if column == "port_id"}
    if len(lengths) > 1:
        found.append(f"tables side by side by columns that differ: {lengths}")
    for table in metadata.tables.values():
        found += [fault for each in table.foreign_key_constraints if (fault := _fault_of(each, kinds, by))]
    return found


def _fault_of(held: ForeignKeyConstraint, kinds: dict[str, str], by: dict[str, str]) -> str | None:
    table, to = held.table.name, held.referred_table.name
    if kinds.get(to) == _REFERENCE:
        return None
    if kinds.get(table) != _DISTRIBUTED or kinds.get(to) != _DISTRIBUTED:
        return f"{table} holds to {to}, which stands elsewhere"
    joined = [(each.parent.name, each.column.name) for each in held.elements]
    return None if (by[table], by[to]) in joined else f"{table} holds to {to} without the port"


def test_every_table_has_its_place_and_every_key_the_port() -> None:
    assert faults_of(SCRIPT.read_text(), metadata_of(ServiceName.ADMISSION)) == []


def test_tables_side_by_side_are_created_after_the_one_they_stand_by() -> None:
    placed: list[str] = []
    for _, table, _, beside in _ASKED.findall(SCRIPT.read_text()):
        assert not beside or beside in placed
        placed.append(table)


@pytest.mark.parametrize(
    ("primary", "beside", "said"),
    [
        (("id", "port_id"), "a", "lines holds to notes without the port"),
        (("id",), "a", "notes: a key without port_id"),
        (("id", "port_id"), "b", "lines is not placed, or no table"),
    ],
)
def test_a_distribution_that_does_not_fit_is_found(primary: tuple[str, ...], beside: str, said: str) -> None:
    metadata = MetaData()
    Table("notes", metadata, *(Column(name, String(16), primary_key=name in primary) for name in ("id", "port_id")))
    columns = [Column(name, String(16), primary_key=True) for name in ("note", "port_id")]
    Table("lines", metadata, *columns, Column("n", Integer), ForeignKeyConstraint(["note"], ["notes.id"]))
    script = "SELECT create_distributed_table('notes', 'port_id');\n"
    if beside == "a":
        script += "SELECT create_distributed_table('lines', 'port_id', colocate_with => 'notes');\n"
    assert said in faults_of(script, metadata)
