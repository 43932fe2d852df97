"""The history of a traveller among 1,000,000 examinations beside that among 10,000, by the month, on PostgreSQL.

Both databases have the partitions of a year and a quarter; the same page is asked of each in turn, in one run.
``python -m bench.history [FEW MANY]`` measures with other numbers.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from bench.samples import ordinary_body
from sqlalchemy.engine import make_url
from tests.postgres.server import running_server

from admission.app import create_app
from admission.subjects.tables import lookouts
from crossing.embedded.suite import admission_settings
from crossing.kit.clock import system_clock
from crossing.kit.database import create_engine
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.logging import configure_logging
from crossing.kit.partitions import ensure_partitions

FEW, MANY = 10_000, 1_000_000
_TRAVELLERS, _JOURNEYS, _ROUNDS, _DAYS, _MONTHS = 40, 10, 5, 365, 14
_PORT = {"id": "US-DETROIT", "country": "US", "kind": "class_a_port", "mode": "land", "name": "Detroit"}
_METADATA = lookouts.metadata
#: Examinations of a year, each like the one opened for the first traveller; of those who are asked about, as many as of
#: anybody else.
_IDS = """
CREATE TEMPORARY TABLE made AS SELECT n, n % $3 AS who, format('%s-%s-7%s-8000-%s',
  left(hex, 8), right(hex, 4), lpad(to_hex(n % 4096), 3, '0'), lpad(to_hex(n), 12, '0')) AS id
FROM (SELECT n, lpad(to_hex(($1::bigint + n * ($2::bigint / $4::bigint))), 12, '0') AS hex
      FROM generate_series(1, $4::bigint) AS n) AS each
"""
_EXAMINATIONS = """
INSERT INTO examinations SELECT made.id, port_id, terminal_id, opened_at, opened_by, language, identity,
  coalesce(($2::text[])[who + 1], lpad(who::text, 64, 'd')), coalesce(($3::text[])[who + 1], lpad(who::text, 64, 'p'))
FROM made, examinations AS like_this WHERE like_this.id = $1
"""
_REVISIONS = """
INSERT INTO revisions SELECT made.id, number, port_id, kind, state, at, actor, terminal_id, country, day, seeking,
  '[]', '{}', '{}', pack_digest, '[]', determination_digest, detail
FROM made, generate_series(1, 2) AS number, revisions AS like_this WHERE like_this.examination_id = $1
"""


def measure_history(few: int = FEW, many: int = MANY) -> float:
    """The median time of a page among many examinations over that among few."""
    configure_logging("ERROR")
    with running_server() as address, tempfile.TemporaryDirectory(prefix="crossing-bench-") as folder:
        return asyncio.run(_measure(address, Path(folder), few, many))


async def _measure(address: str, folder: Path, few: int, many: int) -> float:
    async with AsyncExitStack() as stack:
        asked = [await stack.enter_async_context(_filled(address, folder, number)) for number in (few, many)]
        took: list[list[float]] = [[], []]
        for _ in range(_ROUNDS):
            for traveller in range(_TRAVELLERS):
                for (client, examinations), times in zip(asked, took, strict=True):
                    started = time.perf_counter()
                    answer = await client.get(f"/v1/examinations/{examinations[traveller]}/history")
                    times.append(time.perf_counter() - started)
                    assert len(answer.raise_for_status().json()["examinations"]) == _JOURNEYS
        return statistics.median(took[1]) / statistics.median(took[0])


@asynccontextmanager
async def _filled(address: str, folder: Path, number: int) -> AsyncIterator[tuple[httpx.AsyncClient, list[str]]]:
    """Admission on a database with so many examinations, and those that were opened for the travellers asked about."""
    name = f"history_{number}"
    admin = await asyncpg.connect(f"postgresql://{address}/postgres")
    await admin.execute(f"CREATE DATABASE {name}")
    await admin.close()
    issuer = DevelopmentIssuer(folder)
    url = f"postgresql+asyncpg://{address}/{name}"
    alone = {"advance_rulings_address": None, "redress_events_address": None, "run_worker": False}
    settings = admission_settings(folder, issuer).model_copy(update={"database_url": url, **alone})
    await _make_tables(url)
    app = create_app(settings)
    token = issuer.token(Role.SUPERVISOR, subject="bench", port_id=_PORT["id"])
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://bench",
            headers={"Authorization": f"Bearer {token}"},
        ) as client,
    ):
        opened = await _open(client)
        await _fill(url, number, opened)
        yield client, opened


async def _make_tables(url: str) -> None:
    engine = create_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(_METADATA.create_all)
    await engine.dispose()
    await ensure_partitions(url, _METADATA, _MONTHS, (system_clock() - timedelta(days=_DAYS)).date())


async def _open(client: httpx.AsyncClient) -> list[str]:
    """Open an examination of each traveller who will be asked about."""
    (await client.post("/v1/ports", json={**_PORT, "time_zone": "America/Detroit"})).raise_for_status()
    opened = []
    for traveller in range(_TRAVELLERS):
        person: dict[str, Any] = {
            "issued_by": "CA",
            "document_number": f"HIST{traveller:04}",
            "surname": "Demo",
            "given_names": f"Traveller {traveller}",
            "nationality": "CA",
            "born_on": "1988-04-12",
            "expires_on": "2035-05-31",
        }
        answer = await client.post("/v1/examinations", json={**ordinary_body(), "scan": {"fields": person}})
        opened.append(str(answer.raise_for_status().json()["id"]))
    return opened


async def _fill(url: str, number: int, opened: list[str]) -> None:
    connection = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(False))
    rows = await connection.fetch("SELECT document_key, person_key FROM examinations ORDER BY id")
    year = _DAYS * 86_400_000
    start = int(system_clock().timestamp() * 1000) - year
    await connection.execute(
        "SET session_replication_role = replica"
    )  # what holds rows together is not asked a million times
    await connection.execute(_IDS, start, year, number // _JOURNEYS, number)
    await connection.execute(_EXAMINATIONS, opened[0], *([row[key] for row in rows] for key in (0, 1)))
    await connection.execute(_REVISIONS, opened[0])
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


if __name__ == "__main__":
    sizes = [int(each) for each in sys.argv[1:]] or [FEW, MANY]
    print(f"history of a traveller, {sizes[1]:,} examinations over {sizes[0]:,}: {measure_history(*sizes):.2f} times")
