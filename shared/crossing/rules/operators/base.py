"""What every operator is: a node of a test that computes, explains and asks for itself."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from crossing.rules.errors import PackError
from crossing.rules.operands import FactOperand, Operand, Path
from crossing.rules.reading import Reading
from crossing.rules.source import Body
from crossing.rules.status import JUDGEMENT, MET, NOT_MET, UNKNOWN
from crossing.rules.voice import Voice
from crossing.rules.ways import Way, way_of_known

Teller = Callable[[Reading], list[str]]
JUDGEMENT_PHRASES = {MET: "judgement_met", NOT_MET: "judgement_not_met", JUDGEMENT: "judgement_open"}


class Test:
    """A node of a test. ``varies`` says whether which facts it reads depends on the facts.

    ``is_told_by_trace`` says that its sentences follow from the trace alone, whatever the facts are otherwise.
    """

    slot: int
    varies: bool = False
    is_told_by_trace: bool = False

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


def column_of(row: Any, column: Any, where: Path) -> Any:
    """What a table's row has in a column; raises ``PackError`` where it has none."""
    if not isinstance(row, dict) or not isinstance(column, str) or column not in row:
        raise PackError(where, f"the row has no column {column!r}; add it")
    return row[column]


def open_sides(reading: Reading, sides: Iterable[Operand]) -> Iterable[FactOperand]:
    """The facts of these operands that nobody has stated."""
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


def unstated(reading: Reading, fact: FactOperand) -> str:
    """The path of a fact; of an entry's field with the entry's number."""
    return fact.path.replace("[]", f"[{reading.number}]") if fact.field else fact.path


def joined(sentences: list[str]) -> str:
    """Sentences as one text, none of them twice."""
    return sentences[0] if len(sentences) == 1 else " ".join(dict.fromkeys(sentences))


def sayer(voice: Voice, operand: Operand) -> Callable[[Reading], str]:
    """What says the value of an operand."""
    if not isinstance(operand, FactOperand):
        return lambda reading: str(operand.value(reading.values, reading.on))
    path, field, texts, none = operand.path, operand.field, voice.texts(operand.path), voice.phrase("none")
    if field:
        return lambda reading: voice.say(path, reading.read(path, field))
    if operand.type == "list":
        return lambda reading: str(len(reading.facts[path])) if reading.facts[path] else none

    def say_set(reading: Reading) -> str:
        return ", ".join([texts.get(value) or str(value) for value in reading.facts[path]]) or none

    def say(reading: Reading) -> str:
        value = reading.facts.get(path)
        return texts.get(value) or str(value)

    return say_set if operand.type == "set" else say


def say_value(voice: Voice, operand: Operand, value: Any) -> str:
    """What a value is called that an operand is compared with."""
    return voice.say(operand.path, value) if isinstance(operand, FactOperand) else str(value)
