"""add presented rulings, trust and jobs

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('inbox',
    sa.Column('source', sa.String(length=128), nullable=False),
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('type', sa.String(length=64), nullable=False),
    sa.Column('received_at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('source', 'id', name=op.f('pk_inbox'))
    )
    op.create_table('jobs',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=64), nullable=False),
    sa.Column('key', sa.String(length=255), nullable=False),
    sa.Column('due_at', sa.String(length=27), nullable=False),
    sa.Column('payload', sa.Text(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('leased_until', sa.String(length=27), nullable=True),
    sa.Column('lease', sa.String(length=36), nullable=True),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('last_error', sa.String(length=128), nullable=True),
    sa.Column('created_at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs')),
    sa.UniqueConstraint('key', name=op.f('uq_jobs_key'))
    )
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.create_index('ix_jobs_state_due_at', ['state', 'due_at'], unique=False)

    op.create_table('ruling_trust',
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('fetched_at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('kind', name=op.f('pk_ruling_trust'))
    )
    op.create_table('presented_rulings',
    sa.Column('examination_id', sa.String(length=36), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('port_id', sa.String(length=16), nullable=False),
    sa.Column('number', sa.String(length=64), nullable=True),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('token', sa.Text(), nullable=False),
    sa.Column('claims', sa.Text(), nullable=True),
    sa.Column('assessment', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['examination_id'], ['examinations.id'], name=op.f('fk_presented_rulings_examination_id_examinations')),
    sa.PrimaryKeyConstraint('examination_id', 'revision', 'position', name=op.f('pk_presented_rulings'))
    )
    with op.batch_alter_table('presented_rulings', schema=None) as batch_op:
        batch_op.create_index('ix_presented_rulings_number', ['number'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('presented_rulings', schema=None) as batch_op:
        batch_op.drop_index('ix_presented_rulings_number')

    op.drop_table('presented_rulings')
    op.drop_table('ruling_trust')
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.drop_index('ix_jobs_state_due_at')

    op.drop_table('jobs')
    op.drop_table('inbox')
