"""A rule pack: the law of one country of admission as data, at every date it knows."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Any

from crossing.rules.dates import add
from crossing.rules.dictionary import FactDictionary
from crossing.rules.digest import digest_of
from crossing.rules.errors import RequestError
from crossing.rules.law import Law


class Pack:
    """Law as data, with the fact dictionary it was written against.

    ``content`` is the merged YAML of the pack, as JSON values; its digest names it for ever. ``names`` gives the
    display names of typed values (countries) in each language and is no part of the law.
    """

    def __init__(
        self, content: Mapping[str, Any], names: Mapping[str, Mapping[str, Mapping[str, str]]] | None = None
    ) -> None:
        self.content = content
        self.id: str = content["pack"]["id"]
        self.country: str = content["pack"]["country"]
        self.version: str = content["pack"]["version"]
        self.earliest: str = content["pack"]["earliest"]
        self.digest = digest_of(content)
        self.names = names
        dictionary = content["dictionary"]
        rows = _rows_named_by_facts(content)
        self.dictionary = FactDictionary(dictionary["facts"], dictionary["documents"], names, rows)
        self._changes = sorted(set(_days_of_change(content)))
        self._laws: dict[int, Law] = {}

    def on(self, day: str) -> Law:
        """The law in force on a day, compiled once for the whole time in which nothing changes.

        Raises ``RequestError`` for a day before the pack's first, ``PackError`` where the pack is wrong.
        """
        self.require_known(day)
        period = bisect_right(self._changes, day)
        if period not in self._laws:
            self._laws[period] = Law(self, day)
        return self._laws[period]

    def require_known(self, day: str) -> None:
        """Raise ``RequestError`` for a day before the first whose law the pack has."""
        if day < self.earliest:
            raise RequestError("/on", "too_early", earliest=self.earliest)

    def days_of_change(self) -> list[str]:
        """Every day on which something in the pack begins to hold or no longer holds, in order."""
        return [day for day in self._changes if day > self.earliest]


def _rows_named_by_facts(content: Mapping[str, Any]) -> dict[str, dict[str, Mapping[str, str]]]:
    """Texts of the rows that a fact's values name: ``table: professions`` stands for this pack's ``us.professions``."""
    found = {}
    for path, definition in content["dictionary"]["facts"].items():
        table = content["tables"].get(f"{content['pack']['id']}.{definition.get('table')}")
        if table:
            found[path] = {row["id"]: row["text"] for row in table["rows"]}
    return found


def _days_of_change(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("from"), str):
            yield value["from"]
        if isinstance(value.get("until"), str):
            yield add(value["until"], "P1D")
        for inner in value.values():
            yield from _days_of_change(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _days_of_change(inner)
