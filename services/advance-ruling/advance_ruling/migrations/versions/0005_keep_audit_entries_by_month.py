"""keep audit entries by month

Revision: 0005, after 0004

SQLite keeps its table as it is.
"""

from alembic import op
from crossing.kit.repartition import AUDIT_ENTRIES, exchange, first_bound, prepare, restore

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_context().dialect.name == 'sqlite':
        return
    bound = first_bound(AUDIT_ENTRIES)
    with op.get_context().autocommit_block():
        prepare(AUDIT_ENTRIES, bound)
    exchange(AUDIT_ENTRIES, bound)


def downgrade() -> None:
    if op.get_context().dialect.name == 'postgresql':
        restore(AUDIT_ENTRIES)
