"""May the service's role do in its database what it must, and nothing else?"""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import text

from crossing.doctor.finding import Finding, Installation, not_checked, ok, setting, wrong
from crossing.kit.grants import allowed_on
from crossing.kit.partitions import bound_of, kept_until, month_after, partition_key

_URL: Final = setting("database_url")
_RIGHTS: Final = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
_ROLE: Final = text(
    "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls AS powerful,"
    " EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid AND relnamespace = 'public'::regnamespace) AS owns,"
    " has_schema_privilege('public', 'CREATE') AS makes, rolname, current_database() AS place"
    " FROM pg_roles WHERE rolname = current_user"
)
_HELD: Final = text(
    "SELECT relname, "  # noqa: S608 - the names of rights are our own
    + ", ".join(f"has_table_privilege(oid, '{right}') AS {right.lower()}" for right in _RIGHTS)
    + " FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
)


async def role_is_the_service_s_own(it: Installation) -> Finding:
    """It logs in as NAME_app of its database: no owner, no superuser, nobody who could change records or tables."""
    if not it.on_postgres:
        return not_checked("SQLite has no roles")
    async with it.engine.connect() as connection:
        role = (await connection.execute(_ROLE)).mappings().one()
    cure = f"let {_URL} name the role {role['place']}_app, which deploy/postgres/roles.sh makes"
    if role["powerful"]:
        return wrong("the role is a superuser, or may make databases or roles", cure)
    if role["owns"] or role["makes"]:
        return wrong("the role owns tables, or may make some: it is that of the migrations", cure)
    if role["rolname"] != f"{role['place']}_app":
        return wrong("the role is that of another service or purpose", cure)
    return ok(role["rolname"])


async def role_may_what_it_must(it: Installation) -> Finding:
    """It may read and append everywhere, and change only what is no record."""
    if not it.on_postgres:
        return not_checked("SQLite has no roles")
    async with it.engine.connect() as connection:
        held = {row["relname"]: row for row in (await connection.execute(_HELD)).mappings()}
    for table, right, must in _differences(it, held):
        cure = f"run `crossing migrate {it.service}` as the role that owns the tables, which grants anew"
        return wrong(f"it {'may not' if must else 'may'} {right} {table}", cure)
    return ok("it appends, and changes only what is no record")


def _differences(it: Installation, held: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    for table in it.tables.sorted_tables:
        expected = allowed_on(table)
        for right in _RIGHTS if table.name in held else ():
            if held[table.name][right.lower()] != (right in expected):
                yield table.name, right, right in expected


async def months_to_come_have_partitions(it: Installation) -> Finding:
    """Next month has a partition of its own in each table that is kept by month."""
    if not it.on_postgres:
        return not_checked("SQLite keeps each table whole")
    cure = f"run `crossing partitions {it.service}` as the role that owns the tables, and each month from now on"
    needed = month_after(it.now().date(), 2)
    by_month = {table.name: key for table in it.tables.sorted_tables if (key := partition_key(table))}
    async with it.engine.connect() as connection:
        for table, key in by_month.items():
            if await kept_until(connection, table) < bound_of(key, needed):
                return wrong(f"{table} has none for next month", cure)
    return ok(f"of {len(by_month)} tables")


CHECKS: Final = (role_is_the_service_s_own, role_may_what_it_must, months_to_come_have_partitions)
