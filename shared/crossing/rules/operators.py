"""The operators a test is built of. Each computes and explains itself, and reports only what now decides the answer.

An operator is one small class. To add one: write it, name it in ``OPERATORS`` at the end, and add its rows to the
table test.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from crossing.rules.errors import PackError
from crossing.rules.operands import DAY, NUMBER, FactOperand, Operand, Path, parse_sides
from crossing.rules.reading import Reading
from crossing.rules.remembered import Remembered
from crossing.rules.source import Body, TraceFunction
from crossing.rules.status import JUDGEMENT, MET, NOT_MET, UNKNOWN
from crossing.rules.ways import Way, opposite, shortest, together, way_of_known

if TYPE_CHECKING:
    from crossing.rules.parser import Parser


_SCALARS = ("boolean", "date", "country", "code", "text", "integer", "percent")
_JUDGEMENT_PHRASES = {MET: "judgement_met", NOT_MET: "judgement_not_met", JUDGEMENT: "judgement_open"}


class Test:
    """A node of a test."""

    slot: int

    def status(self, reading: Reading) -> int:
        """What the test came to."""
        return reading.trace[self.slot]

    def emit(self, body: Body) -> int:
        """Write its expression; the number returned is where its status will stand."""
        raise NotImplementedError

    def reads(self, facts: Any) -> tuple[str, ...]:
        """Paths of the facts it reads."""
        raise NotImplementedError

    def told(self) -> tuple[str, ...]:
        """Paths of all facts that its sentences may depend on, whatever the facts are."""
        raise NotImplementedError

    def missing(self, reading: Reading) -> tuple[str, ...]:
        """Facts that keep it unknown."""
        raise NotImplementedError

    def way(self, reading: Reading, wanted: int) -> Way | None:
        """The fewest facts that would bring it to *met* or *not met*; ``None`` when none can any more."""
        status = self.status(reading)
        return self._way(reading, wanted) if status == UNKNOWN else way_of_known(status, wanted)

    def _way(self, reading: Reading, wanted: int) -> Way | None:
        return Way(self.missing(reading))

    def reasons(self, reading: Reading, *, negated: bool = False) -> Iterable[str]:
        """The sentences that decide its status."""
        raise NotImplementedError


class Combination(Test):
    """``all_of`` and ``any_of``."""

    table: ClassVar[str]
    settled_by: ClassVar[int]

    def __init__(self, tests: Sequence[Test]) -> None:
        self.tests = tests

    @classmethod
    def parse(cls, parser: "Parser", raw: Any, where: Path) -> Test:
        if not isinstance(raw, list):
            raise PackError(where, "expected a list of tests")
        return cls([parser.test(inner, (*where, number)) for number, inner in enumerate(raw)])

    def emit(self, body: Body) -> int:
        slots = [test.emit(body) for test in self.tests]
        self.slot = body.slot(f"{self.table}[{' | '.join(f'a{slot}' for slot in slots) or '0'}]")
        return self.slot

    def reads(self, facts: Any) -> tuple[str, ...]:
        return tuple(dict.fromkeys(path for test in self.tests for path in test.reads(facts)))

    def _deciding(self, reading: Reading) -> Iterable[Test]:
        own = self.status(reading)
        deciding = [test for test in self.tests if test.status(reading) == own]
        return deciding[:1] if own == self.settled_by == MET else deciding

    def told(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(path for test in self.tests for path in test.told()))

    def missing(self, reading: Reading) -> tuple[str, ...]:
        return tuple(dict.fromkeys(path for test in self._deciding(reading) for path in test.missing(reading)))

    def _way(self, reading: Reading, wanted: int) -> Way | None:
        ways = [test.way(reading, wanted) for test in self.tests]
        return shortest(ways) if wanted == self.settled_by else together(ways)

    def reasons(self, reading: Reading, *, negated: bool = False) -> Iterable[str]:
        for test in self._deciding(reading):
            yield from test.reasons(reading, negated=negated)


class AllOf(Combination):
    """Met when every test is met; one that is not met settles it."""

    table = "ALL"
    settled_by = NOT_MET


class AnyOf(Combination):
    """Met when one test is met, which settles it."""

    table = "ANY"
    settled_by = MET


class Not(Test):
    """Met when the test is not met; unknown stays unknown."""

    def __init__(self, test: Test) -> None:
        self.test = test

    @classmethod
    def parse(cls, parser: "Parser", raw: Any, where: Path) -> Test:
        return cls(parser.test(raw, where))

    def emit(self, body: Body) -> int:
        self.slot = body.slot(f"NOT[a{self.test.emit(body)}]")
        return self.slot

    def reads(self, facts: Any) -> tuple[str, ...]:
        return self.test.reads(facts)

    def told(self) -> tuple[str, ...]:
        return self.test.told()

    def missing(self, reading: Reading) -> tuple[str, ...]:
        return self.test.missing(reading)

    def _way(self, reading: Reading, wanted: int) -> Way | None:
        return self.test.way(reading, opposite(wanted))

    def reasons(self, reading: Reading, *, negated: bool = False) -> Iterable[str]:
        return self.test.reasons(reading, negated=not negated)


class Comparison(Test):
    """A comparison of a left side with a right side that is known when the pack is written, or an operand."""

    condition: ClassVar[str]
    wanted: ClassVar[tuple[str, str]]

    def __init__(self, left: Operand, right: Any) -> None:
        self.left = left
        self.right = right
        self._kept = Remembered()

    def emit(self, body: Body) -> int:
        right = self._right_source(body)
        unknown = " or (y := " + right + ") is None" if self._right_is_operand() else ""
        condition = self.condition.format(x="x", y="y" if unknown else right)
        self.slot = body.slot(f"2 if (x := {self.left.source(body)}) is None{unknown} else 8 if {condition} else 1")
        return self.slot

    def _right_is_operand(self) -> bool:
        return False

    def _right_source(self, body: Body) -> str:
        return body.constant(self.right)

    def _sides(self) -> tuple[Operand, ...]:
        return (self.left,)

    def reads(self, facts: Any) -> tuple[str, ...]:
        return tuple(path for side in self._sides() for path in side.reads())

    def told(self) -> tuple[str, ...]:
        return tuple(path for side in self._sides() for path in side.reads())

    def missing(self, reading: Reading) -> tuple[str, ...]:
        if self.status(reading) != UNKNOWN:
            return ()
        return tuple(_unstated(reading, side) for side in _open_sides(reading, self._sides()))

    def reasons(self, reading: Reading, *, negated: bool = False) -> Iterable[str]:
        own = self.status(reading)
        if own == UNKNOWN:
            for path in self.missing(reading):
                yield reading.phrase("not_stated", subject=reading.dictionary.label(_generic(path), reading.language))
            return
        if self._right_is_operand() or not reading.dictionary.has_few_values(self.left):
            yield self._sentence(reading, own, negated)
            return
        value = self.left.value(reading.values, reading.on)
        key = (reading.language, own, negated, tuple(value) if isinstance(value, list) else value)
        yield self._kept.get(key) or self._kept.keep(key, self._sentence(reading, own, negated))

    def _sentence(self, reading: Reading, own: int, negated: bool) -> str:
        subject, value = self.left.label(reading.language), _said(reading, self.left)
        if (own == MET) != negated:
            return reading.phrase("stated", subject=subject, value=value)
        wanted = reading.phrase(self.wanted[negated], value=self._right_said(reading))
        return reading.phrase("required", subject=subject, value=value, wanted=wanted)

    def _right_said(self, reading: Reading) -> str:
        return _say(reading, self.left, self.right)


class Is(Comparison):
    """The fact equals the value."""

    condition = "{x} == {y}"
    wanted = ("is", "is_not")
    types: ClassVar[tuple[str, ...]] = _SCALARS

    @classmethod
    def parse(cls, parser: "Parser", raw: Any, where: Path) -> Test:
        path, value = parser.pair(raw, where)
        fact = parser.fact(path, (*where, 0), *cls.types)
        parser.check_value(fact, value, (*where, 1))
        return cls(fact, value)


class Membership(Comparison):
    """A comparison with a list of values, or with the keys of a table's rows in force."""

    types: ClassVar[tuple[str, ...]] = ("set",)

    def __init__(self, left: Operand, right: Sequence[str], title: str | None) -> None:
        super().__init__(left, right)
        self.title = title

    @classmethod
    def parse(cls, parser: "Parser", raw: Any, where: Path) -> Test:
        path, listed = parser.pair(raw, where)
        fact = parser.fact(path, (*where, 0), *cls.types)
        if isinstance(listed, dict):
            name = listed.get("table")
            return cls(fact, tuple(parser.table(name, (*where, 1))), name)
        if not isinstance(listed, list):
            raise PackError((*where, 1), "expected a list of values or {table: name}")
        for number, value in enumerate(listed):
            parser.check_value(fact, value, (*where, 1, number))
        return cls(fact, tuple(listed), None)

    def _right_source(self, body: Body) -> str:
        return body.constant(frozenset(self.right))

    def _right_said(self, reading: Reading) -> str:
        return reading.phrase("listed") if self.title else _say(reading, self.left, self.right)


class OneOf(Membership):
    """The fact is one of the values."""

    condition = "{x} in {y}"
    wanted = ("one_of", "none_of")
    types = _SCALARS


class IncludesAny(Membership):
    """A set fact shares a value with the list."""

    condition = "not {y}.isdisjoint({x})"
    wanted = ("includes_any", "none_of")


class IncludesOnly(Membership):
    """A set fact has no value beyond the list."""

    condition = "{y}.issuperset({x})"
    wanted = ("includes_only", "includes_other")


class Includes(Is):
    """A set fact holds the value."""

    condition = "{y} in {x}"
    types = ("set",)


class Empty(Comparison):
    """A set or list is stated and has nothing in it."""

    condition = "not {x}"
    wanted = ("empty", "not_empty")

    @classmethod
    def parse(cls, parser: "Parser", raw: Any, where: Path) -> Test:
        return cls(parser.fact(raw, where, "set", "list"), None)

    def _right_said(self, reading: Reading) -> str:
        return ""


class Ordering(Comparison):
    """A comparison of two operands of one kind: numbers, or days."""

    kind: ClassVar[str] = NUMBER

    @classmethod
    def parse(cls, parser: "Parser", raw: Any, where: Path) -> Test:
        return cls(*parse_sides(parser, raw, where, cls.kind))

    def _right_is_operand(self) -> bool:
        return True

    def _right_source(self, body: Body) -> str:
        source: str = self.right.source(body)
        return source

    def _sides(self) -> tuple[Operand, ...]:
        return (self.left, self.right)

    def _right_said(self, reading: Reading) -> str:
        return _said(reading, self.right)


class AtLeast(Ordering):
    condition, wanted = "{x} >= {y}", ("at_least", "less_than")


class AtMost(Ordering):
    condition, wanted = "{x} <= {y}", ("at_most", "more_than")


class MoreThan(Ordering):
    condition, wanted = "{x} > {y}", ("more_than", "at_most")


class LessThan(Ordering):
    condition, wanted = "{x} < {y}", ("less_than", "at_least")


class OnOrBefore(Ordering):
    kind = DAY
    condition, wanted = "{x} <= {y}", ("on_or_before", "after")


class Before(Ordering):
    kind = DAY
    condition, wanted = "{x} < {y}", ("before", "on_or_after")


class OnOrAfter(Ordering):
    kind = DAY
    condition, wanted = "{x} >= {y}", ("on_or_after", "before")


class After(Ordering):
    kind = DAY
    condition, wanted = "{x} > {y}", ("after", "on_or_before")


class Some(Test):
    """At least one entry of a list fits; a list that was stated is complete."""

    operator: ClassVar[str] = "some"
    wanted: ClassVar[tuple[str, str]] = ("some", "no_entry")
    settled_by: ClassVar[int] = MET

    def __init__(self, fact: FactOperand, where: Test) -> None:
        self.fact = fact
        self.where = where
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

    def told(self) -> tuple[str, ...]:
        return (self.fact.path, *(path for path in self.where.told() if "[]" not in path))

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

    def reasons(self, reading: Reading, *, negated: bool = False) -> Iterable[str]:
        own, subject = self.status(reading), self.fact.label(reading.language)
        entries = reading.facts.get(self.fact.path)
        if entries is None:
            yield reading.phrase("not_stated", subject=subject)
            return
        if (own == MET) == negated:
            wanted = reading.phrase(self.wanted[negated])
            yield reading.phrase("required", subject=subject, value=len(entries), wanted=wanted)
        elif not entries:
            yield reading.phrase("stated", subject=subject, value=reading.phrase("none"))
        for word, entry in self._entries(reading):
            if word == own:
                why = " ".join(dict.fromkeys(self.where.reasons(entry, negated=negated)))
                yield reading.phrase("entry", number=entry.number + 1, why=why)


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

    def told(self) -> tuple[str, ...]:
        inner = (path for test in self.tests.values() for path in test.told())
        return tuple(dict.fromkeys((self.key.path, *inner)))

    def missing(self, reading: Reading) -> tuple[str, ...]:
        if self.status(reading) != UNKNOWN:
            return ()
        chosen = self._chosen(reading)
        return chosen[0].missing(chosen[1]) if chosen else (_unstated(reading, self.key),)

    def _way(self, reading: Reading, wanted: int) -> Way | None:
        chosen = self._chosen(reading)
        return chosen[0].way(chosen[1], wanted) if chosen else Way(self.missing(reading))

    def reasons(self, reading: Reading, *, negated: bool = False) -> Iterable[str]:
        chosen = self._chosen(reading)
        if chosen:
            yield from chosen[0].reasons(chosen[1], negated=negated)
        elif self.status(reading) == UNKNOWN:
            yield reading.phrase("not_stated", subject=self.key.label(reading.language))
        else:
            value, wanted = _said(reading, self.key), reading.phrase("listed")
            yield reading.phrase("required", subject=self.key.label(reading.language), value=value, wanted=wanted)


class NoGround(Test):
    """No recorded ground of inadmissibility stands unwaived; a ground that is judged waits for a person."""

    def __init__(
        self,
        recorded: FactOperand,
        waived: FactOperand,
        grounds: dict[str, tuple[bool, bool]],
        passed_over: frozenset[str],
    ) -> None:
        self.recorded = recorded
        self.waived = waived
        self.grounds = grounds
        self.passed_over = passed_over

    @classmethod
    def parse(cls, parser: "Parser", raw: Any, where: Path) -> Test:
        if not isinstance(raw, dict) or set(raw) != {"recorded", "waived", "table"}:
            raise PackError(where, "expected {recorded: fact, waived: fact, table: name}")
        parser.refuse_judgement(where)
        grounds, passed_over = {}, set()
        for code, row in parser.table(raw["table"], (*where, "table")).items():
            place = ("tables", raw["table"], "rows", code)
            decided, waiver = column_of(row, "decided", place), column_of(row, "waiver", place)
            if decided == "not_applicable":
                passed_over.add(code)
            else:
                possible = bool(column_of(waiver, "possible", (*place, "waiver")))
                grounds[code] = (possible, decided != "bright_line")
        recorded, waived = (parser.fact(raw[side], (*where, side), "set") for side in ("recorded", "waived"))
        return cls(recorded, waived, grounds, frozenset(passed_over))

    def emit(self, body: Body) -> int:
        recorded, waived = self.recorded.source(body), self.waived.source(body)
        grounds, passed_over = body.constant(self.grounds), body.constant(self.passed_over)
        self.slot = body.slot(f"no_ground({recorded}, {waived}, {grounds}, {passed_over}, g)")
        return self.slot

    def reads(self, facts: Any) -> tuple[str, ...]:
        return (self.recorded.path, self.waived.path)

    def told(self) -> tuple[str, ...]:
        return (self.recorded.path, self.waived.path)

    def missing(self, reading: Reading) -> tuple[str, ...]:
        if self.status(reading) != UNKNOWN:
            return ()
        stated = self.recorded.value(reading.values, reading.on) is not None
        return (_unstated(reading, self.waived if stated else self.recorded),)

    def reasons(self, reading: Reading, *, negated: bool = False) -> Iterable[str]:
        own = self.status(reading)
        if own == UNKNOWN:
            path = _generic(self.missing(reading)[0])
            yield reading.phrase("not_stated", subject=reading.dictionary.label(path, reading.language))
            return
        waived = self.waived.value(reading.values, reading.on) or ()
        standing = [
            self._ground(code, reading)
            for code in self.recorded.value(reading.values, reading.on)
            if code not in self.passed_over and not (code in waived and self.grounds.get(code, (False,))[0])
        ]
        yield reading.phrase("grounds", value="; ".join(standing)) if standing else reading.phrase("no_grounds")
        if standing and (own != NOT_MET or reading.finding == NOT_MET):
            yield reading.phrase(_JUDGEMENT_PHRASES[own])

    def _ground(self, code: str, reading: Reading) -> str:
        said = reading.dictionary.say(self.recorded.path, code, reading.language)
        return code if said == code else f"{code} ({said})"


class Judgement(Test):
    """Met or not met only when a person has found so."""

    @classmethod
    def parse(cls, parser: "Parser", raw: Any, where: Path) -> Test:
        if raw is not True:
            raise PackError(where, "expected judgement: true")
        parser.refuse_judgement(where)
        return cls()

    def emit(self, body: Body) -> int:
        self.slot = body.slot(f"g or {JUDGEMENT}")
        return self.slot

    def reads(self, facts: Any) -> tuple[str, ...]:
        return ()

    def told(self) -> tuple[str, ...]:
        return ()

    def missing(self, reading: Reading) -> tuple[str, ...]:
        return ()

    def reasons(self, reading: Reading, *, negated: bool = False) -> Iterable[str]:
        yield reading.phrase(_JUDGEMENT_PHRASES[self.status(reading)])


def column_of(row: Any, column: Any, where: Path) -> Any:
    """What a table's row has in a column; raises ``PackError`` where it has none."""
    if not isinstance(row, dict) or not isinstance(column, str) or column not in row:
        raise PackError(where, f"the row has no column {column!r}; add it")
    return row[column]


def _open_sides(reading: Reading, sides: Iterable[Operand]) -> Iterable[FactOperand]:
    for side in sides:
        for fact in _facts_of(side):
            if fact.value(reading.values, reading.on) is None:
                yield fact


def _facts_of(operand: Operand) -> Iterable[FactOperand]:
    if isinstance(operand, FactOperand):
        yield operand
    for name in ("first", "second", "day", "whole", "part"):
        inner = getattr(operand, name, None)
        if inner is not None:
            yield from _facts_of(inner)


def _unstated(reading: Reading, fact: FactOperand) -> str:
    return fact.path.replace("[]", f"[{reading.number}]") if fact.field else fact.path


def _generic(path: str) -> str:
    head, bracket, rest = path.partition("[")
    return f"{head}[]{rest.partition(']')[2]}" if bracket else path


def _said(reading: Reading, operand: Operand) -> str:
    return _say(reading, operand, operand.value(reading.values, reading.on))


def _say(reading: Reading, operand: Operand, value: Any) -> str:
    if isinstance(operand, FactOperand):
        return reading.dictionary.say(operand.path, value, reading.language)
    return str(value)


#: Every operator a pack may use.
OPERATORS: dict[str, type[Any]] = {
    "all_of": AllOf,
    "any_of": AnyOf,
    "not": Not,
    "is": Is,
    "one_of": OneOf,
    "includes": Includes,
    "includes_any": IncludesAny,
    "includes_only": IncludesOnly,
    "empty": Empty,
    "at_least": AtLeast,
    "at_most": AtMost,
    "more_than": MoreThan,
    "less_than": LessThan,
    "on_or_before": OnOrBefore,
    "before": Before,
    "on_or_after": OnOrAfter,
    "after": After,
    "some": Some,
    "every": Every,
    "row": Row,
    "no_ground": NoGround,
    "judgement": Judgement,
}
