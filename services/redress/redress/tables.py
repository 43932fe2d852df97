"""Tables of the redress service. Rows are only inserted, but for read models; a case's state is its latest revision.

One audit chain covers everything; ``covered.py`` says which rows.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from crossing.casework.tables import evidence_table, revisions_table
from crossing.kit.database import new_metadata
from crossing.kit.grants import UPDATE, may
from crossing.kit.idempotency import idempotency_table
from crossing.kit.inbox import inbox_table
from crossing.kit.jobs import jobs_table
from crossing.kit.ledger import audit_tables
from crossing.kit.readiness import readiness_table
from crossing.kit.verifications import verifications_table

metadata = new_metadata()
audit_tables(metadata)
verifications_table(metadata)
idempotency_table(metadata)
inbox_table(metadata)
jobs_table(metadata)
readiness_table(metadata)

cases = Table(
    "cases",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("control_number", String(16), nullable=False, unique=True),
    Column("priority", String(2), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("opened_at", String(27), nullable=False),
    Column("examination_id", String(36)),
    Column("ruling", String(64)),
    Column("detail", Text, nullable=False),
    Index("ix_cases_examination_id", "examination_id"),
)

#: What a case is found by: keyed hashes of the person and of a document; a correction adds rows.
inquiries = Table(
    "inquiries",
    metadata,
    Column("case_id", String(36), ForeignKey("cases.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("subject_key", String(64), nullable=False),
    Column("document_key", String(64)),
    Column("language", String(2), nullable=False),
    Column("created_at", String(27), nullable=False),
    Index("ix_inquiries_subject_key", "subject_key"),
    Index("ix_inquiries_document_key", "document_key"),
)

#: Who opens a case by its number: ``digest`` is the keyed hash of number and secret, which is made from ``salt`` with
#: the service's key and kept nowhere. Whether a representative's still counts is in the case file.
accesses = Table(
    "accesses",
    metadata,
    Column("case_id", String(36), ForeignKey("cases.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("party", String(24), nullable=False),
    Column("salt", String(32), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("made_at", String(27), nullable=False),
)

revisions = revisions_table(metadata, "cases", "case_id", Index("ix_revisions_event_at", "event", "at"))
evidence = evidence_table(metadata, "cases", "case_id", Column("revision", Integer, nullable=False))

#: Corrections as they were ordered; ``version`` is that of the record as it was looked at.
remedies = Table(
    "remedies",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("case_id", String(36), ForeignKey("cases.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("content", Text, nullable=False),
    Column("ordered_at", String(27), nullable=False),
    Index("ix_remedies_case_id_revision", "case_id", "revision"),
)

#: What a decision teaches about a requirement, without anything personal.
worked_examples = Table(
    "worked_examples",
    metadata,
    Column("case_id", String(36), ForeignKey("cases.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("requirement", String(64), nullable=False),
    Column("country", String(2), nullable=False),
    Column("content", Text, nullable=False),
    Column("made_at", String(27), nullable=False),
)

#: Notices to ports, with the case that was the last of its kind.
port_notices = Table(
    "port_notices",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("case_id", String(36), ForeignKey("cases.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("port_id", String(16), nullable=False),
    Column("requirement", String(64), nullable=False),
    Column("content", Text, nullable=False),
    Column("made_at", String(27), nullable=False),
    Index("ix_port_notices_port_id_requirement", "port_id", "requirement"),
    Index("ix_port_notices_case_id_revision", "case_id", "revision"),
)

staff = Table(
    "staff",
    metadata,
    Column("subject", String(128), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("unit", String(64), nullable=False),
    Column("reports_to", String(128)),
    Column("duties", Text, nullable=False),
    Column("at", String(27), nullable=False),
    Column("set_by", String(128), nullable=False),
)

#: Read model: where each case stands, for lists. Made anew from the revisions at any time.
case_heads = Table(
    "case_heads",
    metadata,
    Column("case_id", String(36), ForeignKey("cases.id"), primary_key=True),
    Column("control_number", String(16), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", String(24), nullable=False),
    Column("priority", String(2), nullable=False),
    Column("unit", String(64)),
    Column("assigned_to", String(128)),
    Column("due_at", String(27), nullable=False),
    Column("opened_at", String(27), nullable=False),
    Column("open", Boolean, nullable=False),
    Index("ix_case_heads_open_due_at", "open", "due_at", "case_id"),
    Index("ix_case_heads_state_due_at", "state", "due_at", "case_id"),
    Index("ix_case_heads_priority_due_at", "open", "priority", "due_at", "case_id"),
    Index("ix_case_heads_unit_due_at", "open", "unit", "due_at", "case_id"),
    Index("ix_case_heads_assigned_to_due_at", "open", "assigned_to", "due_at", "case_id"),
    info=may(UPDATE),
)

#: Read model: how far each remedy is.
remedy_states = Table(
    "remedy_states",
    metadata,
    Column("remedy_id", String(36), ForeignKey("remedies.id"), primary_key=True),
    Column("case_id", String(36), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", Integer),
    Column("at", String(27), nullable=False),
    Index("ix_remedy_states_state_at", "state", "at"),
    info=may(UPDATE),
)
