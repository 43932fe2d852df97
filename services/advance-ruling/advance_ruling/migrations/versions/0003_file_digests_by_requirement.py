"""file digests by requirement, where the engine's full text cannot walk those of one

Revision: 0003, after 0002
"""

from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

_FILED = {
    'sqlite': [],
    'postgresql': [
        "CREATE TABLE registry_search_requirements (tag TEXT, place BIGINT, PRIMARY KEY (tag, place))",
        "INSERT INTO registry_search_requirements SELECT DISTINCT tag, rowid"
        " FROM registry_search, unnest(string_to_array(tags, ' ')) tag WHERE tag LIKE 'requirement=%'",
        "CREATE FUNCTION registry_search_file() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO registry_search_requirements SELECT DISTINCT tag, NEW.rowid"
        " FROM unnest(string_to_array(NEW.tags, ' ')) tag WHERE tag LIKE 'requirement=%';"
        " RETURN NULL; END $$",
        "CREATE TRIGGER registry_search_filed AFTER INSERT ON registry_search"
        " FOR EACH ROW EXECUTE FUNCTION registry_search_file()",
    ],
}
_UNFILED = {
    'sqlite': [],
    'postgresql': [
        "DROP TRIGGER registry_search_filed ON registry_search",
        "DROP FUNCTION registry_search_file",
        "DROP TABLE registry_search_requirements",
    ],
}


def upgrade() -> None:
    for statement in _FILED[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in _UNFILED[op.get_context().dialect.name]:
        op.execute(statement)
