"""Holds what callers were told against what a service's database holds."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final

import httpx
from sqlalchemy import text
from tests.faults.journeys import JOURNEYS
from tests.faults.load import Acknowledged, Load

from crossing.kit.database import create_engine
from crossing.kit.verify import verify_chains

_REPEATS: Final = 100


@dataclass
class Account:
    """How many acknowledged requests were found as they were answered, and what else does not hold."""

    found: int
    lost: int
    faults: list[str] = field(default_factory=list)


async def account_of(name: str, url: str, load: Load) -> Account:
    """The account of a service's load, whose requests are all its database was ever asked with keys.

    Each answer must stand under its key as it was given, each key for one revision (or case), and the audit chains must
    verify with every row covered.
    """
    engine = create_engine(url)
    async with engine.connect() as connection:
        statement = text("SELECT key, status, etag, body FROM idempotency_keys")
        kept = {row.key: row for row in await connection.execute(statement)}
        rows: int = (await connection.execute(text(JOURNEYS[name][2]))).scalar_one()
        covered = import_module(f"{name.replace('-', '_')}.covered")
        _, broken = await verify_chains(connection, covered.covered_rows, covered.rows_without_entry)
    await engine.dispose()
    missing = [each.key for each in load.acknowledged if not _stands(each, kept.get(each.key))]
    account = Account(len(load.acknowledged) - len(missing), len(missing))
    if missing:
        account.faults.append(f"{len(missing)} acknowledged and not found, {missing[0]} first")
    if rows != len(kept):
        account.faults.append(f"{len(kept)} keys stand for {rows} rows")
    account.faults += [f"answered {count} times with {what}" for what, count in load.refused.items()]
    account.faults += [f"{count} answers of 503 in {kind}" for kind, count in load.malformed.items()]
    account.faults += [f"audit: {each}" for each in broken[:3]]
    return account


def _stands(told: Acknowledged, row: Any) -> bool:
    """Whether an answer stands in the record as it was told; what opens a case is told and never kept."""
    if row is None or (told.status, told.etag) != (row.status, row.etag):
        return False
    answer = told.json()
    answer.pop("secret", None)
    kept: Any = json.loads(row.body)
    kept.pop("secret", None)
    return bool(answer == kept)


async def repeated(load: Load, address: str, token: str, chance: Any) -> list[str]:
    """What differs when some of the acknowledged requests are sent again: nothing should."""
    chosen: Sequence[Acknowledged] = chance.sample(load.acknowledged, min(_REPEATS, len(load.acknowledged)))
    different = 0
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=10) as client:
        for each in chosen:
            again = await client.request(each.method, each.path, json=each.body, headers=each.headers)
            different += (again.status_code, again.content) != (each.status, each.answer)
    return [f"{different} of {len(chosen)} repeats answered otherwise"] if different else []
