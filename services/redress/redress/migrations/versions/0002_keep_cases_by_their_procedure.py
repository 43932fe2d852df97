"""keep cases by their procedure

Revision: 0002, after 0001
"""

import json
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import context, op

from crossing.kit.database import format_instant
from crossing.kit.jobs import job
from crossing.kit.json_text import json_text
from crossing.kit.ledger import AuditEntry, Insert, chained, content_digest

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

# The procedure as it was when cases began to follow it.
_LOOK_WITHIN = timedelta(hours=4)
_DEEMED_AFTER = timedelta(days=120)


def upgrade() -> None:
    # Before any table refers to it: SQLite makes the table anew.
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.alter_column('examination_id',
               existing_type=sa.VARCHAR(length=36),
               nullable=True)

    op.create_table('staff',
    sa.Column('subject', sa.String(length=128), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('unit', sa.String(length=64), nullable=False),
    sa.Column('reports_to', sa.String(length=128), nullable=True),
    sa.Column('duties', sa.Text(), nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.Column('set_by', sa.String(length=128), nullable=False),
    sa.PrimaryKeyConstraint('subject', 'version', name=op.f('pk_staff'))
    )
    op.create_table('accesses',
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('party', sa.String(length=24), nullable=False),
    sa.Column('salt', sa.String(length=32), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.String(length=27), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_accesses_case_id_cases')),
    sa.PrimaryKeyConstraint('case_id', 'number', name=op.f('pk_accesses')),
    sa.UniqueConstraint('digest', name=op.f('uq_accesses_digest'))
    )
    op.create_table('case_heads',
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('control_number', sa.String(length=16), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('priority', sa.String(length=2), nullable=False),
    sa.Column('unit', sa.String(length=64), nullable=True),
    sa.Column('assigned_to', sa.String(length=128), nullable=True),
    sa.Column('due_at', sa.String(length=27), nullable=False),
    sa.Column('opened_at', sa.String(length=27), nullable=False),
    sa.Column('open', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_heads_case_id_cases')),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_case_heads'))
    )
    with op.batch_alter_table('case_heads', schema=None) as batch_op:
        batch_op.create_index('ix_case_heads_assigned_to_due_at', ['open', 'assigned_to', 'due_at', 'case_id'], unique=False)
        batch_op.create_index('ix_case_heads_open_due_at', ['open', 'due_at', 'case_id'], unique=False)
        batch_op.create_index('ix_case_heads_priority_due_at', ['open', 'priority', 'due_at', 'case_id'], unique=False)
        batch_op.create_index('ix_case_heads_state_due_at', ['state', 'due_at', 'case_id'], unique=False)
        batch_op.create_index('ix_case_heads_unit_due_at', ['open', 'unit', 'due_at', 'case_id'], unique=False)

    op.create_table('evidence',
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('media_type', sa.String(length=127), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('added_at', sa.String(length=27), nullable=False),
    sa.Column('added_by', sa.String(length=128), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_evidence_case_id_cases')),
    sa.PrimaryKeyConstraint('case_id', 'number', name=op.f('pk_evidence'))
    )
    op.create_table('inquiries',
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('subject_key', sa.String(length=64), nullable=False),
    sa.Column('document_key', sa.String(length=64), nullable=True),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('created_at', sa.String(length=27), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_inquiries_case_id_cases')),
    sa.PrimaryKeyConstraint('case_id', 'revision', 'position', name=op.f('pk_inquiries'))
    )
    with op.batch_alter_table('inquiries', schema=None) as batch_op:
        batch_op.create_index('ix_inquiries_document_key', ['document_key'], unique=False)
        batch_op.create_index('ix_inquiries_subject_key', ['subject_key'], unique=False)

    op.create_table('port_notices',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('port_id', sa.String(length=16), nullable=False),
    sa.Column('requirement', sa.String(length=64), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('made_at', sa.String(length=27), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_port_notices_case_id_cases')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_port_notices'))
    )
    with op.batch_alter_table('port_notices', schema=None) as batch_op:
        batch_op.create_index('ix_port_notices_case_id_revision', ['case_id', 'revision'], unique=False)
        batch_op.create_index('ix_port_notices_port_id_requirement', ['port_id', 'requirement'], unique=False)

    op.create_table('remedies',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('ordered_at', sa.String(length=27), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_remedies_case_id_cases')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remedies'))
    )
    with op.batch_alter_table('remedies', schema=None) as batch_op:
        batch_op.create_index('ix_remedies_case_id_revision', ['case_id', 'revision'], unique=False)

    op.create_table('revisions',
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.Column('actor', sa.String(length=128), nullable=False),
    sa.Column('party', sa.String(length=24), nullable=False),
    sa.Column('event', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('entered', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.String(length=27), nullable=True),
    sa.Column('clock_used_s', sa.Integer(), nullable=False),
    sa.Column('clock_since', sa.String(length=27), nullable=True),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_revisions_case_id_cases')),
    sa.PrimaryKeyConstraint('case_id', 'revision', name=op.f('pk_revisions'))
    )
    with op.batch_alter_table('revisions', schema=None) as batch_op:
        batch_op.create_index('ix_revisions_event_at', ['event', 'at'], unique=False)

    op.create_table('worked_examples',
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('requirement', sa.String(length=64), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('made_at', sa.String(length=27), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_worked_examples_case_id_cases')),
    sa.PrimaryKeyConstraint('case_id', 'revision', name=op.f('pk_worked_examples'))
    )
    op.create_table('remedy_states',
    sa.Column('remedy_id', sa.String(length=36), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=True),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.ForeignKeyConstraint(['remedy_id'], ['remedies.id'], name=op.f('fk_remedy_states_remedy_id_remedies')),
    sa.PrimaryKeyConstraint('remedy_id', name=op.f('pk_remedy_states'))
    )
    with op.batch_alter_table('remedy_states', schema=None) as batch_op:
        batch_op.create_index('ix_remedy_states_state_at', ['state', 'at'], unique=False)
    if not context.is_offline_mode():
        _begin_cases(op.get_bind())


def downgrade() -> None:
    with op.batch_alter_table('remedy_states', schema=None) as batch_op:
        batch_op.drop_index('ix_remedy_states_state_at')

    op.drop_table('remedy_states')
    op.drop_table('worked_examples')
    with op.batch_alter_table('revisions', schema=None) as batch_op:
        batch_op.drop_index('ix_revisions_event_at')

    op.drop_table('revisions')
    with op.batch_alter_table('remedies', schema=None) as batch_op:
        batch_op.drop_index('ix_remedies_case_id_revision')

    op.drop_table('remedies')
    with op.batch_alter_table('port_notices', schema=None) as batch_op:
        batch_op.drop_index('ix_port_notices_port_id_requirement')
        batch_op.drop_index('ix_port_notices_case_id_revision')

    op.drop_table('port_notices')
    with op.batch_alter_table('inquiries', schema=None) as batch_op:
        batch_op.drop_index('ix_inquiries_subject_key')
        batch_op.drop_index('ix_inquiries_document_key')

    op.drop_table('inquiries')
    op.drop_table('evidence')
    with op.batch_alter_table('case_heads', schema=None) as batch_op:
        batch_op.drop_index('ix_case_heads_unit_due_at')
        batch_op.drop_index('ix_case_heads_state_due_at')
        batch_op.drop_index('ix_case_heads_priority_due_at')
        batch_op.drop_index('ix_case_heads_open_due_at')
        batch_op.drop_index('ix_case_heads_assigned_to_due_at')

    op.drop_table('case_heads')
    op.drop_table('accesses')
    op.drop_table('staff')
    op.execute("UPDATE cases SET examination_id = '' WHERE examination_id IS NULL")
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.alter_column('examination_id',
               existing_type=sa.VARCHAR(length=36),
               nullable=False)


def _begin_cases(connection: sa.Connection) -> None:
    """Let the cases that departures opened go on: each is accepted since it was opened, with an entry of its own."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    tables, at = metadata.tables, format_instant(datetime.now(UTC))
    for row in connection.execute(sa.select(tables['cases']).order_by(tables['cases'].c.id)).mappings().all():
        case = {str(name): value for name, value in row.items()}
        revision, head, jobs = _begun(case, at)
        connection.execute(tables['revisions'].insert(), revision)
        connection.execute(tables['case_heads'].insert(), head)
        connection.execute(tables['jobs'].insert(), jobs)
        _cover(connection, tables, case, revision, at)


def _begun(case: dict, at: str) -> tuple[dict, dict, list[dict]]:
    """The first revision of a case, where it stands, and the jobs of its deadlines."""
    opened, departure = datetime.fromisoformat(case['opened_at']), json.loads(case['detail'])
    due, deemed = format_instant(opened + _LOOK_WITHIN), format_instant(opened + _DEEMED_AFTER)
    content = {
        'priority': case['priority'],
        'examination_id': case['examination_id'],
        'ruling': case['ruling'],
        'country': departure['number'][:2],
        'language': departure['language'],
        'journey': {'port': departure['port']},
        'conflicts': [{'who': departure[name], 'why': 'involved'} for name in ('proposed_by', 'confirmed_by')],
        'deemed_at': deemed,
    }
    revision = {
        'case_id': case['id'],
        'revision': 1,
        'at': case['opened_at'],
        'actor': '/admission',
        'party': 'admission',
        'event': 'open',
        'state': 'accepted',
        'entered': 1,
        'due_at': due,
        'clock_used_s': 0,
        'clock_since': case['opened_at'],
        'content': json_text(content),
        'detail': json_text({'number': departure['number'], 'ground': departure['ground']}),
    }
    head = {
        'case_id': case['id'],
        'control_number': case['control_number'],
        'revision': 1,
        'state': 'accepted',
        'priority': case['priority'],
        'unit': None,
        'assigned_to': None,
        'due_at': due,
        'opened_at': case['opened_at'],
        'open': True,
    }
    return revision, head, [_deadline(case['id'], 'escalate', due, at), _deadline(case['id'], 'deemed_outcome', deemed, at)]


def _deadline(case_id: str, event: str, due_at: str, at: str) -> dict:
    payload = {'case_id': case_id, 'entered': 1, 'revision': 1, 'event': event}
    return dict(job('deadline', f'{case_id}/1/{event}', due_at, payload, at=at).values)


def _cover(connection: sa.Connection, tables: dict, case: dict, revision: dict, at: str) -> None:
    """Put the audit entry of a first revision at the end of the chain."""
    heads, chain = tables['chain_heads'], 'cases'
    seq, previous = connection.execute(sa.select(heads.c.seq, heads.c.hash).where(heads.c.chain == chain)).one()
    rows = [Insert('cases', case), Insert('revisions', revision)]
    entry = AuditEntry(chain, at, 'case.continued', 'system', f"cases/{case['id']}/1-1", content_digest(rows))
    link = chained(previous, seq + 1, entry.body())
    values = {name: getattr(entry, name) for name in ('chain', 'at', 'event', 'actor', 'subject', 'content_digest')}
    connection.execute(tables['audit_entries'].insert(), {**values, 'seq': seq + 1, 'hash': link})
    connection.execute(heads.update().where(heads.c.chain == chain).values(seq=seq + 1, hash=link))
