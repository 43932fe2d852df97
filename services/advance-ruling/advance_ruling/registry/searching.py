"""Search of the registry: the words of a digest beside tags for what it is filtered by, alike on both engines."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from advance_ruling.registry.rules import texts_in, words
from advance_ruling.registry.windows import A_DAY, A_QUARTER, QUARTERS, Manner, RegistryStatistics, Window, windows
from crossing.desk.lawbook import Lawbook
from crossing.desk.say_facts import say_facts
from crossing.kit.ledger import Insert
from crossing.rules.phrases import LANGUAGES

SEARCH: Final = "registry_search"
_LAST: Final = date.max.toordinal() * A_DAY
#: A page of places is found first; digests are joined to it alone. One that a newer version replaced is marked.
_PAGE: Final = (
    "SELECT d.*, EXISTS (SELECT 1 FROM digests n WHERE n.number = d.number AND n.version > d.version) AS replaced"
    " FROM (%s) p JOIN digests d ON d.place = p.place ORDER BY d.place DESC"
)
_MATCHING: Final = (
    "SELECT rowid AS place FROM registry_search WHERE %s AND rowid < :before AND rowid >= :first ORDER BY rowid DESC"
)
_ALL: Final = text(
    _PAGE % "SELECT place FROM digests WHERE place < :before AND place >= :first ORDER BY place DESC LIMIT :limit"
)
_ON_SQLITE: Final = text(_PAGE % f"{_MATCHING} LIMIT :limit" % "registry_search MATCH :match")
#: Asked by the function's name, the engine reads one after the other; by its operator, it looks in the index.
_ONE_BY_ONE: Final = _MATCHING % "ts_match_vq(words, CAST(:match AS tsquery))"
_LISTED: Final = (
    "WITH listed AS MATERIALIZED (SELECT rowid AS place FROM registry_search WHERE %s)"
    " SELECT place FROM listed WHERE place < :before AND place >= :first ORDER BY place DESC"
)
#: By a query within, all searches are planned alike, so that a connection plans them once.
_LISTED_WHOLE: Final = _LISTED % "words @@ (SELECT CAST(:match AS tsquery))"
#: The terms of a digest with its quarter, in the words of the index that has them.
_QUARTER_TERMS: Final = (
    r"string_to_array(replace(body || ' ' || tags, ' ', '@' || (rowid / 91000000)\:\:text || ' ')"
    r" || '@' || (rowid / 91000000)\:\:text, ' ')"
)
#: A quarter, and at last what lies before them, is listed only when what comes first has not filled the page. What is
#: later than the quarters came after the statistics were read, and is nearly always nothing.
_QUARTERS_IN_TURN: Final = " UNION ALL ".join(
    [
        f"({_ONE_BY_ONE.replace(':first', 'greatest(:first, CAST(:quarters_to AS bigint))')})",
        *(f"({_LISTED % f'{_QUARTER_TERMS} @> CAST(:terms_{number} AS text[])'})" for number in range(QUARTERS)),
        f"({_LISTED_WHOLE.replace(':before', 'least(:before, CAST(:quarters_from AS bigint))')})",
    ]
)
STATEMENTS: Final = {
    Manner.ONE_BY_ONE: text(_PAGE % f"{_ONE_BY_ONE} LIMIT :limit"),
    Manner.BY_QUARTER: text(_PAGE % f"SELECT place FROM ({_QUARTERS_IN_TURN}) listed LIMIT :limit"),
    Manner.LISTED: text(_PAGE % f"{_LISTED_WHOLE} LIMIT :limit"),
}


@dataclass(frozen=True)
class Sought:
    """What somebody looks for; days are ISO days, both included."""

    q: str | None = None
    class_id: str | None = None
    requirement: str | None = None
    into: str | None = None
    since: str | None = None
    until: str | None = None

    def terms(self) -> list[str]:
        """Every tag and every word that a digest must have: what fails most often first."""
        tags = {"requirement": self.requirement, "class": self.class_id, "into": self.into}
        return [*(_tag(name, value) for name, value in tags.items() if value), *words(self.q or "")]


def search_row(lawbook: Lawbook, digest: Mapping[str, Any], place: int) -> Insert:
    """The row by which a digest is found: its words in every language, and its tags."""
    dictionary = lawbook.packs[digest["into"]].dictionary
    said = [list(texts_in(say_facts(digest["facts"], dictionary, language))) for language in LANGUAGES]
    told = [digest["number"], *texts_in([digest["question"], digest["holding"], *said])]
    told += [reason["text"] for reason in digest["reasons"]]
    body = dict.fromkeys(word for each in told for word in words(each))
    tags = [_tag("class", digest["class"]), _tag("into", digest["into"])]
    tags += [_tag("requirement", name) for name in digest["requirements"]]
    return Insert(SEARCH, {"rowid": place, "body": " ".join(body), "tags": " ".join(tags)})


def _tag(name: str, value: str) -> str:
    return f"{name}={value}".lower()


async def search(
    connection: AsyncConnection, statistics: RegistryStatistics, sought: Sought, before: int | None, limit: int
) -> Sequence[Row[Any]]:
    """Digests as they stand now, the latest decision first, and one more than ``limit`` when there are more."""
    first = date.fromisoformat(sought.since).toordinal() * A_DAY if sought.since else 0
    end = (date.fromisoformat(sought.until).toordinal() + 1) * A_DAY if sought.until else _LAST
    before = min(before or _LAST, end)
    found: list[Row[Any]] = []
    for statement, matching, lowest in await _steps(connection, statistics, sought.terms(), before, limit + 1):
        bounds = {"before": before, "first": max(first, lowest), "limit": limit + 1}
        while True:
            page = (await connection.execute(statement, {**bounds, **matching})).all()
            found += [row for row in page if not row.replaced]
            if len(found) > limit:
                return found[: limit + 1]
            if len(page) <= limit:
                break
            bounds["before"] = page[-1].place
        before = lowest
        if before <= first:
            break
    return found


async def _steps(
    connection: AsyncConnection, statistics: RegistryStatistics, terms: Sequence[str], before: int, wanted: int
) -> list[tuple[TextClause, dict[str, Any], int]]:
    """The statements that find digests below ``before`` one after the other, and down to which place each goes."""
    if not terms:
        return [(_ALL, {}, 0)]
    if connection.dialect.name == "sqlite":
        return [(_ON_SQLITE, {"match": " AND ".join(f'"{term}"' for term in terms)}, 0)]
    known = await statistics.read(connection, time.monotonic())
    found = windows(known, terms, before, wanted)
    return [(STATEMENTS[each.manner], _matching(each, terms), each.first) for each in found]


def _matching(window: Window, terms: Sequence[str]) -> dict[str, Any]:
    """What a statement is told of the terms."""
    told: dict[str, Any] = {"match": " & ".join(f"'{term}'" for term in terms)}
    if window.manner is Manner.BY_QUARTER:
        quarters = [window.quarter - number for number in range(QUARTERS)]
        told |= {f"terms_{place}": [f"{term}@{each}" for term in terms] for place, each in enumerate(quarters)}
        told |= {"quarters_from": quarters[-1] * A_QUARTER, "quarters_to": (window.quarter + 1) * A_QUARTER}
    return told
