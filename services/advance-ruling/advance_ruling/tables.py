"""Tables of the advance-ruling service. Rows are only inserted; an application's state is its latest revision.

The audit chains are those of the two directions: one for each country that is entered.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from crossing.casework.tables import evidence_table, revisions_table
from crossing.desk.lawbook import rule_packs_table
from crossing.kit.database import new_metadata
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
rule_packs_table(metadata)
jobs_table(metadata)
readiness_table(metadata)
inbox_table(metadata)

files = Table(
    "files",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("into", String(2), nullable=False),
    Column("class_id", String(64), nullable=False),
    Column("created_at", String(27), nullable=False),
    Column("created_by", String(128), nullable=False),
    Column("party", String(16), nullable=False),
    Column("language", String(2), nullable=False),
    Column("publication", String(16), nullable=False),
    Column("track", String(16), nullable=False),
    Column("petitioner", Text, nullable=False),
    Column("petitioner_id", String(64)),
    Column("representative", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Index("ix_files_created_by_id", "created_by", "id"),
)

applications = Table(
    "applications",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("file_id", String(36), ForeignKey("files.id"), nullable=False),
    Column("into", String(2), nullable=False),
    Column("class_id", String(64), nullable=False),
    Column("created_at", String(27), nullable=False),
    Column("created_by", String(128), nullable=False),
    Index("ix_applications_file_id", "file_id"),
    Index("ix_applications_created_by_id", "created_by", "id"),
)

#: ``pattern`` is the digest of what the case is about, whoever the person is.
revisions = revisions_table(
    metadata,
    "applications",
    "application_id",
    Column("into", String(2), nullable=False),
    Column("pattern", String(64)),
    Index("ix_revisions_state_due_at", "state", "due_at"),
    Index("ix_revisions_at", "at"),
    Index("ix_revisions_pattern", "pattern"),
)

evidence = evidence_table(metadata, "applications", "application_id", Column("requirements", Text, nullable=False))

#: A number is given once and never again, to a ruling or to a denial; ``code`` is that of the class.
ruling_numbers = Table(
    "ruling_numbers",
    metadata,
    Column("number", String(40), primary_key=True),
    Column("application_id", String(36), ForeignKey("applications.id"), nullable=False),
    Column("into", String(2), nullable=False),
    Column("code", String(16), nullable=False),
    Column("year", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("given_at", String(27), nullable=False),
    UniqueConstraint("into", "code", "year", "seq"),
    Index("ix_ruling_numbers_application_id", "application_id"),
)

rulings = Table(
    "rulings",
    metadata,
    Column("number", String(40), ForeignKey("ruling_numbers.number"), primary_key=True),
    Column("application_id", String(36), ForeignKey("applications.id"), nullable=False, unique=True),
    Column("into", String(2), nullable=False),
    Column("class_id", String(64), nullable=False),
    Column("issued_at", String(27), nullable=False),
)

#: A ruling as it was issued, and again each time it was modified: the token that is carried and what it rests on.
#: ``status_index`` is the version's place in the status list: an older one is superseded on the day a newer has effect.
ruling_versions = Table(
    "ruling_versions",
    metadata,
    Column("number", String(40), ForeignKey("rulings.number"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("status_index", Integer, nullable=False, unique=True),
    Column("made_at", String(27), nullable=False),
    Column("effective_from", String(27), nullable=False),
    Column("valid_from", String(10), nullable=False),
    Column("valid_until", String(10), nullable=False),
    Column("fingerprint", String(80), nullable=False),
    Column("token", Text, nullable=False),
    Column("holding", Text, nullable=False),
)

#: Rulings that new law would decide otherwise; ``ends_at`` is set where the law itself ends their binding effect.
law_changes = Table(
    "law_changes",
    metadata,
    Column("number", String(40), ForeignKey("rulings.number"), primary_key=True),
    Column("pack_digest", String(80), primary_key=True),
    Column("into", String(2), nullable=False),
    Column("found_at", String(27), nullable=False),
    Column("ends_at", String(27)),
    Column("outcome", String(24), nullable=False),
    Column("changed", Text, nullable=False),
)

#: What is to be published of a decision, as its holder sees it beforehand.
digest_drafts = Table(
    "digest_drafts",
    metadata,
    Column("number", String(40), ForeignKey("ruling_numbers.number"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("application_id", String(36), ForeignKey("applications.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("made_at", String(27), nullable=False),
    Column("content", Text, nullable=False),
    UniqueConstraint("application_id", "revision"),
)

#: A draft's pattern of facts, exact and ever more general; ``holder`` is a keyed hash of whoever it would name.
digest_patterns = Table(
    "digest_patterns",
    metadata,
    Column("number", String(40), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("level", Integer, primary_key=True),
    Column("pattern", String(64), nullable=False),
    Column("holder", String(64), nullable=False),
    Index("ix_digest_patterns_pattern_holder", "pattern", "holder"),
)

#: The public registry: each version of a digest that was published. ``place`` sorts by day of decision.
#: Full text is beside it in ``registry_search``, made by the migrations as each engine wants it.
digests = Table(
    "digests",
    metadata,
    Column("number", String(40), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("place", BigInteger, nullable=False, unique=True),
    Column("into", String(2), nullable=False),
    Column("class_id", String(64), nullable=False),
    Column("decided_on", String(10), nullable=False),
    Column("status", String(16), nullable=False),
    Column("published_at", String(27), nullable=False),
    Column("content", Text, nullable=False),
)

#: How far a case has used its time, told to the next level; each once.
escalations = Table(
    "escalations",
    metadata,
    Column("application_id", String(36), ForeignKey("applications.id"), primary_key=True),
    Column("entered", Integer, primary_key=True),
    Column("level", String(16), primary_key=True),
    Column("at", String(27), nullable=False),
)
