"""file digests by the quarter of their decision, where the engine's full text cannot be read from the latest on

Revision: 0003, after 0002
"""

from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

# A place begins with the ordinal day of the decision, of which 1 January of the year 1 is the first.
_QUARTER = "to_char(DATE '0001-01-01' + (rowid / 1000000 - 1)::int, 'YYYY\"q\"Q')"
_FILED = {
    'sqlite': [],
    'postgresql': [f"UPDATE registry_search SET tags = tags || ' quarter=' || {_QUARTER}"],
}
_UNFILED = {
    'sqlite': [],
    'postgresql': ["UPDATE registry_search SET tags = regexp_replace(tags, ' quarter=[^ ]*', '')"],
}


def upgrade() -> None:
    for statement in _FILED[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in _UNFILED[op.get_context().dialect.name]:
        op.execute(statement)
