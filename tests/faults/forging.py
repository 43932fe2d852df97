"""What somebody who owns the database and knows how the chains are made can do to a history of admission."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from admission.covered import covered_rows
from crossing.kit.ledger import GENESIS, AuditEntry, chained, content_digest

CHAIN: Final = "US-DETROIT"
#: Entries that are cut off a little way from the end.
CUT: Final = 3
_COLUMNS: Final = "at, event, actor, subject, content_digest"


async def _do(connection: AsyncConnection, *statements: str, **values: Any) -> None:
    for statement in statements:
        await connection.execute(text(statement), {"chain": CHAIN, **values})


async def _entry_taken_out(connection: AsyncConnection) -> None:
    await _do(connection, "DELETE FROM audit_entries WHERE chain = :chain AND seq = 5")


async def _entries_exchanged(connection: AsyncConnection) -> None:
    moved = "UPDATE audit_entries SET seq = {1} WHERE chain = :chain AND seq = {0}"
    await _do(connection, moved.format(5, -1), moved.format(6, 5), moved.format(-1, 6))


async def _entry_repeated(connection: AsyncConnection) -> None:
    copied = (
        f"SELECT chain, seq + 1, {_COLUMNS}, hash FROM audit_entries WHERE chain = :chain ORDER BY seq DESC LIMIT 1"
    )
    await _do(
        connection,
        f"INSERT INTO audit_entries (chain, seq, {_COLUMNS}, hash) {copied}",
        "UPDATE chain_heads SET seq = seq + 1 WHERE chain = :chain",
    )


async def _row_taken_out(connection: AsyncConnection) -> None:
    await _do(connection, "DELETE FROM revisions WHERE kind = 'referred'")


async def _row_put_in(connection: AsyncConnection) -> None:
    await _do(
        connection,
        "CREATE TEMPORARY TABLE forged AS SELECT * FROM revisions WHERE kind = 'superseded'",
        "UPDATE forged SET revision = revision + 1",
        "INSERT INTO revisions SELECT * FROM forged",
        "DROP TABLE forged",
    )


async def _rows_exchanged(connection: AsyncConnection) -> None:
    rows = (await connection.execute(text("SELECT id, identity FROM examinations ORDER BY id"))).all()
    one, other = rows[0], next(row for row in rows if row.identity != rows[0].identity)
    for where, identity in ((one.id, other.identity), (other.id, one.identity)):
        await _do(
            connection, "UPDATE examinations SET identity = :identity WHERE id = :id", identity=identity, id=where
        )


async def _end_cut_off(connection: AsyncConnection) -> None:
    await _do(connection, f"DELETE FROM audit_entries WHERE chain = :chain AND seq > {await last(connection) - CUT}")


async def _end_cut_off_well(connection: AsyncConnection) -> None:
    await _cut_back(connection, await last(connection) - CUT)


async def _cut_back_to_a_third(connection: AsyncConnection) -> None:
    await _cut_back(connection, await last(connection) // 3)


async def _outcome_changed(connection: AsyncConnection) -> None:
    changed = 'UPDATE revisions SET detail = replace(detail, \'"action":"refuse"\', \'"action":"admit"\')'
    await _do(connection, f"{changed} WHERE kind = 'decided'")
    await _write_anew(connection)


async def _everything_replaced(connection: AsyncConnection) -> None:
    await _do(connection, "UPDATE revisions SET actor = 'nobody'", "UPDATE audit_entries SET actor = 'nobody'")
    await _write_anew(connection)


FORGERIES: Final[dict[str, Callable[[AsyncConnection], Awaitable[None]]]] = {
    "entry taken out": _entry_taken_out,
    "entries exchanged": _entries_exchanged,
    "entry repeated": _entry_repeated,
    "row taken out": _row_taken_out,
    "row put in": _row_put_in,
    "rows exchanged": _rows_exchanged,
    "end cut off": _end_cut_off,
    "end cut off with head and rows": _end_cut_off_well,
    "cut back to a third with head and rows": _cut_back_to_a_third,
    "outcome changed, all hashes written anew": _outcome_changed,
    "all entries replaced, all hashes written anew": _everything_replaced,
}


async def last(connection: AsyncConnection) -> int:
    """The number of the chain's last entry."""
    found = await connection.execute(text("SELECT max(seq) FROM audit_entries WHERE chain = :chain"), {"chain": CHAIN})
    return int(found.scalar_one())


async def _cut_back(connection: AsyncConnection, kept: int) -> None:
    """Cut the chain off after an entry, with the rows of what came later, and move its head there."""
    later = text(
        "SELECT subject FROM audit_entries WHERE chain = :chain AND seq > :kept AND event LIKE 'examination.%' ORDER BY seq DESC"
    )
    for subject in (await connection.execute(later, {"chain": CHAIN, "kept": kept})).scalars().all():
        _, examination, revision = subject.split("/")
        of_revision = "WHERE examination_id = :id AND revision = :revision"
        tables = ("presented_rulings", "remedy_uses", "stays", "revisions")
        await _do(
            connection, *(f"DELETE FROM {each} {of_revision}" for each in tables), id=examination, revision=revision
        )
        if revision == "1":
            await _do(connection, "DELETE FROM examinations WHERE id = :id", id=examination)
    await _do(connection, "DELETE FROM audit_entries WHERE chain = :chain AND seq > :kept", kept=kept)
    head = "(SELECT hash FROM audit_entries WHERE chain = :chain AND seq = :kept)"
    await _do(connection, f"UPDATE chain_heads SET seq = :kept, hash = {head} WHERE chain = :chain", kept=kept)


async def _write_anew(connection: AsyncConnection) -> None:
    """Compute every digest and every hash of every chain again, from what the rows say now."""
    statement = text(f"SELECT chain, seq, {_COLUMNS} FROM audit_entries ORDER BY chain, seq")
    heads: dict[str, tuple[int, str]] = {}
    for row in (await connection.execute(statement)).all():
        digest = content_digest(await covered_rows(connection, row.event, row.subject))
        entry = AuditEntry(row.chain, row.at, row.event, row.actor, row.subject, digest)
        link = chained(heads.get(row.chain, (0, GENESIS))[1], row.seq, entry.body())
        heads[row.chain] = row.seq, link
        written = "UPDATE audit_entries SET content_digest = :digest, hash = :link WHERE chain = :of AND seq = :seq"
        await _do(connection, written, digest=digest, link=link, of=row.chain, seq=row.seq)
    for chain, (seq, link) in heads.items():
        await _do(
            connection,
            "UPDATE chain_heads SET seq = :seq, hash = :link WHERE chain = :of",
            seq=seq,
            link=link,
            of=chain,
        )
