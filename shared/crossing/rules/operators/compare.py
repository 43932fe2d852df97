"""Operators that compare a fact with a value, a list or another operand."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from crossing.rules.errors import PackError
from crossing.rules.operands import DAY, NUMBER, FactOperand, Operand, Path, parse_sides
from crossing.rules.operators.base import Teller, Test, open_sides, say_value, sayer, unstated
from crossing.rules.reading import Reading
from crossing.rules.source import Body
from crossing.rules.status import MET, NOT_MET, UNKNOWN
from crossing.rules.voice import Voice

if TYPE_CHECKING:
    from crossing.rules.parser import Parser

_SCALARS = ("boolean", "date", "country", "code", "text", "integer", "percent")


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
        return tuple(unstated(reading, side) for side in open_sides(reading, self._sides()))

    def teller(self, voice: Voice, *, negated: bool = False) -> Teller:
        slot, as_wanted, say = self.slot, NOT_MET if negated else MET, sayer(voice, self.left)
        subject = self.left.label(voice.language)
        before, after = voice.around_value(subject)
        # Where one fact alone can be missing, its sentence never changes.
        is_alone = isinstance(self.left, FactOperand) and not self.left.field and self._sides() == (self.left,)
        not_stated = [voice.phrase("not_stated", subject=subject)] if is_alone else None

        def tell(reading: Reading) -> list[str]:
            own = reading.trace[slot]
            if own == as_wanted:
                return [f"{before}{say(reading)}{after}"]
            if own == UNKNOWN:
                return not_stated or [
                    voice.phrase("not_stated", subject=voice.label(path)) for path in self.missing(reading)
                ]
            wanted = voice.phrase(self.wanted[negated], value=self._right_said(voice, reading))
            return [voice.phrase("required", subject=subject, value=say(reading), wanted=wanted)]

        return tell

    def _right_said(self, voice: Voice, reading: Reading) -> str:
        return say_value(voice, self.left, self.right)


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
        made = cls(fact, value)
        made.is_told_by_trace = isinstance(value, bool)
        return made

    def teller(self, voice: Voice, *, negated: bool = False) -> Teller:
        tell, slot, subject = super().teller(voice, negated=negated), self.slot, self.left.label(voice.language)
        if not isinstance(self.left, FactOperand) or self.left.type == "set":
            return tell
        before, after = voice.around_value(subject)
        # What the fact must be is known beforehand, and of two values the other one too: said once, not each time.
        said: dict[int, list[str]] = {}
        value = say_value(voice, self.left, self.right)
        if isinstance(self.right, bool):
            other = say_value(voice, self.left, not self.right)
            wanted = voice.phrase(self.wanted[negated], value=value)
            is_so, is_not = (other, value) if negated else (value, other)
            said[NOT_MET if negated else MET] = [f"{before}{is_so}{after}"]
            said[MET if negated else NOT_MET] = [voice.phrase("required", subject=subject, value=is_not, wanted=wanted)]
        elif not negated and self.right in voice.texts(self.left.path):
            said[MET] = [f"{before}{value}{after}"]
        return (lambda reading: said.get(reading.trace[slot]) or tell(reading)) if said else tell


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
        return voice.phrase("listed") if self.title else say_value(voice, self.left, self.right)


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
        return sayer(voice, self.right)(reading)


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
