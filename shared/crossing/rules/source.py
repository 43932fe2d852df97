"""Tests as Python source: a pack is compiled once for a day, and each test becomes one straight function.

Every function returns the status of each node of its test, the test's own status last; the explanation reads those.
Values of the pack enter the source only as entries of a constants table, never as text.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crossing.rules import status
from crossing.rules.dates import add, days_between
from crossing.rules.operands import minus

if TYPE_CHECKING:
    from crossing.rules.operators import Test

Trace = tuple[int, ...]
TraceFunction = Callable[..., Trace]


class Source:
    """The module under construction: its constants and its functions."""

    def __init__(self) -> None:
        self._constants: list[Any] = []
        self._chunks: list[str] = []
        self._names = 0
        self._bound: list[tuple[Any, str, str]] = []

    def bind(self, owner: Any, name: str, attribute: str = "function") -> None:
        """Give a node the compiled definition of a name, once there is one."""
        self._bound.append((owner, attribute, name))

    def constant(self, value: Any) -> str:
        """Expression for a value of the pack."""
        self._constants.append(value)
        return f"K[{len(self._constants) - 1}]"

    def name(self, prefix: str) -> str:
        """A name not used before."""
        self._names += 1
        return f"{prefix}{self._names}"

    def chunk(self, text: str) -> None:
        """Add a definition."""
        self._chunks.append(text)

    def function(self, test: "Test") -> str:
        """Define the function of a test over facts ``f``, finding ``g``, day ``o`` and list entry ``i``."""
        body = Body(self)
        test.emit(body)
        name = self.name("t")
        lines = "".join(f"    a{number} = {expression}\n" for number, expression in enumerate(body.expressions))
        slots = "".join(f"a{number}, " for number in range(len(body.expressions)))
        self.chunk(f"def {name}(f, g, o, i=None):\n{lines}    return ({slots})\n")
        return name

    def compile(self) -> dict[str, Any]:
        """Namespace with every definition."""
        namespace: dict[str, Any] = {
            "K": self._constants,
            "ALL": status.ALL,
            "ANY": status.ANY,
            "NOT": status.NOT,
            "add": add,
            "days_between": days_between,
            "minus": minus,
            "some": some,
            "every": every,
            "row": row,
            "no_ground": no_ground,
        }
        exec(compile("".join(self._chunks), "<rule pack>", "exec"), namespace)
        for owner, attribute, name in self._bound:
            setattr(owner, attribute, namespace[name])
        return namespace


class Body:
    """The body of one function: a numbered expression for each node of its test."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.expressions: list[str] = []

    def constant(self, value: Any) -> str:
        """Expression for a value of the pack."""
        return self.source.constant(value)

    def slot(self, expression: str) -> int:
        """Take the next number for a node's status."""
        self.expressions.append(expression)
        return len(self.expressions) - 1


def some(entries: Sequence[Any] | None, test: TraceFunction, f: Any, g: Any, o: str) -> int:
    """Whether an entry fits; a list that was stated is complete."""
    if entries is None:
        return status.UNKNOWN
    bits = 0
    for entry in entries:
        bits |= test(f, g, o, entry)[-1]
    return status.ANY[bits]


def every(entries: Sequence[Any] | None, test: TraceFunction, f: Any, g: Any, o: str) -> int:
    """Whether all entries fit."""
    if entries is None:
        return status.UNKNOWN
    bits = 0
    for entry in entries:
        bits |= test(f, g, o, entry)[-1]
    return status.ALL[bits]


def row(key: str | None, tests: Mapping[str, TraceFunction], f: Any, g: Any, o: str, i: Any) -> int:
    """The status of the test in a table's row; a row that is not in the table is not met."""
    if key is None:
        return status.UNKNOWN
    test = tests.get(key)
    return test(f, g, o, i)[-1] if test else status.NOT_MET


def no_ground(
    recorded: Sequence[str] | None,
    waived: Sequence[str] | None,
    grounds: Mapping[str, tuple[bool, bool]],
    passed_over: frozenset[str],
    g: int | None,
) -> int:
    """Whether every recorded ground is waived; ``grounds`` says of each code: waivable, and decided by judgement.

    Grounds ``passed_over`` are those that never reach a temporary entry. A code that is not among the grounds waits for
    a person: nothing here says that it bars anyone.
    """
    if recorded is None:
        return status.UNKNOWN
    bits = status.MET
    for code in recorded:
        if code in passed_over:
            continue
        waivable, by_judgement = grounds.get(code, (False, True))
        if waivable and waived is None:
            bits |= status.UNKNOWN
        elif not (waivable and waived and code in waived):
            bits |= (g or status.JUDGEMENT) if by_judgement else status.NOT_MET
    return status.ALL[bits]
