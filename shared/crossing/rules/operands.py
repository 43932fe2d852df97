"""Operands of comparisons: a fact, the day of application, a number, a day, a dated value, or a sum of these."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from crossing.rules.dates import add, days_between, is_day, parse_duration
from crossing.rules.errors import PackError
from crossing.rules.phrases import PHRASES, duration_in_words

if TYPE_CHECKING:
    from crossing.rules.parser import Parser

Path = tuple[str | int, ...]

NUMBER, DAY, DURATION = "number", "day", "duration"
_KIND_OF_TYPE = {"date": DAY, "integer": NUMBER, "percent": NUMBER}


class Constants(Protocol):
    """Where values of the pack are put, so that they never enter the source as text."""

    def constant(self, value: Any) -> str:
        """Expression for a value."""


@runtime_checkable
class Operand(Protocol):
    """One side of a comparison."""

    @property
    def kind(self) -> str:
        """``number``, ``day`` or ``duration``: only operands of one kind can be compared."""

    def source(self, out: "Constants") -> str:
        """Python expression for the value, ``None`` while it is unknown."""

    def reads(self) -> tuple[str, ...]:
        """Paths of the facts it reads."""

    def label(self, language: str) -> str:
        """What it is, as a noun phrase."""

    def value(self, facts: Mapping[str, Any], on: str) -> Any:
        """Its value, ``None`` while it is unknown."""


@dataclass(frozen=True)
class FactOperand:
    """A fact; inside ``where`` a path that begins with a dot is the entry's own field."""

    path: str
    field: str | None
    labels: Mapping[str, str]
    type: str

    @property
    def kind(self) -> str:
        return _KIND_OF_TYPE.get(self.type, self.type)

    def source(self, out: "Constants") -> str:
        return f"i.get({self.field!r})" if self.field else f"f.get({self.path!r})"

    def reads(self) -> tuple[str, ...]:
        return (self.path,)

    def label(self, language: str) -> str:
        return self.labels[language]

    def value(self, facts: Mapping[str, Any], on: str) -> Any:
        return facts.get(f".{self.field}" if self.field else self.path)


@dataclass(frozen=True)
class DayOfApplication:
    """``on``: the day for which the determination is made."""

    kind = DAY

    def source(self, out: "Constants") -> str:
        return "o"

    def reads(self) -> tuple[str, ...]:
        return ()

    def label(self, language: str) -> str:
        return PHRASES[language]["on"]

    def value(self, facts: Mapping[str, Any], on: str) -> Any:
        return on


@dataclass(frozen=True)
class Constant:
    """A number, a day or a duration that the pack names."""

    constant: Any

    @property
    def kind(self) -> str:
        if not isinstance(self.constant, str):
            return NUMBER
        return DAY if is_day(self.constant) else DURATION

    def source(self, out: "Constants") -> str:
        return out.constant(self.constant)

    def reads(self) -> tuple[str, ...]:
        return ()

    def label(self, language: str) -> str:
        return str(self.constant)

    def value(self, facts: Mapping[str, Any], on: str) -> Any:
        return self.constant


@dataclass(frozen=True)
class DaysBetween:
    """Days from the first day to the second."""

    first: Operand
    second: Operand
    kind = NUMBER

    def source(self, out: "Constants") -> str:
        return f"days_between({self.first.source(out)}, {self.second.source(out)})"

    def reads(self) -> tuple[str, ...]:
        return self.first.reads() + self.second.reads()

    def label(self, language: str) -> str:
        return PHRASES[language]["days_between"].format(
            first=self.first.label(language), second=self.second.label(language)
        )

    def value(self, facts: Mapping[str, Any], on: str) -> Any:
        return days_between(self.first.value(facts, on), self.second.value(facts, on))


@dataclass(frozen=True)
class Later:
    """A day and a duration after it."""

    day: Operand
    duration: Constant
    kind = DAY

    def source(self, out: "Constants") -> str:
        return f"add({self.day.source(out)}, {self.duration.source(out)})"

    def reads(self) -> tuple[str, ...]:
        return self.day.reads()

    def label(self, language: str) -> str:
        return PHRASES[language]["later_by"].format(
            first=self.day.label(language),
            duration=duration_in_words(*parse_duration(self.duration.constant), language),
        )

    def value(self, facts: Mapping[str, Any], on: str) -> Any:
        return add(self.day.value(facts, on), self.duration.constant)


@dataclass(frozen=True)
class Minus:
    """A number less another."""

    whole: Operand
    part: Operand
    kind = NUMBER

    def source(self, out: "Constants") -> str:
        return f"minus({self.whole.source(out)}, {self.part.source(out)})"

    def reads(self) -> tuple[str, ...]:
        return self.whole.reads() + self.part.reads()

    def label(self, language: str) -> str:
        return f"{self.whole.label(language)} − {self.part.label(language)}"

    def value(self, facts: Mapping[str, Any], on: str) -> Any:
        return minus(self.whole.value(facts, on), self.part.value(facts, on))


def minus(whole: float | None, part: float | None) -> float | None:
    """A number less another; ``None`` when either is unknown."""
    return None if whole is None or part is None else whole - part


def parse_operand(parser: "Parser", raw: Any, where: Path, wanted: str) -> Operand:
    """Read an operand of the kind wanted; raises ``PackError`` for anything the pack format does not name."""
    operand = _read(parser, raw, where)
    if operand.kind != wanted:
        raise PackError(where, f"expected a {wanted}; this is a {operand.kind}")
    return operand


def _read(parser: "Parser", raw: Any, where: Path) -> Operand:
    if raw == "on":
        return DayOfApplication()
    if isinstance(raw, str):
        return parser.fact(raw, where, *_KIND_OF_TYPE)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return Constant(raw)
    if isinstance(raw, Mapping) and len(raw) == 1:
        (key, inner), inside = next(iter(raw.items())), (*where, next(iter(raw)))
        if key in _COMPOSED:
            return _COMPOSED[key](parser, inner, inside)
    raise PackError(where, f"expected a fact's path, 'on', a number, or one of {', '.join(_COMPOSED)}")


def _date(parser: "Parser", raw: Any, where: Path) -> Operand:
    if not isinstance(raw, str) or not is_day(raw):
        raise PackError(where, f"{raw!r} is no day; write it as 2008-10-16")
    return Constant(raw)


def _value(parser: "Parser", raw: Any, where: Path) -> Operand:
    return Constant(parser.dated_value(raw, where))


def parse_sides(parser: "Parser", raw: Any, where: Path, wanted: str) -> tuple[Operand, Operand]:
    """Read two operands of the kind wanted."""
    first, second = parser.pair(raw, where)
    return parse_operand(parser, first, (*where, 0), wanted), parse_operand(parser, second, (*where, 1), wanted)


def _days_between(parser: "Parser", raw: Any, where: Path) -> Operand:
    return DaysBetween(*parse_sides(parser, raw, where, DAY))


def _minus(parser: "Parser", raw: Any, where: Path) -> Operand:
    return Minus(*parse_sides(parser, raw, where, NUMBER))


def _add(parser: "Parser", raw: Any, where: Path) -> Operand:
    day, duration = parser.pair(raw, where)
    return Later(parse_operand(parser, day, (*where, 0), DAY), _duration(parser, duration, (*where, 1)))


def _duration(parser: "Parser", raw: Any, where: Path) -> Constant:
    value = parser.dated_value(raw["value"], (*where, "value")) if isinstance(raw, Mapping) and "value" in raw else raw
    try:
        parse_duration(str(value))
    except ValueError as error:
        raise PackError(where, str(error)) from None
    return Constant(str(value))


_COMPOSED = {"date": _date, "value": _value, "days_between": _days_between, "add": _add, "minus": _minus}
