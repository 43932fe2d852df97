"""How far each audit chain was verified, and what was found: written down by the verifier, read by the metrics."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

from crossing.kit.database import format_instant
from crossing.kit.grants import INSERT, UPDATE, may, reader_may
from crossing.kit.verify import Fault


def verifications_table(metadata: MetaData) -> None:
    """Declare the table of the latest verification of each chain."""
    Table(
        "chain_verifications",
        metadata,
        Column("chain", String(64), primary_key=True),
        Column("seq", Integer, nullable=False),
        Column("at", String(27), nullable=False),
        Column("faults", Integer, nullable=False),
        info=may(UPDATE) | reader_may(INSERT, UPDATE),
    )


@dataclass(frozen=True)
class Standing:
    """Entries that no verification has covered, faults that the latest found, and since when a chain has waited.

    ``since`` is when the chain that has waited longest was verified, or begun; ``None`` where there is no chain.
    """

    unverified: int
    faults: int
    since: str | None


_HEADS = text("SELECT chain, seq FROM chain_heads")
_KEEP = text(
    "INSERT INTO chain_verifications (chain, seq, at, faults) VALUES (:chain, :seq, :at, :faults)"
    " ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, at = excluded.at, faults = excluded.faults"
)
_STANDING = text(
    "SELECT coalesce(sum(h.seq - coalesce(v.seq, 0)), 0),"
    " (SELECT coalesce(sum(faults), 0) FROM chain_verifications),"
    " min(coalesce(v.at, (SELECT e.at FROM audit_entries e WHERE e.chain = h.chain AND e.seq = 1)))"
    " FROM chain_heads h LEFT JOIN chain_verifications v ON v.chain = h.chain"
)


async def heads_of(connection: AsyncConnection) -> dict[str, int]:
    """The number of the last entry of each chain; asked before verifying, since entries are added all the while."""
    rows: Iterable[Any] = await connection.execute(_HEADS)
    return {row.chain: row.seq for row in rows}


async def keep_verification(
    connection: AsyncConnection, heads: Mapping[str, int], faults: Iterable[Fault], at: datetime
) -> None:
    """Write down that the chains were verified up to their heads at an instant, and how many faults each has."""
    found = Counter(fault.chain for fault in faults)
    rows = [
        {"chain": chain, "seq": heads.get(chain, 0), "at": format_instant(at), "faults": found[chain]}
        for chain in sorted(heads.keys() | found.keys())
    ]
    if rows:
        await connection.execute(_KEEP, rows)


async def read_standing(connection: AsyncConnection) -> Standing:
    """How the chains of a database stand to their latest verifications."""
    return Standing(*(await connection.execute(_STANDING)).one())
