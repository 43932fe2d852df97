"""Verifies audit chains: every link, every covered row, that no chain was cut short and no row put in beside it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from crossing.kit.ledger import GENESIS, AuditEntry, Insert, chained, content_digest

CoveredRows = Callable[[AsyncConnection, str, str], Awaitable[Sequence[Insert]]]
RowsWithoutEntry = Callable[[AsyncConnection], Awaitable[Sequence[tuple[str, str]]]]


@dataclass(frozen=True)
class Fault:
    """An entry that does not hold, and what is wrong with it."""

    chain: str
    seq: int
    message: str

    def __str__(self) -> str:
        return f"{self.chain} entry {self.seq}: {self.message}"


async def verify_chains(
    connection: AsyncConnection, covered: CoveredRows, without_entry: RowsWithoutEntry
) -> tuple[int, list[Fault]]:
    """The number of entries read, and the faults found.

    ``covered`` gives the rows of an event and a subject; ``without_entry`` gives chain and subject of rows that no
    entry covers.
    """
    faults = [Fault(chain, 0, f"no entry covers {subject}") for chain, subject in await without_entry(connection)]
    read = 0
    heads = (await connection.execute(text("SELECT chain, seq, hash FROM chain_heads ORDER BY chain"))).all()
    chains = (await connection.execute(text("SELECT DISTINCT chain FROM audit_entries"))).scalars().all()
    faults += [
        Fault(chain, 0, "the chain has no head") for chain in chains if chain not in {head.chain for head in heads}
    ]
    for head in heads:
        previous, expected = GENESIS, 0
        async for seq, stored, entry in _entries(connection, head.chain):
            read += 1
            expected += 1
            if seq != expected:
                faults.append(Fault(head.chain, expected, f"is missing; the next entry there is {seq}"))
                expected = seq
            wrong = wrong_link(previous, seq, stored, entry)
            if not wrong:
                wrong = wrong_content(entry, await covered(connection, entry.event, entry.subject))
            if wrong:
                faults.append(Fault(head.chain, seq, wrong))
            previous = stored
        if (expected, previous) != (head.seq, head.hash):
            faults.append(Fault(head.chain, head.seq, "the head of the chain does not agree with its last entry"))
    return read, faults


def wrong_link(previous: str, seq: int, stored: str, entry: AuditEntry) -> str | None:
    """What is wrong with the hash ``stored`` of an entry, given the one before it; ``None`` where nothing is."""
    if chained(previous, seq, entry.body()) != stored:
        return "its hash does not follow from what it says and the entry before"
    return None


def wrong_content(entry: AuditEntry, rows: Sequence[Insert]) -> str | None:
    """What is wrong with the rows that an entry covers; ``None`` where they are those that it was written of."""
    if content_digest(rows) != entry.content_digest:
        return f"a row it covers was changed: {entry.event} {entry.subject}"
    return None


async def _entries(connection: AsyncConnection, chain: str) -> AsyncIterator[tuple[int, str, AuditEntry]]:
    last = 0
    statement = text(
        "SELECT seq, at, event, actor, subject, content_digest, hash FROM audit_entries"
        " WHERE chain = :chain AND seq > :last ORDER BY seq LIMIT 500"
    )
    while rows := (await connection.execute(statement, {"chain": chain, "last": last})).all():
        for row in rows:
            entry = AuditEntry(chain, row.at, row.event, row.actor, row.subject, row.content_digest)
            yield row.seq, row.hash, entry
        last = rows[-1].seq
