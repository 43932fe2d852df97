"""Tables that every service with cases has: what happened to each, and the documents sent for it."""

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, Text
from sqlalchemy.sql.schema import SchemaItem


def revisions_table(metadata: MetaData, cases: str, key: str, *more: SchemaItem) -> Table:
    """Declare the table of revisions: ``key`` names the case, a row of the table ``cases``.

    ``content`` is the whole case file after the step, ``detail`` what the step itself brought; ``more`` are columns and
    indexes of the service's own.
    """
    return Table(
        "revisions",
        metadata,
        Column(key, String(36), ForeignKey(f"{cases}.id"), primary_key=True),
        Column("revision", Integer, primary_key=True),
        Column("at", String(27), nullable=False),
        Column("actor", String(128), nullable=False),
        Column("party", String(24), nullable=False),
        Column("event", String(32), nullable=False),
        Column("state", String(24), nullable=False),
        Column("entered", Integer, nullable=False),
        Column("due_at", String(27)),
        Column("clock_used_s", Integer, nullable=False),
        Column("clock_since", String(27)),
        Column("content", Text, nullable=False),
        Column("detail", Text, nullable=False),
        *more,
    )


def evidence_table(metadata: MetaData, cases: str, key: str, *more: SchemaItem) -> Table:
    """Declare the table of documents sent for a case; parameters as ``revisions_table`` has them."""
    return Table(
        "evidence",
        metadata,
        Column(key, String(36), ForeignKey(f"{cases}.id"), primary_key=True),
        Column("number", Integer, primary_key=True),
        Column("kind", String(64), nullable=False),
        Column("name", String(255), nullable=False),
        Column("media_type", String(127), nullable=False),
        Column("size", Integer, nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("added_at", String(27), nullable=False),
        Column("added_by", String(128), nullable=False),
        *more,
    )
