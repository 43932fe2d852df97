"""add lists of subjects, remedies and port notices

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('exits',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('left_on', sa.String(length=10), nullable=False),
    sa.Column('port', sa.String(length=64), nullable=False),
    sa.Column('carrier', sa.String(length=64), nullable=True),
    sa.Column('person_key', sa.String(length=64), nullable=False),
    sa.Column('document_key', sa.String(length=64), nullable=True),
    sa.Column('added_at', sa.String(length=27), nullable=False),
    sa.Column('added_by', sa.String(length=128), nullable=False),
    sa.Column('batch_id', sa.String(length=36), nullable=False),
    sa.PrimaryKeyConstraint('id', 'version', name=op.f('pk_exits'))
    )
    with op.batch_alter_table('exits', schema=None) as batch_op:
        batch_op.create_index('ix_exits_batch_id', ['batch_id'], unique=False)
        batch_op.create_index('ix_exits_document_key_left_on', ['document_key', 'left_on'], unique=False)
        batch_op.create_index('ix_exits_person_key_left_on', ['person_key', 'left_on'], unique=False)

    op.create_table('lookouts',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('list', sa.String(length=64), nullable=False),
    sa.Column('owner_unit', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.String(length=32), nullable=False),
    sa.Column('surname', sa.String(length=120), nullable=False),
    sa.Column('given_names', sa.String(length=120), nullable=False),
    sa.Column('born_on', sa.String(length=10), nullable=True),
    sa.Column('issued_by', sa.String(length=2), nullable=True),
    sa.Column('document_number', sa.String(length=30), nullable=True),
    sa.Column('ends_on', sa.String(length=10), nullable=True),
    sa.Column('withdrawn', sa.Integer(), nullable=False),
    sa.Column('person_key', sa.String(length=64), nullable=False),
    sa.Column('document_key', sa.String(length=64), nullable=True),
    sa.Column('added_at', sa.String(length=27), nullable=False),
    sa.Column('added_by', sa.String(length=128), nullable=False),
    sa.Column('batch_id', sa.String(length=36), nullable=False),
    sa.PrimaryKeyConstraint('id', 'version', name=op.f('pk_lookouts'))
    )
    with op.batch_alter_table('lookouts', schema=None) as batch_op:
        batch_op.create_index('ix_lookouts_batch_id', ['batch_id'], unique=False)
        batch_op.create_index('ix_lookouts_document_key', ['document_key'], unique=False)
        batch_op.create_index('ix_lookouts_person_key', ['person_key'], unique=False)

    op.create_table('members',
    sa.Column('number', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('programme', sa.String(length=32), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('valid_until', sa.String(length=10), nullable=False),
    sa.Column('classes', sa.Text(), nullable=False),
    sa.Column('endorsements', sa.Text(), nullable=False),
    sa.Column('person_key', sa.String(length=64), nullable=False),
    sa.Column('document_key', sa.String(length=64), nullable=True),
    sa.Column('added_at', sa.String(length=27), nullable=False),
    sa.Column('added_by', sa.String(length=128), nullable=False),
    sa.Column('batch_id', sa.String(length=36), nullable=False),
    sa.PrimaryKeyConstraint('number', 'version', name=op.f('pk_members'))
    )
    with op.batch_alter_table('members', schema=None) as batch_op:
        batch_op.create_index('ix_members_batch_id', ['batch_id'], unique=False)
        batch_op.create_index('ix_members_document_key', ['document_key'], unique=False)
        batch_op.create_index('ix_members_person_key', ['person_key'], unique=False)

    op.create_table('remedies',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('case_id', sa.String(length=36), nullable=False),
    sa.Column('control_number', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('person_key', sa.String(length=64), nullable=True),
    sa.Column('document_key', sa.String(length=64), nullable=True),
    sa.Column('membership', sa.String(length=32), nullable=True),
    sa.Column('record_kind', sa.String(length=16), nullable=True),
    sa.Column('record_id', sa.String(length=64), nullable=True),
    sa.Column('record_version', sa.Integer(), nullable=True),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('body_digest', sa.String(length=64), nullable=False),
    sa.Column('applied_at', sa.String(length=27), nullable=False),
    sa.Column('applied_by', sa.String(length=128), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remedies'))
    )
    with op.batch_alter_table('remedies', schema=None) as batch_op:
        batch_op.create_index('ix_remedies_document_key', ['document_key'], unique=False)
        batch_op.create_index('ix_remedies_membership', ['membership'], unique=False)
        batch_op.create_index('ix_remedies_person_key', ['person_key'], unique=False)
        batch_op.create_index('ix_remedies_record_kind_record_id', ['record_kind', 'record_id'], unique=False)

    op.create_table('port_notices',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('port_id', sa.String(length=16), nullable=False),
    sa.Column('requirement', sa.String(length=64), nullable=False),
    sa.Column('class_ids', sa.Text(), nullable=False),
    sa.Column('texts', sa.Text(), nullable=False),
    sa.Column('made_at', sa.String(length=27), nullable=False),
    sa.Column('made_by', sa.String(length=128), nullable=False),
    sa.Column('block_after', sa.String(length=27), nullable=False),
    sa.ForeignKeyConstraint(['port_id'], ['ports.id'], name=op.f('fk_port_notices_port_id_ports')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_port_notices'))
    )
    with op.batch_alter_table('port_notices', schema=None) as batch_op:
        batch_op.create_index('ix_port_notices_port_id_made_at', ['port_id', 'made_at'], unique=False)

    op.create_table('port_notice_readings',
    sa.Column('notice_id', sa.String(length=36), nullable=False),
    sa.Column('officer', sa.String(length=128), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('port_id', sa.String(length=16), nullable=False),
    sa.Column('at', sa.String(length=27), nullable=False),
    sa.ForeignKeyConstraint(['notice_id'], ['port_notices.id'], name=op.f('fk_port_notice_readings_notice_id_port_notices')),
    sa.PrimaryKeyConstraint('notice_id', 'officer', name=op.f('pk_port_notice_readings')),
    sa.UniqueConstraint('id', name=op.f('uq_port_notice_readings_id'))
    )
    op.create_table('remedy_uses',
    sa.Column('remedy_id', sa.String(length=36), nullable=False),
    sa.Column('examination_id', sa.String(length=36), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('port_id', sa.String(length=16), nullable=False),
    sa.Column('used_at', sa.String(length=27), nullable=False),
    sa.ForeignKeyConstraint(['examination_id'], ['examinations.id'], name=op.f('fk_remedy_uses_examination_id_examinations')),
    sa.ForeignKeyConstraint(['remedy_id'], ['remedies.id'], name=op.f('fk_remedy_uses_remedy_id_remedies')),
    sa.PrimaryKeyConstraint('remedy_id', 'examination_id', name=op.f('pk_remedy_uses'))
    )
    with op.batch_alter_table('remedy_uses', schema=None) as batch_op:
        batch_op.create_index('ix_remedy_uses_examination_id', ['examination_id'], unique=False)

    op.create_table('stays',
    sa.Column('examination_id', sa.String(length=36), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('port_id', sa.String(length=16), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('class_id', sa.String(length=64), nullable=True),
    sa.Column('from_on', sa.String(length=10), nullable=False),
    sa.Column('until', sa.String(length=10), nullable=True),
    sa.Column('person_key', sa.String(length=64), nullable=False),
    sa.Column('document_key', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['examination_id'], ['examinations.id'], name=op.f('fk_stays_examination_id_examinations')),
    sa.PrimaryKeyConstraint('examination_id', 'revision', name=op.f('pk_stays'))
    )
    with op.batch_alter_table('stays', schema=None) as batch_op:
        batch_op.create_index('ix_stays_document_key_from_on', ['document_key', 'from_on'], unique=False)
        batch_op.create_index('ix_stays_person_key_from_on', ['person_key', 'from_on'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('stays', schema=None) as batch_op:
        batch_op.drop_index('ix_stays_person_key_from_on')
        batch_op.drop_index('ix_stays_document_key_from_on')

    op.drop_table('stays')
    with op.batch_alter_table('remedy_uses', schema=None) as batch_op:
        batch_op.drop_index('ix_remedy_uses_examination_id')

    op.drop_table('remedy_uses')
    op.drop_table('port_notice_readings')
    with op.batch_alter_table('port_notices', schema=None) as batch_op:
        batch_op.drop_index('ix_port_notices_port_id_made_at')

    op.drop_table('port_notices')
    with op.batch_alter_table('remedies', schema=None) as batch_op:
        batch_op.drop_index('ix_remedies_record_kind_record_id')
        batch_op.drop_index('ix_remedies_person_key')
        batch_op.drop_index('ix_remedies_membership')
        batch_op.drop_index('ix_remedies_document_key')

    op.drop_table('remedies')
    with op.batch_alter_table('members', schema=None) as batch_op:
        batch_op.drop_index('ix_members_person_key')
        batch_op.drop_index('ix_members_document_key')
        batch_op.drop_index('ix_members_batch_id')

    op.drop_table('members')
    with op.batch_alter_table('lookouts', schema=None) as batch_op:
        batch_op.drop_index('ix_lookouts_person_key')
        batch_op.drop_index('ix_lookouts_document_key')
        batch_op.drop_index('ix_lookouts_batch_id')

    op.drop_table('lookouts')
    with op.batch_alter_table('exits', schema=None) as batch_op:
        batch_op.drop_index('ix_exits_person_key_left_on')
        batch_op.drop_index('ix_exits_document_key_left_on')
        batch_op.drop_index('ix_exits_batch_id')

    op.drop_table('exits')
