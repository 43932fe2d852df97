"""Operators that join other tests: all of them, any of them, not one."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from crossing.rules.errors import PackError
from crossing.rules.operands import Path
from crossing.rules.operators.base import Teller, Test
from crossing.rules.reading import Reading
from crossing.rules.source import Body
from crossing.rules.status import MET, NOT_MET
from crossing.rules.voice import Voice
from crossing.rules.ways import Way, opposite, shortest, together

if TYPE_CHECKING:
    from crossing.rules.parser import Parser


class Combination(Test):
    """``all_of`` and ``any_of``."""

    table: ClassVar[str]
    settled_by: ClassVar[int]
    #: What joins its parts in the source when all of them, or one of them, must be met; and when not.
    words: ClassVar[tuple[str, str]]

    def __init__(self, tests: Sequence[Test]) -> None:
        self.tests = tests
        self.varies = any(test.varies for test in tests)
        self.is_told_by_trace = all(test.is_told_by_trace for test in tests)

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
        self.is_told_by_trace = test.is_told_by_trace

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
