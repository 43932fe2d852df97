"""Search of the registry: the words of a digest beside tags for what it is filtered by, alike on both engines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from advance_ruling.registry.rules import texts_in, words
from crossing.desk.lawbook import Lawbook
from crossing.desk.say_facts import say_facts
from crossing.kit.ledger import Insert
from crossing.rules.phrases import LANGUAGES

SEARCH: Final = "registry_search"
_A_DAY: Final = 1_000_000
_LAST: Final = date.max.toordinal() * _A_DAY
#: A page of places is found first; digests are joined to it alone. One that a newer version replaced is marked.
_PAGE: Final = (
    "SELECT d.*, EXISTS (SELECT 1 FROM digests n WHERE n.number = d.number AND n.version > d.version) AS replaced"
    " FROM (%s) p JOIN digests d ON d.place = p.place ORDER BY d.place DESC"
)
_ALL: Final = text(
    _PAGE % "SELECT place FROM digests WHERE place < :before AND place >= :first ORDER BY place DESC LIMIT :limit"
)
_MATCHING: Final = (
    "SELECT rowid AS place FROM registry_search WHERE %s AND rowid < :before AND rowid >= :first"
    " ORDER BY rowid DESC LIMIT :limit"
)
#: Where the engine files digests by requirement, those of one are walked in order and looked at for the other terms.
_FILED: Final = (
    "SELECT t.place FROM registry_search_requirements t%s WHERE t.tag = :tag%s"
    " AND t.place < :before AND t.place >= :first ORDER BY t.place DESC LIMIT :limit"
)
_FOUND: Final = {
    "sqlite": text(_PAGE % _MATCHING % "registry_search MATCH :match"),
    "postgresql": text(_PAGE % _MATCHING % "words @@ CAST(:match AS tsquery)"),
}
_OF_REQUIREMENT: Final = text(_PAGE % _FILED % ("", ""))
_OF_REQUIREMENT_WITH_MORE: Final = text(
    _PAGE % _FILED % (" JOIN registry_search s ON s.rowid = t.place", " AND s.words @@ CAST(:match AS tsquery)")
)
#: How rare its words are decides how a search is best done; one plan for all of them is a hundred times slower. What
#: is searched stays in memory, so that to read here and there costs little more than to read on.
_PLANNED_ANEW: Final = text(
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('random_page_cost', '2', true)"
)
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
        """Every tag and every word that a digest must have: what fails most often first, a requirement before all."""
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


async def search(connection: AsyncConnection, sought: Sought, before: int | None, limit: int) -> Sequence[Row[Any]]:
    """Digests as they stand now, the latest decision first, and one more than ``limit`` when there are more."""
    engine = connection.dialect.name
    statement, matching = _asked(sought, engine)
    if matching and engine == "postgresql":
        await connection.execute(_PLANNED_ANEW)
    first = date.fromisoformat(sought.since).toordinal() * _A_DAY if sought.since else 0
    end = (date.fromisoformat(sought.until).toordinal() + 1) * _A_DAY if sought.until else _LAST
    bounds: dict[str, Any] = {"before": min(before or _LAST, end), "first": first, "limit": limit + 1}
    found: list[Row[Any]] = []
    while True:
        page = (await connection.execute(statement, {**bounds, **matching})).all()
        found += [row for row in page if not row.replaced]
        if len(found) > limit or len(page) <= limit:
            return found[: limit + 1]
        bounds["before"] = page[-1].place


def _asked(sought: Sought, engine: str) -> tuple[TextClause, dict[str, str]]:
    """The statement that finds what is sought, and what it is to match."""
    terms = sought.terms()
    if not terms:
        return _ALL, {}
    quote, both = _QUOTES[engine]
    quoted = [f"{quote}{term}{quote}" for term in terms]
    if engine != "postgresql" or not sought.requirement:
        return _FOUND[engine], {"match": both.join(quoted)}
    if len(terms) == 1:
        return _OF_REQUIREMENT, {"tag": terms[0]}
    return _OF_REQUIREMENT_WITH_MORE, {"tag": terms[0], "match": both.join(quoted[1:])}
