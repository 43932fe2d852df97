"""Bring entries into a list: what is new or has changed becomes a version, what is as it was is left alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils.compat import uuid7

from admission.covered import LISTS, SUBJECTS
from admission.subjects.entries import EntryIn, key_of, name_of
from crossing.kit.ledger import AuditEntry, Conflict, Insert, Ledger, content_digest
from crossing.kit.problems import StaleVersion

#: As many names as a statement asks for at once.
_AT_ONCE: Final = 500
#: What a version has besides what an entry says.
_OF_VERSION: Final = ("version", "added_at", "added_by", "batch_id")


@dataclass(frozen=True)
class Brought:
    """How many entries were new, changed, and as they were; ``batch`` names them in the audit chain."""

    batch: str | None
    added: int
    changed: int
    unchanged: int

    def to_json(self) -> dict[str, Any]:
        """The answer."""
        return asdict(self)


async def bring(
    ledger: Ledger,
    connection: AsyncConnection,
    name: str,
    entries: Sequence[EntryIn],
    *,
    secret: bytes,
    actor: str,
    at: str,
    kept: Callable[[Brought], Sequence[Insert]] = lambda _: (),
) -> Brought:
    """Bring entries into the list of a name, in one append with its audit entry and what ``kept`` adds to it.

    Raises ``StaleVersion`` when another import changed one of them meanwhile: nothing is kept then.
    """
    standing = await _standing(connection, name, [name_of(entry) for entry in entries])
    batch = str(uuid7())
    came = {"added_at": at, "added_by": actor, "batch_id": batch}
    rows, added = [], 0
    for each in sorted(entries, key=name_of):
        row = each.row(secret)
        before = standing.get(name_of(each))
        if before and all(before[column] == value for column, value in row.items()):
            continue
        added += before is None
        rows.append(Insert(name, {**row, "version": before["version"] + 1 if before else 1, **came}))
    if not rows:
        return Brought(None, 0, 0, len(entries))
    brought = Brought(batch, added, len(rows) - added, len(entries) - len(rows))
    entry = AuditEntry(SUBJECTS, at, f"{name}.brought", actor, f"{name}/{batch}", content_digest(rows))
    try:
        await ledger.append([*rows, *kept(brought)], entry)
    except Conflict:
        raise StaleVersion from None
    return brought


async def _standing(connection: AsyncConnection, name: str, names: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """The latest version of each entry that stands already."""
    table = LISTS[name][0]
    key = table.c[key_of(name)]
    found: dict[str, Mapping[str, Any]] = {}
    for first in range(0, len(names), _AT_ONCE):
        statement = select(table).where(key.in_(names[first : first + _AT_ONCE])).order_by(key, table.c.version)
        for row in (await connection.execute(statement)).mappings():
            found[row[key.name]] = dict(row)
    return found
