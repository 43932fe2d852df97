"""Tables of lists of persons, remedies and notices to ports. Rows are only inserted; the latest version counts."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from admission.tables import metadata, of_an_examination


def _brought() -> tuple[Column[str], ...]:
    """Columns of a list that say when, by whom and with what a row was brought."""
    return (
        Column("added_at", String(27), nullable=False),
        Column("added_by", String(128), nullable=False),
        Column("batch_id", String(36), nullable=False),
    )


#: Lists of persons and records, as they are brought in: an entry that changes is brought again as its next version.
#: ``batch_id`` is the import or the remedy that brought a row, by which its audit entry finds it. ``person_key`` is a
#: keyed hash of name and birth date alone, because a person may have two citizenships.
lookouts = Table(
    "lookouts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("list", String(64), nullable=False),
    Column("owner_unit", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("surname", String(120), nullable=False),
    Column("given_names", String(120), nullable=False),
    Column("born_on", String(10)),
    Column("issued_by", String(2)),
    Column("document_number", String(30)),
    Column("ends_on", String(10)),
    Column("withdrawn", Integer, nullable=False),
    Column("person_key", String(64), nullable=False),
    Column("document_key", String(64)),
    *_brought(),
    Index("ix_lookouts_person_key", "person_key"),
    Index("ix_lookouts_document_key", "document_key"),
    Index("ix_lookouts_batch_id", "batch_id"),
)

#: Trusted travellers.
members = Table(
    "members",
    metadata,
    Column("number", String(32), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("programme", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("valid_until", String(10), nullable=False),
    Column("classes", Text, nullable=False),
    Column("endorsements", Text, nullable=False),
    Column("person_key", String(64), nullable=False),
    Column("document_key", String(64)),
    *_brought(),
    Index("ix_members_person_key", "person_key"),
    Index("ix_members_document_key", "document_key"),
    Index("ix_members_batch_id", "batch_id"),
)

#: Persons who left a country.
exits = Table(
    "exits",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("country", String(2), nullable=False),
    Column("left_on", String(10), nullable=False),
    Column("port", String(64), nullable=False),
    Column("carrier", String(64)),
    Column("person_key", String(64), nullable=False),
    Column("document_key", String(64)),
    *_brought(),
    Index("ix_exits_person_key_left_on", "person_key", "left_on"),
    Index("ix_exits_document_key_left_on", "document_key", "left_on"),
    Index("ix_exits_batch_id", "batch_id"),
)

#: Who was admitted until when, from the decisions of examinations; ``class_id`` is null where a decision that took the
#: place of another admits nobody any more. What a subject check asks of examinations is kept here, so that it need not
#: read them.
stays = Table(
    "stays",
    metadata,
    Column("examination_id", String(36), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("port_id", String(16), primary_key=True),
    Column("country", String(2), nullable=False),
    Column("class_id", String(64)),
    Column("from_on", String(10), nullable=False),
    Column("until", String(10)),
    Column("person_key", String(64), nullable=False),
    Column("document_key", String(64), nullable=False),
    of_an_examination(),
    Index("ix_stays_person_key_from_on", "person_key", "from_on"),
    Index("ix_stays_document_key_from_on", "document_key", "from_on"),
)

#: Corrections that redress ordered; ``version`` counts the orders of one correction, ``body_digest`` knows a repeat.
remedies = Table(
    "remedies",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("case_id", String(36), nullable=False),
    Column("control_number", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("person_key", String(64)),
    Column("document_key", String(64)),
    Column("membership", String(32)),
    Column("record_kind", String(16)),
    Column("record_id", String(64)),
    Column("record_version", Integer),
    Column("content", Text, nullable=False),
    Column("body_digest", String(64), nullable=False),
    Column("applied_at", String(27), nullable=False),
    Column("applied_by", String(128), nullable=False),
    Index("ix_remedies_person_key", "person_key"),
    Index("ix_remedies_document_key", "document_key"),
    Index("ix_remedies_membership", "membership"),
    Index("ix_remedies_record_kind_record_id", "record_kind", "record_id"),
)

#: Remedies that count once, with the revision of the examination that used them up.
remedy_uses = Table(
    "remedy_uses",
    metadata,
    Column("remedy_id", String(36), ForeignKey("remedies.id"), primary_key=True),
    Column("examination_id", String(36), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("port_id", String(16), primary_key=True),
    Column("used_at", String(27), nullable=False),
    of_an_examination(),
    Index("ix_remedy_uses_examination_id", "examination_id"),
)

#: What redress tells the officers of a port after mistakes of one kind; ``texts`` are in the three languages.
port_notices = Table(
    "port_notices",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("port_id", String(16), ForeignKey("ports.id"), nullable=False),
    Column("requirement", String(64), nullable=False),
    Column("class_ids", Text, nullable=False),
    Column("texts", Text, nullable=False),
    Column("made_at", String(27), nullable=False),
    Column("made_by", String(128), nullable=False),
    Column("block_after", String(27), nullable=False),
    Index("ix_port_notices_port_id_made_at", "port_id", "made_at"),
)

#: Which officer has read which notice; ``id`` names the reading in its audit entry.
port_notice_readings = Table(
    "port_notice_readings",
    metadata,
    Column("notice_id", String(36), ForeignKey("port_notices.id"), primary_key=True),
    Column("officer", String(128), primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("port_id", String(16), nullable=False),
    Column("at", String(27), nullable=False),
)
