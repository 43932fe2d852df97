"""Tests as Python source: a pack is compiled once for a day, and each test becomes one straight function.

Every function keeps the status of each node of its test, the test's own last; the explanation reads those.
Values of the pack enter the source only as names of constants, never as text. What is written twice is computed once.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crossing.rules.dates import add, days_between
from crossing.rules.operands import minus
from crossing.rules.status import ALL, ANY, JUDGEMENT, MET, NOT, NOT_MET, UNKNOWN

if TYPE_CHECKING:
    from crossing.rules.operators import Test

Trace = tuple[int, ...]
TraceFunction = Callable[..., Trace]


class Source:
    """The module under construction: its constants and its functions."""

    def __init__(self) -> None:
        self._constants: dict[str, Any] = {}
        self._known: dict[Any, str] = {}
        self._functions: dict[str, str] = {}
        self._chunks: list[str] = []
        self._names = 0
        self._bound: list[tuple[Any, str, str]] = []

    def bind(self, owner: Any, name: str, attribute: str = "function") -> None:
        """Give a node the compiled definition of a name, once there is one."""
        self._bound.append((owner, attribute, name))

    def constant(self, value: Any) -> str:
        """Expression for a value of the pack."""
        key = (type(value), value) if isinstance(value, Hashable) else None
        if key in self._known:
            return self._known[key]
        name = self.name("K")
        self._constants[name] = value
        if key:
            self._known[key] = name
        return name

    def name(self, prefix: str) -> str:
        """A name not used before."""
        self._names += 1
        return f"{prefix}{self._names}"

    def chunk(self, text: str) -> None:
        """Add a definition."""
        self._chunks.append(text)

    def function(self, test: "Test") -> str:
        """The name of a test's function over facts ``f``, finding ``g``, day ``o`` and list entry ``i``."""
        _, lines, trace, _ = self._written(test)
        text = f"(f, g, o, i=None):\n{lines}    return {trace}\n"
        if text not in self._functions:
            self._functions[text] = self.name("t")
            self.chunk(f"def {self._functions[text]}{text}")
        return self._functions[text]

    def requirement(self, number: int, test: "Test", requirement_id: str) -> None:
        """Define ``e<number>``, which keeps the trace of a requirement's test in ``S`` and its status in ``W``.

        Findings are in ``F``.
        """
        _, lines, trace, own = self._written(test)
        head = f"def e{number}(f, F, o, S, W, i=None):\n    g = F.get({requirement_id!r})\n"
        self.chunk(f"{head}{lines}    S[{number}] = {trace}\n    W[{number}] = {own}\n    return {own}\n")

    def condition(self, number: int, test: "Test") -> None:
        """Define ``e<number>``, which keeps the trace of a condition in ``S`` and its status in ``W``.

        Most conditions are plainly not met, and nobody asks why: their trace says so of every node.
        """
        body, lines, trace, own = self._written(test)
        refuted, all_refuted = test.refuted(list(body.slots)), self.constant((NOT_MET,) * (len(body.slots) + 1))
        head = f"def e{number}(f, F, o, S, W, i=None, g=None):\n    if {refuted}:\n"
        early = f"        S[{number}] = {all_refuted}\n        W[{number}] = {NOT_MET}\n        return {NOT_MET}\n"
        late = f"    S[{number}] = {trace}\n    W[{number}] = {own}\n    return {own}\n"
        self.chunk(f"{head}{early}{lines}{late}")

    def _written(self, test: "Test") -> tuple["Body", str, str, str]:
        """A test's nodes, the statements that compute them, their trace, and the last of it: the test's own status."""
        body = Body(self)
        own = test.emit(body)
        lines = "".join(f"    a{number} = {expression}\n" for expression, number in body.slots.items())
        trace = [*body.slots.values(), own] if own < len(body.slots) - 1 else body.slots.values()
        return body, lines, f"({''.join(f'a{number}, ' for number in trace)})", f"a{own}"

    def compile(self) -> dict[str, Any]:
        """Namespace with every definition."""
        namespace: dict[str, Any] = {
            **self._constants,
            "ALL": ALL,
            "ANY": ANY,
            "NOT": NOT,
            "add": add,
            "days_between": days_between,
            "minus": minus,
            "some": some,
            "every": every,
            "row": row,
            "no_ground": no_ground,
        }
        for chunk in self._chunks:  # one by one, since the syntax tree of a whole country takes megabytes
            exec(compile(chunk, "<rule pack>", "exec"), namespace)
        for owner, attribute, name in self._bound:
            setattr(owner, attribute, namespace[name])
        return namespace


class Body:
    """The body of one function: a numbered expression for each node of its test, one for nodes that are alike."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.slots: dict[str, int] = {}

    def constant(self, value: Any) -> str:
        """Expression for a value of the pack."""
        return self.source.constant(value)

    def slot(self, expression: str) -> int:
        """The number of a node's status: the next one, or that of the same expression."""
        return self.slots.setdefault(expression, len(self.slots))


def some(entries: Sequence[Any] | None, test: TraceFunction, f: Any, g: Any, o: str) -> int:
    """Whether an entry fits; a list that was stated is complete."""
    if entries is None:
        return UNKNOWN
    bits = 0
    for entry in entries:
        bits |= test(f, g, o, entry)[-1]
    return ANY[bits]


def every(entries: Sequence[Any] | None, test: TraceFunction, f: Any, g: Any, o: str) -> int:
    """Whether all entries fit."""
    if entries is None:
        return UNKNOWN
    bits = 0
    for entry in entries:
        bits |= test(f, g, o, entry)[-1]
    return ALL[bits]


def row(key: str | None, tests: Mapping[str, TraceFunction], f: Any, g: Any, o: str, i: Any) -> int:
    """The status of the test in a table's row; a row that is not in the table is not met."""
    if key is None:
        return UNKNOWN
    test = tests.get(key)
    return test(f, g, o, i)[-1] if test else NOT_MET


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
        return UNKNOWN
    bits = MET
    for code in recorded:
        if code in passed_over:
            continue
        waivable, by_judgement = grounds.get(code, (False, True))
        if waivable and waived is None:
            bits |= UNKNOWN
        elif not (waivable and waived and code in waived):
            bits |= (g or JUDGEMENT) if by_judgement else NOT_MET
    return ALL[bits]
