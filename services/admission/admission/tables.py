"""Tables of the admission service. Rows are only inserted; an examination's state is its latest revision.

What an audit entry covers is kept as the text it was digested from (canonical JSON), so that it verifies for ever.
"""

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, Integer, String, Table, Text

from crossing.desk.lawbook import rule_packs_table
from crossing.kit.database import new_metadata
from crossing.kit.grants import DELETE, may
from crossing.kit.idempotency import idempotency_table
from crossing.kit.inbox import inbox_table
from crossing.kit.jobs import jobs_table
from crossing.kit.ledger import audit_tables
from crossing.kit.partitions import with_default
from crossing.kit.readiness import readiness_table
from crossing.kit.verifications import verifications_table

metadata = new_metadata()
audit_tables(metadata)
verifications_table(metadata)
idempotency_table(metadata)
inbox_table(metadata)
rule_packs_table(metadata)
jobs_table(metadata)
readiness_table(metadata)

ports = Table(
    "ports",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("country", String(2), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("mode", String(8), nullable=False),
    Column("name", String(120), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("created_at", String(27), nullable=False),
)

terminals = Table(
    "terminals",
    metadata,
    Column("port_id", String(16), ForeignKey("ports.id"), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("created_at", String(27), nullable=False),
)

#: The port is of the key of whatever belongs to an examination, so that ports may be kept on servers of their own.
examinations = Table(
    "examinations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("port_id", String(16), ForeignKey("ports.id"), primary_key=True),
    Column("terminal_id", String(32)),
    Column("opened_at", String(27), nullable=False),
    Column("opened_by", String(128), nullable=False),
    Column("language", String(2), nullable=False),
    Column("identity", Text, nullable=False),
    Column("document_key", String(64), nullable=False),
    Column("person_key", String(64), nullable=False),
    Index("ix_examinations_port_id_id", "port_id", "id"),
    Index("ix_examinations_document_key_id", "document_key", "id"),
    Index("ix_examinations_person_key_id", "person_key", "id"),
    postgresql_partition_by="RANGE (id)",
)
with_default(examinations)


def of_an_examination() -> ForeignKeyConstraint:
    """Holds a row, by its ``examination_id`` and ``port_id``, to the examination."""
    return ForeignKeyConstraint(["examination_id", "port_id"], ["examinations.id", "examinations.port_id"])


revisions = Table(
    "revisions",
    metadata,
    Column("examination_id", String(36), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("port_id", String(16), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("state", String(32), nullable=False),
    Column("at", String(27), nullable=False),
    Column("actor", String(128), nullable=False),
    Column("terminal_id", String(32)),
    Column("country", String(2), nullable=False),
    Column("day", String(10), nullable=False),
    Column("seeking", Text, nullable=False),
    Column("overlays", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("findings", Text, nullable=False),
    Column("pack_digest", String(80), nullable=False),
    Column("classes", Text, nullable=False),
    Column("determination_digest", String(80), nullable=False),
    Column("detail", Text, nullable=False),
    of_an_examination(),
    Index("ix_revisions_port_id_at", "port_id", "at"),
    postgresql_partition_by="RANGE (examination_id)",
)
with_default(revisions)

#: What was found of each ruling presented, at the opening and again whenever facts were added.
presented_rulings = Table(
    "presented_rulings",
    metadata,
    Column("examination_id", String(36), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("port_id", String(16), primary_key=True),
    Column("number", String(64)),
    Column("outcome", String(16), nullable=False),
    Column("token", Text, nullable=False),
    Column("claims", Text),
    Column("assessment", Text, nullable=False),
    of_an_examination(),
    Index("ix_presented_rulings_number", "number"),
)

#: The ruling service's keys and status list as they were last fetched and found good: with them a port works alone.
ruling_trust = Table(
    "ruling_trust",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("content", Text, nullable=False),
    Column("fetched_at", String(27), nullable=False),
    info=may(DELETE),
)
