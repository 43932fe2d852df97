"""Operands of comparisons: a fact, the day of application, a number, a day, a dated value, or a sum of these."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from crossing.rules.dates import add, days_between, parse_duration
from crossing.rules.errors import PackError
from crossing.rules.phrases import PHRASES

if TYPE_CHECKING:
    from crossing.rules.parser import Parser

Path = tuple[str | int, ...]


class Constants(Protocol):
    """Where values of the pack are put, so that they never enter the source as text."""

    def constant(self, value: Any) -> str:
        """Expression for a value."""


class Operand(Protocol):
    """One side of a comparison."""

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

    def source(self, out: "Constants") -> str:
        return f"i.get({self.field!r})" if self.field else f"f.get({self.path!r})"

    def reads(self) -> tuple[str, ...]:
        return (self.path,)

    def label(self, language: str) -> str:
        return self.labels[language]

    def value(self, facts: Mapping[str, Any], on: str) -> Any:
        return facts.get(self.field or self.path)


@dataclass(frozen=True)
class DayOfApplication:
    """``on``: the day for which the determination is made."""

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

    def source(self, out: "Constants") -> str:
        return f"add({self.day.source(out)}, {self.duration.source(out)})"

    def reads(self) -> tuple[str, ...]:
        return self.day.reads()

    def label(self, language: str) -> str:
        return PHRASES[language]["later_by"].format(first=self.day.label(language), duration=self.duration.constant)

    def value(self, facts: Mapping[str, Any], on: str) -> Any:
        return add(self.day.value(facts, on), self.duration.constant)


@dataclass(frozen=True)
class Minus:
    """A number less another."""

    whole: Operand
    part: Operand

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


def parse_operand(parser: "Parser", raw: Any, where: Path) -> Operand:
    """Read an operand; raises ``PackError`` for anything the pack format does not name."""
    if raw == "on":
        return DayOfApplication()
    if isinstance(raw, str):
        return parser.fact(raw, where)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return Constant(raw)
    if isinstance(raw, Mapping) and len(raw) == 1:
        (key, inner), inside = next(iter(raw.items())), (*where, next(iter(raw)))
        if key == "date":
            return Constant(str(inner))
        if key == "value":
            return Constant(parser.dated_value(inner, inside))
        if key in ("days_between", "add", "minus"):
            first, second = parser.pair(inner, inside)
            if key == "add":
                return Later(parse_operand(parser, first, (*inside, 0)), _duration(parser, second, (*inside, 1)))
            left, right = parse_operand(parser, first, (*inside, 0)), parse_operand(parser, second, (*inside, 1))
            return DaysBetween(left, right) if key == "days_between" else Minus(left, right)
    raise PackError(where, "expected a fact's path, 'on', a number, or one of date, value, days_between, add, minus")


def _duration(parser: "Parser", raw: Any, where: Path) -> Constant:
    value = parser.dated_value(raw["value"], (*where, "value")) if isinstance(raw, Mapping) and "value" in raw else raw
    try:
        parse_duration(str(value))
    except ValueError as error:
        raise PackError(where, str(error)) from None
    return Constant(str(value))
