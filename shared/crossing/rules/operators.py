"""The operators a test is built of. Each computes and explains itself, and reports only what now decides the answer.

An operator is one small class. To add one: write it, name it in ``OPERATORS`` at the end, and add its rows to the
table test.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from crossing.rules.errors import PackError
from crossing.rules.operands import DAY, NUMBER, FactOperand, Operand, Path, parse_sides
from crossing.rules.reading import Reading
from crossing.rules.source import Body, TraceFunction
from crossing.rules.status import JUDGEMENT, MET, NOT_MET, UNKNOWN
from crossing.rules.voice import Voice
from crossing.rules.ways import Way, opposite, shortest, together, way_of_known

if TYPE_CHECKING:
    from crossing.rules.parser import Parser


Teller = Callable[[Reading], list[str]]
_SCALARS = ("boolean", "date", "country", "code", "text", "integer", "percent")
_JUDGEMENT_PHRASES = {MET: "judgement_met", NOT_MET: "judgement_not_met", JUDGEMENT: "judgement_open"}


class Test:
    """A node of a test. ``varies`` says whether which facts it reads depends on the facts."""

    slot: int
    varies: bool = False

    def status(self, reading: Reading) -> int:
        """What the test came to."""
        return reading.trace[self.slot]

    def emit(self, body: Body) -> int:
        """Write its expression; the number returned is where its status will stand."""
        raise NotImplementedError

    def confirmed(self, expressions: Sequence[str]) -> str:
        """Expression that is true when it is met, and computes no more than that takes."""
        return f"({expressions[self.slot]}) == {MET}"

    def refuted(self, expressions: Sequence[str]) -> str:
        """Expression that is true when it is not met, and computes no more than that takes."""
        return f"({expressions[self.slot]}) == {NOT_MET}"

    def reads(self, facts: Any) -> tuple[str, ...]:
        """Paths of the facts it reads."""
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

    def teller(self, voice: Voice, *, negated: bool = False) -> Teller:
        """What says in a language the sentences that decide its status; made once, asked for every decision."""
        raise NotImplementedError


class Combination(Test):
    """``all_of`` and ``any_of``."""

    table: ClassVar[str]
    settled_by: ClassVar[int]
    #: What joins its parts in the source when all of them, or one of them, must be met; and when not.
    words: ClassVar[tuple[str, str]]

    def __init__(self, tests: Sequence[Test]) -> None:
        self.tests = tests
        self.varies = any(test.varies for test in tests)

    @classmethod
    def parse(cls, parser: "Parser", raw: Any, where: Path) -> Test:
        if not isinstance(raw, list):
            raise PackError(where, "expected a list of tests")
        return cls([parser.test(inner, (*where, number)) for number, inner in enumerate(raw)])

    def emit(self, body: Body) -> int:
        slots = [test.emit(body) for test in self.tests]
        self.slot = body.slot(f"{self.table}[{' | '.join(f'a{slot}' for slot in slots) or '0'}]")
        return self.slot

    def confirmed(self, expressions: Sequence[str]) -> str:
        parts = self.words[0].join(test.confirmed(expressions) for test in self.tests)
        return f"({parts or self.settled_by == NOT_MET})"

    def refuted(self, expressions: Sequence[str]) -> str:
        parts = self.words[1].join(test.refuted(expressions) for test in self.tests)
        return f"({parts or self.settled_by == MET})"

    def reads(self, facts: Any) -> tuple[str, ...]:
        return tuple(dict.fromkeys(path for test in self.tests for path in test.reads(facts)))

    def _deciding(self, reading: Reading) -> Iterable[Test]:
        own = self.status(reading)
        deciding = [test for test in self.tests if test.status(reading) == own]
        return deciding[:1] if own == self.settled_by == MET else deciding

    def missing(self, reading: Reading) -> tuple[str, ...]:
        return tuple(dict.fromkeys(path for test in self._deciding(reading) for path in test.missing(reading)))

    def _way(self, reading: Reading, wanted: int) -> Way | None:
        ways = [test.way(reading, wanted) for test in self.tests]
        return shortest(ways) if wanted == self.settled_by else together(ways)

    def teller(self, voice: Voice, *, negated: bool = False) -> Teller:
        slot, first_settles = self.slot, MET if self.settled_by == MET else None
        parts = [(test.slot, test.teller(voice, negated=negated)) for test in self.tests]

        def tell(reading: Reading) -> list[str]:
            trace, found = reading.trace, []
            own = trace[slot]
            for part, tell_part in parts:
                if trace[part] == own:
                    if own == first_settles:
                        return tell_part(reading)
                    found += tell_part(reading)
            return found

        return tell


class AllOf(Combination):
    """Met when every test is met; one that is not met settles it."""

    table = "ALL"
    settled_by = NOT_MET
    words = (" and ", " or ")


class AnyOf(Combination):
    """Met when one test is met, which settles it."""

    table = "ANY"
    settled_by = MET
    words = (" or ", " and ")


class Not(Test):
    """Met when the test is not met; unknown stays unknown."""

    def __init__(self, test: Test) -> None:
        self.test = test
        self.varies = test.varies

    @classmethod
    def parse(cls, parser: "Parser", raw: Any, where: Path) -> Test:
        return cls(parser.test(raw, where))

    def emit(self, body: Body) -> int:
        self.slot = body.slot(f"NOT[a{self.test.emit(body)}]")
        return self.slot

    def confirmed(self, expressions: Sequence[str]) -> str:
        return self.test.refuted(expressions)

    def refuted(self, expressions: Sequence[str]) -> str:
        return self.test.confirmed(expressions)

    def reads(self, facts: Any) -> tuple[str, ...]:
        return self.test.reads(facts)

    def missing(self, reading: Reading) -> tuple[str, ...]:
        return self.test.missing(reading)

    def _way(self, reading: Reading, wanted: int) -> Way | None:
        return self.test.way(reading, opposite(wanted))

    def teller(self, voice: Voice, *, negated: bool = False) -> Teller:
        return self.test.teller(voice, negated=not negated)


class Comparison(Test):
    """A comparison of a left side with a right side that is known when the pack is written, or an operand."""

    condition: ClassVar[str]
    wanted: ClassVar[tuple[str, str]]

    def __init__(self, left: Operand, right: Any) -> None:
        self.left = left
        self.right = right

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

    def missing(self, reading: Reading) -> tuple[str, ...]:
        if self.status(reading) != UNKNOWN:
            return ()
        return tuple(_unstated(reading, side) for side in _open_sides(reading, self._sides()))

    def teller(self, voice: Voice, *, negated: bool = False) -> Teller:
        slot, as_wanted, say = self.slot, NOT_MET if negated else MET, _sayer(voice, self.left)
        subject = self.left.label(voice.language)
        before, after = voice.around_value(subject)

        def tell(reading: Reading) -> list[str]:
            own = reading.trace[slot]
            if own == as_wanted:
                return [f"{before}{say(reading)}{after}"]
            if own == UNKNOWN:
                return [voice.phrase("not_stated", subject=voice.label(path)) for path in self.missing(reading)]
            wanted = voice.phrase(self.wanted[negated], value=self._right_said(voice, reading))
            return [voice.phrase("required", subject=subject, value=say(reading), wanted=wanted)]

        return tell

    def _right_said(self, voice: Voice, reading: Reading) -> str:
        return _say(voice, self.left, self.right)


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

    def _right_said(self, voice: Voice, reading: Reading) -> str:
        return voice.phrase("listed") if self.title else _say(voice, self.left, self.right)


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

    def _right_said(self, voice: Voice, reading: Reading) -> str:
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

    def _right_said(self, voice: Voice, reading: Reading) -> str:
        return _sayer(voice, self.right)(reading)


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
                    found.append(voice.phrase("entry", number=entry.number + 1, why=joined(tell_entry(entry))))
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
        return chosen[0].missing(chosen[1]) if chosen else (_unstated(reading, self.key),)

    def _way(self, reading: Reading, wanted: int) -> Way | None:
        chosen = self._chosen(reading)
        return chosen[0].way(chosen[1], wanted) if chosen else Way(self.missing(reading))

    def teller(self, voice: Voice, *, negated: bool = False) -> Teller:
        subject, say = self.key.label(voice.language), _sayer(voice, self.key)
        tellers = {id(test): test.teller(voice, negated=negated) for test in self.tests.values()}

        def tell(reading: Reading) -> list[str]:
            chosen = self._chosen(reading)
            if chosen:
                return tellers[id(chosen[0])](chosen[1])
            if reading.trace[self.slot] == UNKNOWN:
                return [voice.phrase("not_stated", subject=subject)]
            return [voice.phrase("required", subject=subject, value=say(reading), wanted=voice.phrase("listed"))]

        return tell


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

    def missing(self, reading: Reading) -> tuple[str, ...]:
        if self.status(reading) != UNKNOWN:
            return ()
        stated = self.recorded.value(reading.values, reading.on) is not None
        return (_unstated(reading, self.waived if stated else self.recorded),)

    def teller(self, voice: Voice, *, negated: bool = False) -> Teller:
        def tell(reading: Reading) -> list[str]:
            own = reading.trace[self.slot]
            if own == UNKNOWN:
                return [voice.phrase("not_stated", subject=voice.label(self.missing(reading)[0]))]
            standing = [self._ground(code, voice) for code in self._standing(reading)]
            if not standing:
                return [voice.phrase("no_grounds")]
            found = [voice.phrase("grounds", value="; ".join(standing))]
            if own != NOT_MET or reading.finding == NOT_MET:
                found.append(voice.phrase(_JUDGEMENT_PHRASES[own]))
            return found

        return tell

    def _standing(self, reading: Reading) -> list[str]:
        """Codes that are recorded and neither waived nor passed over."""
        waived = self.waived.value(reading.values, reading.on) or ()
        return [
            code
            for code in self.recorded.value(reading.values, reading.on)
            if code not in self.passed_over and not (code in waived and self.grounds.get(code, (False,))[0])
        ]

    def _ground(self, code: str, voice: Voice) -> str:
        said = voice.say(self.recorded.path, code)
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

    def missing(self, reading: Reading) -> tuple[str, ...]:
        return ()

    def teller(self, voice: Voice, *, negated: bool = False) -> Teller:
        sentences = {word: [voice.phrase(key)] for word, key in _JUDGEMENT_PHRASES.items()}
        return lambda reading: sentences[reading.trace[self.slot]]


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


def joined(sentences: list[str]) -> str:
    """Sentences as one text, none of them twice."""
    return sentences[0] if len(sentences) == 1 else " ".join(dict.fromkeys(sentences))


def _sayer(voice: Voice, operand: Operand) -> Callable[[Reading], str]:
    """What says the value of an operand."""
    if not isinstance(operand, FactOperand):
        return lambda reading: str(operand.value(reading.values, reading.on))
    path, field, texts, none = operand.path, operand.field, voice.texts(operand.path), voice.phrase("none")
    if field or operand.type == "list":
        return lambda reading: voice.say(path, reading.read(path, field))

    def say_set(reading: Reading) -> str:
        return ", ".join([texts.get(value) or str(value) for value in reading.facts[path]]) or none

    def say(reading: Reading) -> str:
        value = reading.facts.get(path)
        return texts.get(value) or str(value)

    return say_set if operand.type == "set" else say


def _say(voice: Voice, operand: Operand, value: Any) -> str:
    return voice.say(operand.path, value) if isinstance(operand, FactOperand) else str(value)


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
