"""Operators over the entries of a list and the rows of a table."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from crossing.rules.errors import PackError
from crossing.rules.operands import FactOperand, Path
from crossing.rules.operators.base import Teller, Test, column_of, joined, sayer, unstated
from crossing.rules.reading import Reading
from crossing.rules.source import Body, TraceFunction
from crossing.rules.status import MET, NOT_MET, UNKNOWN
from crossing.rules.voice import Voice
from crossing.rules.ways import Way, shortest, together

if TYPE_CHECKING:
    from crossing.rules.parser import Parser


class Some(Test):
    """At least one entry of a list fits; a list that was stated is complete."""

    operator: ClassVar[str] = "some"
    wanted: ClassVar[tuple[str, str]] = ("some", "no_entry")
    settled_by: ClassVar[int] = MET

    def __init__(self, fact: FactOperand, where: Test) -> None:
        self.fact = fact
        self.where = where
        self.varies = where.varies
        self.function: TraceFunction
        self._name: str

    @classmethod
    def parse(cls, parser: "Parser", raw: Any, where: Path) -> Test:
        if not isinstance(raw, dict) or set(raw) != {"of", "where"}:
            raise PackError(where, "expected {of: list fact, where: test}")
        fact = parser.fact(raw["of"], (*where, "of"), "list")
        return cls(fact, parser.inside(fact.path).test(raw["where"], (*where, "where")))

    def emit(self, body: Body) -> int:
        self._name = body.source.function(self.where)
        body.source.bind(self, self._name)
        self.slot = body.slot(f"{self.operator}({self.fact.source(body)}, {self._name}, f, g, o)")
        return self.slot

    def reads(self, facts: Any) -> tuple[str, ...]:
        return (self.fact.path, *self.where.reads(facts))

    def _entries(self, reading: Reading) -> Iterable[tuple[int, Reading]]:
        for number, entry in enumerate(reading.facts.get(self.fact.path) or ()):
            trace = self.function(reading.facts, reading.finding, reading.on, entry)
            yield trace[-1], reading.of_entry(trace, entry, number)

    def missing(self, reading: Reading) -> tuple[str, ...]:
        if self.status(reading) != UNKNOWN:
            return ()
        if reading.facts.get(self.fact.path) is None:
            return (self.fact.path,)
        open_entries = [entry for word, entry in self._entries(reading) if word == UNKNOWN]
        return tuple(dict.fromkeys(path for entry in open_entries for path in self.where.missing(entry)))

    def _way(self, reading: Reading, wanted: int) -> Way | None:
        if reading.facts.get(self.fact.path) is None:
            return Way((self.fact.path,))
        ways = [self.where.way(entry, wanted) for _, entry in self._entries(reading)]
        return shortest(ways) if wanted == self.settled_by else together(ways)

    def teller(self, voice: Voice, *, negated: bool = False) -> Teller:
        subject, tell_entry = self.fact.label(voice.language), self.where.teller(voice, negated=negated)
        before, between = voice.around_entry()

        def tell(reading: Reading) -> list[str]:
            own, entries = reading.trace[self.slot], reading.facts.get(self.fact.path)
            if entries is None:
                return [voice.phrase("not_stated", subject=subject)]
            found = []
            if (own == MET) == negated:
                wanted = voice.phrase(self.wanted[negated])
                found.append(voice.phrase("required", subject=subject, value=len(entries), wanted=wanted))
            elif not entries:
                found.append(voice.phrase("stated", subject=subject, value=voice.phrase("none")))
            for word, entry in self._entries(reading):
                if word == own:
                    found.append(f"{before}{entry.number + 1}{between}{joined(tell_entry(entry))}")
            return found

        return tell


class Every(Some):
    """All entries of a list fit."""

    operator = "every"
    wanted = ("every", "not_every")
    settled_by = NOT_MET


class Row(Test):
    """The test in a column of the table's row that a fact names; a row that is not there is not met."""

    def __init__(self, key: FactOperand, tests: dict[str, Test]) -> None:
        self.key = key
        self.tests = tests
        self.varies = True
        self.functions: dict[str, TraceFunction]

    @classmethod
    def parse(cls, parser: "Parser", raw: Any, where: Path) -> Test:
        if not isinstance(raw, dict) or set(raw) != {"table", "key", "test"}:
            raise PackError(where, "expected {table: name, key: fact, test: column}")
        column, rows = raw["test"], parser.table(raw["table"], (*where, "table"))
        tests = {}
        for name, row in rows.items():
            place = ("tables", raw["table"], "rows", name)
            tests[name] = parser.test(column_of(row, column, place), (*place, column))
        return cls(parser.fact(raw["key"], (*where, "key"), "code", "country"), tests)

    def emit(self, body: Body) -> int:
        names = {key: body.source.function(test) for key, test in self.tests.items()}
        table = body.source.name("R")
        body.source.chunk(f"{table} = {{{', '.join(f'{key!r}: {name}' for key, name in names.items())}}}\n")
        body.source.bind(self, table, "functions")
        self.slot = body.slot(f"row({self.key.source(body)}, {table}, f, g, o, i)")
        return self.slot

    def _chosen(self, reading: Reading) -> tuple[Test, Reading] | None:
        key = self.key.value(reading.values, reading.on)
        if key not in self.tests:
            return None
        trace = self.functions[key](reading.facts, reading.finding, reading.on, reading.entry)
        return self.tests[key], reading.of(trace)

    def reads(self, facts: Any) -> tuple[str, ...]:
        chosen = self.tests.get(facts.get(self.key.path))
        return (self.key.path, *(chosen.reads(facts) if chosen else ()))

    def missing(self, reading: Reading) -> tuple[str, ...]:
        if self.status(reading) != UNKNOWN:
            return ()
        chosen = self._chosen(reading)
        return chosen[0].missing(chosen[1]) if chosen else (unstated(reading, self.key),)

    def _way(self, reading: Reading, wanted: int) -> Way | None:
        chosen = self._chosen(reading)
        return chosen[0].way(chosen[1], wanted) if chosen else Way(self.missing(reading))

    def teller(self, voice: Voice, *, negated: bool = False) -> Teller:
        subject, say = self.key.label(voice.language), sayer(voice, self.key)
        tellers = {id(test): test.teller(voice, negated=negated) for test in self.tests.values()}

        def tell(reading: Reading) -> list[str]:
            chosen = self._chosen(reading)
            if chosen:
                return tellers[id(chosen[0])](chosen[1])
            if reading.trace[self.slot] == UNKNOWN:
                return [voice.phrase("not_stated", subject=subject)]
            return [voice.phrase("required", subject=subject, value=say(reading), wanted=voice.phrase("listed"))]

        return tell
