"""Reads tests as packs write them, for the law of one day."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from crossing.rules.dates import current, in_force, is_day
from crossing.rules.dictionary import FactDictionary
from crossing.rules.errors import PackError
from crossing.rules.operands import FactOperand, Path
from crossing.rules.operators import OPERATORS, Test


@dataclass(frozen=True)
class Parser:
    """Turns the YAML of a test into operators; every mistake raises ``PackError`` with its place.

    ``list_fact`` is the list whose entries a ``where`` is read for, ``refs`` the named tests being read.
    ``no_judgement`` says why nothing may wait for a person here: nobody could ever make that finding.
    """

    content: Mapping[str, Any]
    dictionary: FactDictionary
    on: str
    list_fact: str | None = None
    refs: tuple[str, ...] = ()
    no_judgement: str | None = None

    def inside(self, list_fact: str) -> "Parser":
        """A parser for the entries of a list: there, ``.level`` is the entry's own field."""
        return replace(self, list_fact=list_fact)

    def without_judgement(self, because: str) -> "Parser":
        """A parser for a test on which nobody can make a finding."""
        return replace(self, no_judgement=because)

    def test(self, raw: Any, where: Path) -> Test:
        """The test that a map with one operator describes."""
        if not isinstance(raw, Mapping) or len(raw) != 1:
            raise PackError(where, "expected a map with one operator")
        (name, argument), inside = next(iter(raw.items())), (*where, next(iter(raw)))
        if name == "ref":
            return self._referred(argument, inside)
        if name not in OPERATORS:
            raise PackError(inside, f"no operator is called {name!r}; there are: ref, {', '.join(OPERATORS)}")
        test: Test = OPERATORS[name].parse(self, argument, inside)
        return test

    def _referred(self, name: Any, where: Path) -> Test:
        raw = self.named("tests", name, "named test", where)
        if name in self.refs:
            raise PackError(where, f"the named test {name!r} refers to itself; break the circle")
        return replace(self, refs=(*self.refs, name)).test(raw, ("tests", name))

    def named(self, section: str, name: Any, what: str, where: Path) -> Any:
        """An entry of one of the pack's maps, by name."""
        entries = self.content[section]
        if not isinstance(name, str) or name not in entries:
            raise PackError(where, f"no {what} is called {name!r}; add it or correct the name")
        return entries[name]

    def refuse_judgement(self, where: Path) -> None:
        """Refuse to wait for a person where nobody could make the finding."""
        if self.no_judgement:
            raise PackError(where, f"nobody could find on this: {self.no_judgement}")

    def fact(self, path: Any, where: Path, *types: str) -> FactOperand:
        """A fact of the dictionary, or the field of a list's entry, of one of the types."""
        if not isinstance(path, str):
            raise PackError(where, "expected the path of a fact")
        field = None
        if path.startswith("."):
            if self.list_fact is None:
                raise PackError(where, f"{path!r} is a field of a list's entry and stands outside of `where`")
            field, path = path[1:], f"{self.list_fact}[]{path}"
        elif "[]" in path:
            raise PackError(where, f"{path!r} belongs to an entry; write {path.partition('[]')[2]!r} inside of `where`")
        definition = self.dictionary.definition(path, where)
        if definition["type"] not in types:
            raise PackError(where, f"{path} is a {definition['type']}; expected a {', '.join(types)}")
        return FactOperand(path, field, definition["label"], definition["type"])

    def pair(self, raw: Any, where: Path) -> tuple[Any, Any]:
        """Two arguments."""
        if not isinstance(raw, list) or len(raw) != 2:
            raise PackError(where, "expected a list of two: [fact, value]")
        return raw[0], raw[1]

    def check_value(self, fact: FactOperand, value: Any, where: Path) -> None:
        """Whether a value could ever be stated for a fact."""
        definition = self.dictionary.definition(fact.path, where)
        kind = definition.get("of") or definition["type"]
        if not _fits(kind, value):
            raise PackError(where, f"{value!r} does not fit {fact.path}, which is a {kind}")
        options = definition.get("options")
        if options and value not in options:
            raise PackError(where, f"{value!r} is no option of {fact.path}; there are: {', '.join(options)}")

    def table(self, name: Any, where: Path) -> dict[str, Any]:
        """Rows of a table in force on the day, by id."""
        rows = self.named("tables", name, "table", where)["rows"]
        return {row["id"]: row for row in rows if in_force(row.get("in_force"), self.on)}

    def dated_value(self, name: Any, where: Path) -> Any:
        """The value in force on the day; before its first day, the first one stands in."""
        return current(self.named("values", name, "dated value", where)["dated"], self.on)["value"]


def _fits(kind: str, value: Any) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if kind in ("integer", "percent"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str) and (kind != "date" or is_day(value))
