"""Search of the registry: the words of a digest beside tags for what it is filtered by, alike on both engines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from advance_ruling.registry.rules import texts_in, words
from crossing.desk.lawbook import Lawbook
from crossing.desk.say_facts import say_facts
from crossing.kit.ledger import Insert
from crossing.rules.phrases import LANGUAGES

SEARCH: Final = "registry_search"
_A_DAY: Final = 1_000_000
_LAST: Final = date.max.toordinal() * _A_DAY
_CURRENT: Final = (
    "NOT EXISTS (SELECT 1 FROM digests n WHERE n.number = d.number AND n.version > d.version)"
    " AND d.place < :before AND d.place >= :first"
)
_ALL: Final = text(f"SELECT d.* FROM digests d WHERE {_CURRENT} ORDER BY d.place DESC LIMIT :limit")
_FOUND: Final = {
    "sqlite": text(
        "SELECT d.* FROM registry_search s JOIN digests d ON d.place = s.rowid WHERE registry_search MATCH :match"
        f" AND s.rowid < :before AND s.rowid >= :first AND {_CURRENT} ORDER BY s.rowid DESC LIMIT :limit"
    ),
    "postgresql": text(
        "SELECT d.* FROM registry_search s JOIN digests d ON d.place = s.rowid WHERE s.words @@ CAST(:match AS tsquery)"
        f" AND s.rowid < :before AND s.rowid >= :first AND {_CURRENT} ORDER BY s.rowid DESC LIMIT :limit"
    ),
}
_QUOTES: Final = {"sqlite": ('"', " AND "), "postgresql": ("'", " & ")}


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
        """Every word and every tag that a digest must have."""
        tags = {"class": self.class_id, "requirement": self.requirement, "into": self.into}
        return [*words(self.q or ""), *(_tag(name, value) for name, value in tags.items() if value)]


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


async def search(connection: AsyncConnection, sought: Sought, before: int | None, limit: int) -> Sequence[Row[Any]]:
    """Digests as they stand now, the latest decision first, and one more than ``limit`` when there are more."""
    first = date.fromisoformat(sought.since).toordinal() * _A_DAY if sought.since else 0
    end = (date.fromisoformat(sought.until).toordinal() + 1) * _A_DAY if sought.until else _LAST
    bounds: dict[str, Any] = {"before": min(before or _LAST, end), "first": first, "limit": limit + 1}
    terms = sought.terms()
    if not terms:
        return (await connection.execute(_ALL, bounds)).all()
    engine = connection.dialect.name
    quote, both = _QUOTES[engine]
    match = both.join(f"{quote}{term}{quote}" for term in terms)
    return (await connection.execute(_FOUND[engine], {**bounds, "match": match})).all()
