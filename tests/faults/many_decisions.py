"""Adds decided examinations to a database in bulk: copies of one that a service made, each with entries of its own."""

import asyncio
from typing import Any

import asyncpg
from tests.admission.cases import admit, engineer
from tests.stage import ServiceProcess, Stage
from uuid_utils.compat import uuid7

from crossing.kit.ledger import AuditEntry, Insert, chained, content_digest

_AT_ONCE = 5_000
_TABLES = ("examinations", "revisions", "stays", "audit_entries")


def add_decisions(there: Stage, admission: ServiceProcess, count: int) -> None:
    """Add ``count`` decided examinations at the port of the tests, in its chain, as if they had been decided there."""
    assert there.postgres
    with there.client(admission.address) as officer:
        examination = officer.post("/v1/examinations", json=engineer()).raise_for_status().json()
        place, read = f"/v1/examinations/{examination['id']}/decision", {"If-Match": '"1"'}
        officer.post(place, json=admit(), headers=read).raise_for_status()
    url = f"postgresql://{there.postgres.address}/admission"
    asyncio.run(_add(url, examination["id"], examination["port_id"], count))


async def _add(url: str, example: str, chain: str, count: int) -> None:
    connection = await asyncpg.connect(url)
    try:
        events = [await _event(connection, example, revision) for revision in (1, 2)]
        head = await connection.fetchrow("SELECT seq, hash FROM chain_heads WHERE chain = $1", chain)
        seq, link = head["seq"], head["hash"]
        for first in range(0, count, _AT_ONCE):
            added: dict[str, list[dict[str, Any]]] = {table: [] for table in _TABLES}
            for _ in range(min(_AT_ONCE, count - first)):
                identifier = str(uuid7())
                for rows, entry in events:
                    copied = [Insert(row.table, _renamed(row.values, example, identifier)) for row in rows]
                    for row in copied:
                        added[row.table].append(dict(row.values))
                    fields = {**entry, "subject": entry["subject"].replace(example, identifier)}
                    fields["content_digest"] = content_digest(copied)
                    seq, link = seq + 1, chained(link, seq + 1, AuditEntry(**fields).body())
                    added["audit_entries"].append({**fields, "seq": seq, "hash": link})
            await _copy(connection, added)
        await connection.execute("UPDATE chain_heads SET seq = $1, hash = $2 WHERE chain = $3", seq, link, chain)
    finally:
        await connection.close()


async def _event(connection: Any, example: str, revision: int) -> tuple[list[Insert], dict[str, Any]]:
    """The rows that a revision of the example brought, in the order of their digest, and its entry."""
    rows = []
    if revision == 1:
        rows += await _rows(connection, "examinations", "id = $1", example)
    for table in ("stays", "revisions"):
        rows += await _rows(connection, table, "examination_id = $1 AND revision = $2", example, revision)
    [entry] = await _rows(connection, "audit_entries", "subject = $1", f"examinations/{example}/{revision}")
    fields = {name: value for name, value in entry.values.items() if name not in ("seq", "hash")}
    assert content_digest(rows) == fields["content_digest"], "what the entry covers is not all that was read"
    return rows, fields


async def _rows(connection: Any, table: str, condition: str, *values: Any) -> list[Insert]:
    found = await connection.fetch(f"SELECT * FROM {table} WHERE {condition}", *values)
    return [Insert(table, dict(row)) for row in found]


def _renamed(values: Any, example: str, identifier: str) -> dict[str, Any]:
    return {name: identifier if value == example else value for name, value in values.items()}


async def _copy(connection: Any, added: dict[str, list[dict[str, Any]]]) -> None:
    for table, rows in added.items():
        if rows:
            columns = list(rows[0])
            records = [[row[column] for column in columns] for row in rows]
            await connection.copy_records_to_table(table, records=records, columns=columns)
