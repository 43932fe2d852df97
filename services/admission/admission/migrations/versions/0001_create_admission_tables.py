"""create admission tables

Revision: 0001, after 
"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_entries',
    sa.Column('chain', sa.String(length=64), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.Column('event', sa.String(length=64), nullable=False),
    sa.Column('actor', sa.String(length=128), nullable=False),
    sa.Column('subject', sa.String(length=128), nullable=False),
    sa.Column('content_digest', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('chain', 'seq', name=op.f('pk_audit_entries'))
    )
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entries_subject'), ['subject'], unique=False)

    op.create_table('chain_heads',
    sa.Column('chain', sa.String(length=64), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('chain', name=op.f('pk_chain_heads'))
    )
    op.create_table('idempotency_keys',
    sa.Column('caller', sa.String(length=128), nullable=False),
    sa.Column('key', sa.String(length=255), nullable=False),
    sa.Column('request_digest', sa.String(length=64), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('etag', sa.String(length=32), nullable=True),
    sa.Column('location', sa.String(length=255), nullable=True),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('caller', 'key', name=op.f('pk_idempotency_keys'))
    )
    op.create_table('ports',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('mode', sa.String(length=8), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('time_zone', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ports'))
    )
    op.create_table('rule_packs',
    sa.Column('digest', sa.String(length=80), nullable=False),
    sa.Column('pack_id', sa.String(length=16), nullable=False),
    sa.Column('version', sa.String(length=32), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('first_used_at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_rule_packs'))
    )
    op.create_table('examinations',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('port_id', sa.String(length=16), nullable=False),
    sa.Column('terminal_id', sa.String(length=32), nullable=True),
    sa.Column('opened_at', sa.String(length=27), nullable=False),
    sa.Column('opened_by', sa.String(length=128), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('identity', sa.Text(), nullable=False),
    sa.Column('document_key', sa.String(length=64), nullable=False),
    sa.Column('person_key', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['port_id'], ['ports.id'], name=op.f('fk_examinations_port_id_ports')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_examinations'))
    )
    with op.batch_alter_table('examinations', schema=None) as batch_op:
        batch_op.create_index('ix_examinations_document_key', ['document_key'], unique=False)
        batch_op.create_index('ix_examinations_person_key', ['person_key'], unique=False)
        batch_op.create_index('ix_examinations_port_id_id', ['port_id', 'id'], unique=False)

    op.create_table('terminals',
    sa.Column('port_id', sa.String(length=16), nullable=False),
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('created_at', sa.String(length=27), nullable=False),
    sa.ForeignKeyConstraint(['port_id'], ['ports.id'], name=op.f('fk_terminals_port_id_ports')),
    sa.PrimaryKeyConstraint('port_id', 'id', name=op.f('pk_terminals'))
    )
    op.create_table('revisions',
    sa.Column('examination_id', sa.String(length=36), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('port_id', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.Column('actor', sa.String(length=128), nullable=False),
    sa.Column('terminal_id', sa.String(length=32), nullable=True),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.Column('seeking', sa.Text(), nullable=False),
    sa.Column('overlays', sa.Text(), nullable=False),
    sa.Column('facts', sa.Text(), nullable=False),
    sa.Column('findings', sa.Text(), nullable=False),
    sa.Column('pack_digest', sa.String(length=80), nullable=False),
    sa.Column('classes', sa.Text(), nullable=False),
    sa.Column('determination_digest', sa.String(length=80), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['examination_id'], ['examinations.id'], name=op.f('fk_revisions_examination_id_examinations')),
    sa.PrimaryKeyConstraint('examination_id', 'revision', name=op.f('pk_revisions'))
    )
    with op.batch_alter_table('revisions', schema=None) as batch_op:
        batch_op.create_index('ix_revisions_port_id_at', ['port_id', 'at'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('revisions', schema=None) as batch_op:
        batch_op.drop_index('ix_revisions_port_id_at')

    op.drop_table('revisions')
    op.drop_table('terminals')
    with op.batch_alter_table('examinations', schema=None) as batch_op:
        batch_op.drop_index('ix_examinations_port_id_id')
        batch_op.drop_index('ix_examinations_person_key')
        batch_op.drop_index('ix_examinations_document_key')

    op.drop_table('examinations')
    op.drop_table('rule_packs')
    op.drop_table('ports')
    op.drop_table('idempotency_keys')
    op.drop_table('chain_heads')
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_entries_subject'))

    op.drop_table('audit_entries')
