"""Tables of the redress service. Rows are only inserted."""

from sqlalchemy import Column, Index, String, Table, Text

from crossing.kit.database import new_metadata
from crossing.kit.idempotency import idempotency_table
from crossing.kit.inbox import inbox_table
from crossing.kit.jobs import jobs_table
from crossing.kit.ledger import audit_tables

metadata = new_metadata()
audit_tables(metadata)
idempotency_table(metadata)
inbox_table(metadata)
jobs_table(metadata)

cases = Table(
    "cases",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("control_number", String(16), nullable=False, unique=True),
    Column("priority", String(2), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("opened_at", String(27), nullable=False),
    Column("examination_id", String(36), nullable=False),
    Column("ruling", String(64)),
    Column("detail", Text, nullable=False),
    Index("ix_cases_examination_id", "examination_id"),
)
