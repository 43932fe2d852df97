"""Search of a registry of 100,000 digests: its slowest hundredth beside the middle of reading one row by its key.

Both are asked in turn through the same connection, in one run, on SQLite and on PostgreSQL.
"""

import asyncio
import random
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.postgres.server import running_server

from advance_ruling.registry.searching import Sought, search
from advance_ruling.registry.windows import RegistryStatistics
from advance_ruling.settings import MIGRATIONS
from advance_ruling.tables import digests
from crossing.kit.database import create_engine
from crossing.kit.json_text import json_text
from crossing.kit.migrations import upgrade
from crossing.kit.postgres import UNHURRIED

DIGESTS = 100_000
_ASKED, _UNCOUNTED, _TIMES, _PAGE, _SEED, _AT_ONCE = 400, 50, 3, 50, 20261121, 2_000
_FIRST_DAY = date(2022, 1, 1)
_CLASSES = ("us.tn", "us.b1.usmca", "us.l1a.individual", "us.e2", "ca.work_permit.t36", "ca.work_permit.t37")
#: Words as a registry has them: a few in nearly every digest, most in a few.
_COMMON = ("qualifies", "admission", "engineer", "canada", "citizenship", "decided")
_WORDS = tuple(f"word{number}" for number in range(5_000))


def measure_registry() -> dict[str, float]:
    """The ratio by engine."""
    with tempfile.TemporaryDirectory(prefix="crossing-bench-") as name:
        found = {"sqlite": asyncio.run(_measure(f"sqlite+aiosqlite:///{Path(name) / 'registry.sqlite'}"))}
    with running_server() as address:
        found["postgresql"] = asyncio.run(_measure(f"postgresql+asyncpg://{address}/postgres"))
    return found


async def _measure(url: str) -> float:
    await asyncio.to_thread(upgrade, MIGRATIONS, url)
    engine = create_engine(url, UNHURRIED)
    try:
        async with engine.begin() as connection:
            await _fill(connection)
        async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            await connection.execute(text("ANALYZE" if engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))
        async with engine.connect() as connection:
            return await _ask(connection)
    finally:
        await engine.dispose()


async def _fill(connection: AsyncConnection) -> None:
    chance = random.Random(_SEED)
    kept: list[dict[str, Any]] = []
    sought: list[dict[str, Any]] = []
    for number in range(DIGESTS):
        day = _FIRST_DAY + timedelta(days=number // 60)
        place, class_id = day.toordinal() * 1_000_000 + number % 60, _CLASSES[number % len(_CLASSES)]
        words = {*chance.choices(_COMMON, k=4), *(_WORDS[int(len(_WORDS) * chance.random() ** 3)] for _ in range(60))}
        country = class_id[:2].upper()
        content = json_text({"number": f"{country}-DEMO-{day.year}-{number:06}", "text": " ".join(words) * 3})
        row = {"number": f"{country}-DEMO-{day.year}-{number:06}", "version": 1, "place": place, "into": country}
        row |= {
            "class_id": class_id,
            "decided_on": day.isoformat(),
            "status": "issued",
            "published_at": "x",
            "content": content,
        }
        kept.append(row)
        tags = f"class={class_id} into={country.lower()} requirement=demo-{number % 40}"
        sought.append({"rowid": place, "body": " ".join(words), "tags": tags})
        if len(kept) == _AT_ONCE:
            await connection.execute(digests.insert(), kept)
            await connection.execute(
                text("INSERT INTO registry_search (rowid, body, tags) VALUES (:rowid, :body, :tags)"), sought
            )
            kept, sought = [], []


async def _ask(connection: AsyncConnection) -> float:
    chance = random.Random(_SEED + 1)
    numbers = (await connection.execute(select(digests.c.number).limit(_ASKED))).scalars().all()
    searching, reading, statistics = [], [], RegistryStatistics()
    for _ in range(_UNCOUNTED):  # a connection prepares its statements, which it keeps as long as it lives
        await search(connection, statistics, _question(chance), None, _PAGE)
    for number in numbers:
        sought = _question(chance)
        key = select(digests).where(digests.c.number == number, digests.c.version == 1)
        searched, read = [], []
        for _ in range(_TIMES):  # the quickest counts: a question is slow by what it asks, not by a busy moment
            started = time.perf_counter()
            await search(connection, statistics, sought, None, _PAGE)
            searched.append(time.perf_counter() - started)
            started = time.perf_counter()
            (await connection.execute(key)).one()
            read.append(time.perf_counter() - started)
        searching.append(min(searched))
        reading.append(min(read))
    return sorted(searching)[int(len(searching) * 0.99)] / sorted(reading)[len(reading) // 2]


def _question(chance: random.Random) -> Sought:
    """A question as people ask: words, rare and common, alone or with what the registry is filtered by."""
    words = chance.sample([*_COMMON, *chance.choices(_WORDS, k=6)], chance.randint(1, 2))
    class_id = chance.choice([None, None, *_CLASSES])
    day = _FIRST_DAY + timedelta(days=chance.randrange(DIGESTS // 60))
    since = chance.choice([None, None, day.isoformat()])
    requirement = chance.choice([None, None, None, f"demo-{chance.randrange(40)}"])
    return Sought(" ".join(words), class_id, requirement, None, since, None)
