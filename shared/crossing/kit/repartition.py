"""Steps by which a migration turns a table of PostgreSQL into one with partitions while services write to it.

What takes long is done before, beside the writers: ``prepare``. The exchange, ``exchange``, holds the table for as long
as a few changes to the catalogue take; who waits meanwhile is served by the new table, whose columns are the same. The
old table becomes its first partition, so that no row is copied. ``restore`` undoes it, by a copy.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from alembic import op
from sqlalchemy import text

from crossing.kit.partitions import bound_of, month_after


@dataclass(frozen=True)
class Repartition:
    """A table, the column of its partitions, its keys and indexes before and after, by name."""

    table: str
    key: str
    primary: Sequence[str]
    primary_before: Sequence[str]
    indexes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    indexes_before: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def first(self) -> str:
        """The partition that the old table becomes."""
        return f"{self.table}_first"


def first_bound(plan: Repartition) -> str:
    """Where the first partition ends: two months on, or after whatever a fast clock has written."""
    bounds = [bound_of(plan.key, month_after(datetime.now(UTC).date(), 2))]
    if not op.get_context().as_sql:
        latest = op.get_bind().execute(text(f"SELECT max({plan.key}) FROM {plan.table}")).scalar_one()
        if latest and latest >= bounds[0]:
            bounds.append(bound_of(plan.key, month_after(_day_of(plan.key, latest), 1)))
    return max(bounds)


def _day_of(key: str, value: str) -> date:
    if key == "at":
        return date.fromisoformat(value[:10])
    return datetime.fromtimestamp(int(value.replace("-", "")[:12], 16) / 1000, UTC).date()


def unique_beforehand(name: str, table: str, columns: Sequence[str]) -> None:
    """Make a unique index beside the writers, outside a transaction; what an attempt before left is made anew."""
    op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
    op.execute(f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({', '.join(columns)})")


def prepare(plan: Repartition, bound: str) -> None:
    """Make the keys and indexes that the first partition needs, outside a transaction, and know that its rows fit."""
    unique_beforehand(f"pk_{plan.first}", plan.table, plan.primary)
    for name, columns in _new_indexes(plan):
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}_first")
        op.execute(f"CREATE INDEX CONCURRENTLY {name}_first ON {plan.table} ({', '.join(columns)})")
    op.execute(f"ALTER TABLE {plan.table} DROP CONSTRAINT IF EXISTS ck_{plan.first}")
    op.execute(f"ALTER TABLE {plan.table} ADD CONSTRAINT ck_{plan.first} CHECK ({plan.key} < '{bound}') NOT VALID")
    op.execute(f"ALTER TABLE {plan.table} VALIDATE CONSTRAINT ck_{plan.first}")


def exchange(plan: Repartition, bound: str) -> None:
    """Put the partitioned table in the place of the old one, which becomes its first partition; in a transaction."""
    table, first, primary = plan.table, plan.first, ", ".join(plan.primary)
    op.execute(f"-- squawk-ignore renaming-table\nALTER TABLE {table} RENAME TO {first}")
    op.execute(f"ALTER TABLE {first} DROP CONSTRAINT pk_{table}")
    op.execute(f"ALTER TABLE {first} ADD CONSTRAINT pk_{first} PRIMARY KEY USING INDEX pk_{first}")
    for name in plan.indexes_before.keys() & plan.indexes.keys():
        op.execute(f"ALTER INDEX {name} RENAME TO {name}_first")
    op.execute(f"CREATE TABLE {table} (LIKE {first} INCLUDING DEFAULTS) PARTITION BY RANGE ({plan.key})")
    # It is empty as yet.
    op.execute(
        "-- squawk-ignore adding-serial-primary-key-field\n"
        f"ALTER TABLE {table} ADD CONSTRAINT pk_{table} PRIMARY KEY ({primary})"
    )
    for name, columns in plan.indexes.items():
        op.execute(f"CREATE INDEX {name} ON {table} ({', '.join(columns)})")
    op.execute(f"ALTER TABLE {table} ATTACH PARTITION {first} FOR VALUES FROM (MINVALUE) TO ('{bound}')")
    op.execute(f"ALTER TABLE {first} DROP CONSTRAINT ck_{first}")
    op.execute(f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT")


def finish(plan: Repartition) -> None:
    """Drop the indexes that have successors, outside a transaction."""
    for name in plan.indexes_before.keys() - plan.indexes.keys():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


def restore(plan: Repartition) -> None:
    """Put one table in the place of the partitioned one, with every row; in a transaction."""
    table = plan.table
    op.execute(f"ALTER TABLE {table} RENAME TO {table}_parts")
    op.execute(f"CREATE TABLE {table} (LIKE {table}_parts INCLUDING DEFAULTS)")
    op.execute(f"INSERT INTO {table} SELECT * FROM {table}_parts")
    op.execute(f"DROP TABLE {table}_parts CASCADE")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT pk_{table} PRIMARY KEY ({', '.join(plan.primary_before)})")
    for name, columns in plan.indexes_before.items():
        op.execute(f"CREATE INDEX {name} ON {table} ({', '.join(columns)})")


def _new_indexes(plan: Repartition) -> Iterator[tuple[str, Sequence[str]]]:
    return ((name, columns) for name, columns in plan.indexes.items() if name not in plan.indexes_before)


#: The audit entries of every service.
AUDIT_ENTRIES = Repartition(
    "audit_entries",
    "at",
    primary=("chain", "seq", "at"),
    primary_before=("chain", "seq"),
    indexes={"ix_audit_entries_subject": ("subject",)},
    indexes_before={"ix_audit_entries_subject": ("subject",)},
)
