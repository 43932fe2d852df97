"""Reads tests as packs write them, for the law of one day."""

from collections.abc import Mapping
from typing import Any

from crossing.rules.dates import current, in_force
from crossing.rules.dictionary import FactDictionary
from crossing.rules.errors import PackError
from crossing.rules.operands import FactOperand, Path
from crossing.rules.operators import OPERATORS, Test


class Parser:
    """Turns the YAML of a test into operators; every mistake raises ``PackError`` with its place."""

    def __init__(self, content: Mapping[str, Any], dictionary: FactDictionary, on: str) -> None:
        self._content = content
        self._dictionary = dictionary
        self._on = on
        self._list: str | None = None
        self._refs: tuple[str, ...] = ()

    def inside(self, list_fact: str) -> "Parser":
        """A parser for the entries of a list: there, ``.level`` is the entry's own field."""
        inner = Parser(self._content, self._dictionary, self._on)
        inner._list, inner._refs = list_fact, self._refs
        return inner

    def test(self, raw: Any, where: Path) -> Test:
        """The test that a map with one operator describes."""
        if not isinstance(raw, Mapping) or len(raw) != 1:
            raise PackError(where, "expected a map with one operator")
        (name, argument), inside = next(iter(raw.items())), (*where, next(iter(raw)))
        if name == "ref":
            return self._referred(argument, inside)
        if name not in OPERATORS:
            raise PackError(where, f"no operator is called {name!r}; there are: ref, {', '.join(OPERATORS)}")
        test: Test = OPERATORS[name].parse(self, argument, inside)
        return test

    def _referred(self, name: Any, where: Path) -> Test:
        tests = self._content["tests"]
        if name not in tests:
            raise PackError(where, f"no named test is called {name!r}")
        if name in self._refs:
            raise PackError(where, f"the named test {name!r} refers to itself")
        inner = Parser(self._content, self._dictionary, self._on)
        inner._list, inner._refs = self._list, (*self._refs, name)
        return inner.test(tests[name], ("tests", name))

    def fact(self, path: Any, where: Path) -> FactOperand:
        """A fact of the dictionary, or the field of a list's entry."""
        if not isinstance(path, str):
            raise PackError(where, "expected the path of a fact")
        field = None
        if path.startswith("."):
            if self._list is None:
                raise PackError(where, f"{path!r} is a field of a list's entry and stands outside of `where`")
            field, path = path[1:], f"{self._list}[]{path}"
        definition = self._dictionary.definition(path, where)
        return FactOperand(path, field, definition["label"])

    def fact_and(self, raw: Any, where: Path) -> tuple[FactOperand, Any]:
        """The arguments of an operator on a fact: ``[fact, value]``."""
        path, value = self.pair(raw, where)
        return self.fact(path, (*where, 0)), value

    def pair(self, raw: Any, where: Path) -> tuple[Any, Any]:
        """Two arguments."""
        if not isinstance(raw, list) or len(raw) != 2:
            raise PackError(where, "expected a list of two: [fact, value]")
        return raw[0], raw[1]

    def check_value(self, fact: FactOperand, value: Any, where: Path) -> None:
        """Whether a value could ever be stated for a fact."""
        definition = self._dictionary.definition(fact.path, where)
        options = definition.get("options")
        if options and value not in options:
            raise PackError(where, f"{value!r} is no option of {fact.path}; there are: {', '.join(options)}")
        if (definition["type"] == "boolean") != isinstance(value, bool):
            raise PackError(where, f"{value!r} does not fit {fact.path}, which is a {definition['type']}")

    def table(self, name: Any, where: Path) -> dict[str, Any]:
        """Rows of a table in force on the day, by id."""
        tables = self._content["tables"]
        if name not in tables:
            raise PackError(where, f"no table is called {name!r}")
        return {row["id"]: row for row in tables[name]["rows"] if in_force(row.get("in_force"), self._on)}

    def dated_value(self, name: Any, where: Path) -> Any:
        """The value in force on the day; before its first day, the first one stands in."""
        values = self._content["values"]
        if name not in values:
            raise PackError(where, f"no dated value is called {name!r}")
        dated = values[name]["dated"]
        return current(dated, self._on)["value"]
