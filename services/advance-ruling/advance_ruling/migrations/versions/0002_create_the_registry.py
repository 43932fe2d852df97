"""create the registry, and what comes from other services

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

_SEARCH = {
    'sqlite': [
        "CREATE VIRTUAL TABLE registry_search USING fts5("
        "body, tags, content='', tokenize=\"unicode61 remove_diacritics 0 tokenchars '=.-_'\")",
    ],
    'postgresql': [
        "CREATE TABLE registry_search (rowid BIGINT PRIMARY KEY, body TEXT NOT NULL, tags TEXT NOT NULL,"
        " words TSVECTOR NOT NULL GENERATED ALWAYS AS (array_to_tsvector("
        "string_to_array(body, ' ') || string_to_array(tags, ' '))) STORED)",
        "CREATE INDEX ix_registry_search_words ON registry_search USING gin (words) WITH (fastupdate = off)",
    ],
}


def upgrade() -> None:
    op.create_table('inbox',
    sa.Column('source', sa.String(length=128), nullable=False),
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('type', sa.String(length=64), nullable=False),
    sa.Column('received_at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('source', 'id', name=op.f('pk_inbox'))
    )
    op.create_table('law_changes',
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('pack_digest', sa.String(length=80), nullable=False),
    sa.Column('into', sa.String(length=2), nullable=False),
    sa.Column('found_at', sa.String(length=27), nullable=False),
    sa.Column('ends_at', sa.String(length=27), nullable=True),
    sa.Column('outcome', sa.String(length=24), nullable=False),
    sa.Column('changed', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['number'], ['rulings.number'], name=op.f('fk_law_changes_number_rulings')),
    sa.PrimaryKeyConstraint('number', 'pack_digest', name=op.f('pk_law_changes'))
    )
    op.create_table('digest_drafts',
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.String(length=36), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.String(length=27), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_digest_drafts_application_id_applications')),
    sa.ForeignKeyConstraint(['number'], ['ruling_numbers.number'], name=op.f('fk_digest_drafts_number_ruling_numbers')),
    sa.PrimaryKeyConstraint('number', 'version', name=op.f('pk_digest_drafts')),
    sa.UniqueConstraint('application_id', 'revision', name=op.f('uq_digest_drafts_application_id_revision'))
    )
    op.create_table('digest_patterns',
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('pattern', sa.String(length=64), nullable=False),
    sa.Column('holder', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('number', 'version', 'level', name=op.f('pk_digest_patterns'))
    )
    with op.batch_alter_table('digest_patterns', schema=None) as batch_op:
        batch_op.create_index('ix_digest_patterns_pattern_holder', ['pattern', 'holder'], unique=False)

    op.create_table('digests',
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('place', sa.BigInteger(), nullable=False),
    sa.Column('into', sa.String(length=2), nullable=False),
    sa.Column('class_id', sa.String(length=64), nullable=False),
    sa.Column('decided_on', sa.String(length=10), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('published_at', sa.String(length=27), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('number', 'version', name=op.f('pk_digests')),
    sa.UniqueConstraint('place', name=op.f('uq_digests_place'))
    )
    for statement in _SEARCH[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE registry_search")
    op.drop_table('digests')
    with op.batch_alter_table('digest_patterns', schema=None) as batch_op:
        batch_op.drop_index('ix_digest_patterns_pattern_holder')

    op.drop_table('digest_patterns')
    op.drop_table('digest_drafts')
    op.drop_table('law_changes')
    op.drop_table('inbox')
