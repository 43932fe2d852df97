"""Verifies audit chains: every link, every covered row, that no chain was cut short and no row put in beside it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from crossing.kit.ledger import GENESIS, AuditEntry, Insert, chained, content_digest

_AT_ONCE: Final = 500
CoveredRows = Callable[[AsyncConnection, str, str], Awaitable[Sequence[Insert]]]
#: The rows of those entries among many that can be read together, quicker than one entry at a time.
CoveredTogether = Callable[[AsyncConnection, Sequence[AuditEntry]], Awaitable[Mapping[AuditEntry, Sequence[Insert]]]]
RowsWithoutEntry = Callable[[AsyncConnection], Awaitable[Sequence[tuple[str, str]]]]


@dataclass(frozen=True)
class Fault:
    """An entry that does not hold, and what is wrong with it."""

    chain: str
    seq: int
    message: str

    def __str__(self) -> str:
        return f"{self.chain} entry {self.seq}: {self.message}"


async def none_together(_: AsyncConnection, _entries: Sequence[AuditEntry]) -> Mapping[AuditEntry, Sequence[Insert]]:
    """Reads the rows of no entries together: for services whose chains are short."""
    return {}


async def verify_chains(
    connection: AsyncConnection,
    covered: CoveredRows,
    without_entry: RowsWithoutEntry,
    together: CoveredTogether = none_together,
) -> tuple[int, list[Fault]]:
    """The number of entries read, and the faults found.

    ``covered`` gives the rows of an event and a subject, for entries whose rows ``together`` does not give;
    ``without_entry`` gives chain and subject of rows that no entry covers.
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
        async for page in _entries(connection, head.chain):
            rows = await together(connection, [entry for _, _, entry in page])
            for seq, stored, entry in page:
                read += 1
                expected += 1
                if seq != expected:
                    faults.append(Fault(head.chain, expected, f"is missing; the next entry there is {seq}"))
                    expected = seq
                wrong = wrong_link(previous, seq, stored, entry)
                if not wrong:
                    known = rows[entry] if entry in rows else await covered(connection, entry.event, entry.subject)
                    wrong = wrong_content(entry, known)
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


async def _entries(connection: AsyncConnection, chain: str) -> AsyncIterator[list[tuple[int, str, AuditEntry]]]:
    """Number, hash and content of a chain's entries in order, some hundred at a time."""
    last = 0
    statement = text(
        "SELECT seq, at, event, actor, subject, content_digest, hash FROM audit_entries"
        " WHERE chain = :chain AND seq > :last ORDER BY seq LIMIT :most"
    )
    while rows := (await connection.execute(statement, {"chain": chain, "last": last, "most": _AT_ONCE})).all():
        yield [(seq, link, AuditEntry(chain, *told)) for seq, *told, link in rows]
        last = rows[-1].seq
