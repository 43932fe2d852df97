"""Search of the registry on PostgreSQL finds what is there, in order, however common the words are."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from advance_ruling.registry.searching import STATEMENTS, Sought, search
from advance_ruling.registry.windows import A_DAY, A_QUARTER, QUARTERS, Manner, RegistryStatistics, windows
from advance_ruling.settings import MIGRATIONS
from advance_ruling.tables import digests
from crossing.kit.database import create_engine
from crossing.kit.migrations import upgrade

pytestmark = pytest.mark.anyio

FIRST_DAY, DIGESTS, PAGE = date(2026, 1, 1), 1_500, 20
#: The share of the digests that has each word.
WORDS = {"engineer": 0.6, "turbine": 0.08, "warranty": 0.05, "zinc": 0.002}


def _digests() -> dict[int, set[str]]:
    """The words of each digest, by its place."""
    chance = random.Random(5)
    places = [(FIRST_DAY + timedelta(days=number)).toordinal() * A_DAY + 1 for number in range(DIGESTS)]
    return {place: {word for word, share in WORDS.items() if chance.random() < share} for place in places}


DIGESTED = _digests()


async def _publish(connection: AsyncConnection, digested: Mapping[int, set[str]]) -> None:
    rows = [
        {"number": f"US-{place}", "version": 1, "place": place, "into": "US", "class_id": "us.tn"}
        | {"decided_on": "x", "status": "issued", "published_at": "x", "content": "{}"}
        for place in digested
    ]
    await connection.execute(digests.insert(), rows)
    statement = text("INSERT INTO registry_search (rowid, body, tags) VALUES (:rowid, :body, :tags)")
    found = [
        {"rowid": place, "body": " ".join(["decided", *words]), "tags": "into=us"} for place, words in digested.items()
    ]
    await connection.execute(statement, found)


@pytest.fixture
async def registry(database_url: str) -> AsyncIterator[AsyncConnection]:
    """A registry with a decision a day for four years."""
    await asyncio.to_thread(upgrade, MIGRATIONS, database_url)
    engine = create_engine(database_url)
    async with engine.begin() as connection:
        await _publish(connection, DIGESTED)
        await connection.execute(text("ANALYZE registry_search"))
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


@pytest.mark.parametrize(
    "sought",
    [
        *(Sought(word) for word in WORDS),
        Sought("turbine warranty"),
        Sought("nowhere"),
        Sought("engineer turbine", into="US"),
        Sought("turbine", since="2027-05-11", until="2028-11-30"),
        Sought("engineer", since="2026-02-03", until="2026-02-28"),
    ],
    ids=str,
)
async def test_pages_list_each_digest_that_has_the_words_once_the_latest_first(
    registry: AsyncConnection, sought: Sought
) -> None:
    first = date.fromisoformat(sought.since or "0001-01-01").toordinal() * A_DAY
    last = (date.fromisoformat(sought.until or "9999-12-30").toordinal() + 1) * A_DAY
    wanted = set((sought.q or "").split())
    expected = [
        place for place, words in sorted(DIGESTED.items(), reverse=True) if wanted <= words and first <= place < last
    ]
    found: list[int] = []
    before = None
    statistics = RegistryStatistics()
    while True:
        page = await search(registry, statistics, sought, before, PAGE)
        found += [row.place for row in page[:PAGE]]
        if len(page) <= PAGE:
            break
        before = page[PAGE - 1].place
    assert found == expected


async def test_the_commoner_the_words_the_shorter_the_stretch_that_is_searched_at_once(
    registry: AsyncConnection,
) -> None:
    known = await RegistryStatistics().read(registry, 0.0)
    manners = [
        [window.manner for window in windows(known, [word], known.newest + A_DAY, PAGE)]
        for word in ("engineer", "warranty", "zinc")
    ]
    assert manners == [
        [Manner.ONE_BY_ONE, Manner.LISTED],
        [Manner.BY_QUARTER],
        [Manner.LISTED],
    ]


async def test_the_index_of_quarters_is_used_for_the_terms_as_they_are_asked_for(registry: AsyncConnection) -> None:
    await registry.execute(text("SET LOCAL enable_seqscan = off"))
    terms = {f"terms_{number}": [f"turbine@{8_000 + number}"] for number in range(QUARTERS)}
    statement = text(f"EXPLAIN {STATEMENTS[Manner.BY_QUARTER]}".replace("::text", r"\:\:text"))
    known = {"before": 1, "first": 0, "quarters_from": 1, "quarters_to": 1, "limit": PAGE, "match": "turbine"}
    plan = (await registry.execute(statement, known | terms)).scalars()
    assert "".join(plan).count("ix_registry_search_quarters") == QUARTERS


@pytest.mark.parametrize("word", ["engineer", "warranty", "zinc"])
async def test_a_digest_published_since_the_statistics_were_read_is_found(registry: AsyncConnection, word: str) -> None:
    statistics = RegistryStatistics()
    await search(registry, statistics, Sought(word), None, PAGE)
    place = max(DIGESTED) + 2 * A_QUARTER
    await _publish(registry, {place: {word}})
    assert (await search(registry, statistics, Sought(word), None, PAGE))[0].place == place


@pytest.mark.parametrize("word", ["decided", "turbine"])
async def test_the_first_digest_of_a_registry_is_found_though_it_was_empty_before(database_url: str, word: str) -> None:
    await asyncio.to_thread(upgrade, MIGRATIONS, database_url)
    engine = create_engine(database_url)
    statistics = RegistryStatistics()
    async with engine.connect() as connection:
        assert await search(connection, statistics, Sought(word), None, PAGE) == []
        await _publish(connection, {FIRST_DAY.toordinal() * A_DAY: {"turbine"}})
        assert len(await search(connection, statistics, Sought(word), None, PAGE)) == 1
    await engine.dispose()
