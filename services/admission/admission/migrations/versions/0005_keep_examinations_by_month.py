"""keep examinations, their revisions and audit entries by month

Revision: 0005, after 0004

The port enters the keys of whatever belongs to an examination. The release before goes on writing all the while: it
writes the same columns, and a port to every row.
"""

from alembic import op
from crossing.kit.repartition import (
    AUDIT_ENTRIES,
    Repartition,
    exchange,
    finish,
    first_bound,
    prepare,
    restore,
    unique_beforehand,
)

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

EXAMINATIONS = Repartition(
    'examinations',
    'id',
    primary=('id', 'port_id'),
    primary_before=('id',),
    indexes={
        'ix_examinations_port_id_id': ('port_id', 'id'),
        'ix_examinations_document_key_id': ('document_key', 'id'),
        'ix_examinations_person_key_id': ('person_key', 'id'),
    },
    indexes_before={
        'ix_examinations_port_id_id': ('port_id', 'id'),
        'ix_examinations_document_key': ('document_key',),
        'ix_examinations_person_key': ('person_key',),
    },
)
REVISIONS = Repartition(
    'revisions',
    'examination_id',
    primary=('examination_id', 'revision', 'port_id'),
    primary_before=('examination_id', 'revision'),
    indexes={'ix_revisions_port_id_at': ('port_id', 'at')},
    indexes_before={'ix_revisions_port_id_at': ('port_id', 'at')},
)
PARTITIONED = (EXAMINATIONS, REVISIONS, AUDIT_ENTRIES)
#: What else belongs to an examination, with its key before.
BESIDE = {
    'presented_rulings': ('examination_id', 'revision', 'position'),
    'stays': ('examination_id', 'revision'),
    'remedy_uses': ('remedy_id', 'examination_id'),
}
CHILDREN = ('revisions', *BESIDE)
_OWNER = 'FOREIGN KEY (examination_id, port_id) REFERENCES examinations (id, port_id)'
_OWNER_BEFORE = 'FOREIGN KEY (examination_id) REFERENCES examinations (id)'


def _held(table: str) -> str:
    return f'fk_{table}_examination_id_port_id_examinations'


def _held_before(table: str) -> str:
    return f'fk_{table}_examination_id_examinations'


def upgrade() -> None:
    if op.get_context().dialect.name == 'sqlite':
        _upgrade_sqlite()
        return
    bounds = {plan.table: first_bound(plan) for plan in PARTITIONED}
    with op.get_context().autocommit_block():
        for plan in PARTITIONED:
            prepare(plan, bounds[plan.table])
        for table, columns in BESIDE.items():
            unique_beforehand(f'pk_{table}_port', table, (*columns, 'port_id'))
    # Writers take the tables in this order, too, so that neither waits for the other.
    op.execute('LOCK TABLE examinations, revisions, presented_rulings, stays, remedy_uses, audit_entries')
    for table in CHILDREN:
        op.execute(f'ALTER TABLE {table} DROP CONSTRAINT {_held_before(table)}')
    exchange(EXAMINATIONS, bounds['examinations'])
    op.execute('ALTER TABLE examinations ADD CONSTRAINT fk_examinations_port_id_ports'
               ' FOREIGN KEY (port_id) REFERENCES ports (id)')
    for table in BESIDE:
        op.execute(f'ALTER TABLE {table} DROP CONSTRAINT pk_{table}')
        op.execute(f'ALTER TABLE {table} ADD CONSTRAINT pk_{table} PRIMARY KEY USING INDEX pk_{table}_port')
    for table in CHILDREN:
        op.execute(f'ALTER TABLE {table} ADD CONSTRAINT {_held(table)} {_OWNER} NOT VALID')
    exchange(REVISIONS, bounds['revisions'])
    exchange(AUDIT_ENTRIES, bounds['audit_entries'])
    with op.get_context().autocommit_block():
        finish(EXAMINATIONS)
        for table in ('revisions_first', *BESIDE):
            op.execute(f'ALTER TABLE {table} VALIDATE CONSTRAINT {_held(table.removesuffix("_first"))}')
    # What the first partition is known to hold is not looked through again.
    op.execute(f'ALTER TABLE revisions ADD CONSTRAINT {_held("revisions")} {_OWNER}')


def downgrade() -> None:
    if op.get_context().dialect.name == 'sqlite':
        _downgrade_sqlite()
        return
    for table in CHILDREN:
        op.execute(f'ALTER TABLE {table} DROP CONSTRAINT {_held(table)}')
    for table, columns in BESIDE.items():
        op.execute(f'ALTER TABLE {table} DROP CONSTRAINT pk_{table}')
        op.execute(f'ALTER TABLE {table} ADD CONSTRAINT pk_{table} PRIMARY KEY ({", ".join(columns)})')
    for plan in PARTITIONED:
        restore(plan)
    op.execute('ALTER TABLE examinations ADD CONSTRAINT fk_examinations_port_id_ports'
               ' FOREIGN KEY (port_id) REFERENCES ports (id)')
    for table in CHILDREN:
        op.execute(f'ALTER TABLE {table} ADD CONSTRAINT {_held_before(table)} {_OWNER_BEFORE}')


def _upgrade_sqlite() -> None:
    with op.batch_alter_table('examinations', recreate='always') as batch_op:
        for name in ('document_key', 'person_key'):
            batch_op.drop_index(f'ix_examinations_{name}')
            batch_op.create_index(f'ix_examinations_{name}_id', [name, 'id'], unique=False)
        batch_op.drop_constraint('pk_examinations', type_='primary')
        batch_op.create_primary_key('pk_examinations', ['id', 'port_id'])
    for table, columns in {'revisions': REVISIONS.primary_before, **BESIDE}.items():
        with op.batch_alter_table(table, recreate='always') as batch_op:
            batch_op.drop_constraint(_held_before(table), type_='foreignkey')
            batch_op.drop_constraint(f'pk_{table}', type_='primary')
            batch_op.create_primary_key(f'pk_{table}', [*columns, 'port_id'])
            batch_op.create_foreign_key(_held(table), 'examinations', ['examination_id', 'port_id'], ['id', 'port_id'])


def _downgrade_sqlite() -> None:
    for table, columns in {'revisions': REVISIONS.primary_before, **BESIDE}.items():
        with op.batch_alter_table(table, recreate='always') as batch_op:
            batch_op.drop_constraint(_held(table), type_='foreignkey')
            batch_op.drop_constraint(f'pk_{table}', type_='primary')
            batch_op.create_primary_key(f'pk_{table}', list(columns))
            batch_op.create_foreign_key(_held_before(table), 'examinations', ['examination_id'], ['id'])
    with op.batch_alter_table('examinations', recreate='always') as batch_op:
        for name in ('document_key', 'person_key'):
            batch_op.drop_index(f'ix_examinations_{name}_id')
            batch_op.create_index(f'ix_examinations_{name}', [name], unique=False)
        batch_op.drop_constraint('pk_examinations', type_='primary')
        batch_op.create_primary_key('pk_examinations', ['id'])
