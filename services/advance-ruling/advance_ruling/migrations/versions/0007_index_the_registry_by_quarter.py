"""index the registry by quarter, so that the latest digests with a word can be listed without the others

Revision: 0007, after 0006
"""

from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

_INDEX = 'ix_registry_search_quarters'
#: Every term of a digest, with the number of its quarter behind it: 91 days, at a million places a day.
_TERMS = (
    "string_to_array(replace(body || ' ' || tags, ' ', '@' || (rowid / 91000000)::text || ' ')"
    " || '@' || (rowid / 91000000)::text, ' ')"
)


def upgrade() -> None:
    if op.get_context().dialect.name == 'postgresql':
        with op.get_context().autocommit_block():
            op.execute(f'DROP INDEX CONCURRENTLY IF EXISTS {_INDEX}')
            op.execute(
                f'CREATE INDEX CONCURRENTLY {_INDEX} ON registry_search USING gin ({_TERMS}) WITH (fastupdate = off)'
            )


def downgrade() -> None:
    if op.get_context().dialect.name == 'postgresql':
        with op.get_context().autocommit_block():
            op.execute(f'DROP INDEX CONCURRENTLY IF EXISTS {_INDEX}')
