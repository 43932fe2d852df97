"""The tree of a class of admission: which requirements must hold together, and which only under a condition."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from crossing.rules.status import ALL, ANY, MET, NOT, NOT_MET, UNKNOWN

Statuses = Sequence[tuple[int, ...] | None]
#: Facts that an unknown test, by its number, still asks for.
QuestionsOf = Callable[[int], tuple[str, ...]]


class Node:
    """A node of a class's tree. Leaves name a test by its number among all tests of the law in force."""

    def source(self) -> str:
        """Python expression for its status, over the statuses ``S`` already found and the tests ``E``."""
        raise NotImplementedError

    def status(self, statuses: Statuses) -> int:
        """Its status, read from what was evaluated."""
        raise NotImplementedError

    def shown(self, statuses: Statuses) -> Iterator[int]:
        """Numbers of the requirements that bear on the answer, in the order of the tree."""
        raise NotImplementedError

    def open(self, statuses: Statuses) -> Iterator["Leaf"]:
        """Leaves that keep it unknown or waiting for judgement."""
        raise NotImplementedError


@dataclass(frozen=True)
class Leaf(Node):
    """A requirement, or the condition of a ``when`` or ``route``."""

    number: int

    def source(self) -> str:
        return f"(S[{self.number}] or E[{self.number}](f, F, o, S))[-1]"

    def status(self, statuses: Statuses) -> int:
        trace = statuses[self.number]
        return trace[-1] if trace else UNKNOWN

    def shown(self, statuses: Statuses) -> Iterator[int]:
        yield self.number

    def open(self, statuses: Statuses) -> Iterator["Leaf"]:
        if self.status(statuses) not in (MET, NOT_MET):
            yield self


@dataclass(frozen=True)
class AllNode(Node):
    """Every part is required."""

    parts: tuple[Node, ...]

    def source(self) -> str:
        return f"ALL[{' | '.join(part.source() for part in self.parts) or '0'}]"

    def status(self, statuses: Statuses) -> int:
        bits = 0
        for part in self.parts:
            bits |= part.status(statuses)
        return ALL[bits]

    def shown(self, statuses: Statuses) -> Iterator[int]:
        for part in self.parts:
            yield from part.shown(statuses)

    def open(self, statuses: Statuses) -> Iterator[Leaf]:
        for part in self.parts if self.status(statuses) not in (MET, NOT_MET) else ():
            yield from part.open(statuses)


@dataclass(frozen=True)
class AnyNode(Node):
    """One part is enough."""

    parts: tuple[Node, ...]

    def source(self) -> str:
        return f"ANY[{' | '.join(part.source() for part in self.parts) or '0'}]"

    def status(self, statuses: Statuses) -> int:
        bits = 0
        for part in self.parts:
            bits |= part.status(statuses)
        return ANY[bits]

    def shown(self, statuses: Statuses) -> Iterator[int]:
        met = [part for part in self.parts if part.status(statuses) == MET]
        for part in met[:1] or self.parts:
            yield from part.shown(statuses)

    def open(self, statuses: Statuses) -> Iterator[Leaf]:
        own = self.status(statuses)
        for part in self.parts:
            if own not in (MET, NOT_MET) and part.status(statuses) == own:
                yield from part.open(statuses)


@dataclass(frozen=True)
class Conditional(Node):
    """``when``: asked only if the condition is met. ``route``: a way that is open only if the condition is met."""

    condition: Leaf
    then: Node
    is_route: bool

    def source(self) -> str:
        condition, then = self.condition.source(), self.then.source()
        closed, table, word = (NOT_MET, "ALL", "S[{0}][-1]") if self.is_route else (MET, "ANY", "NOT[S[{0}][-1]]")
        opened = f"{table}[{word.format(self.condition.number)} | {then}]"
        return f"({closed} if {condition} == {NOT_MET} else {opened})"

    def status(self, statuses: Statuses) -> int:
        condition = self.condition.status(statuses)
        if condition == NOT_MET:
            return NOT_MET if self.is_route else MET
        then = self.then.status(statuses)
        return ALL[condition | then] if self.is_route else ANY[NOT[condition] | then]

    def shown(self, statuses: Statuses) -> Iterator[int]:
        if self.condition.status(statuses) == MET:
            yield from self.then.shown(statuses)

    def open(self, statuses: Statuses) -> Iterator[Leaf]:
        if self.status(statuses) in (MET, NOT_MET):
            return
        if self.condition.status(statuses) != MET:
            yield self.condition
        else:
            yield from self.then.open(statuses)


def fewest(node: Node, statuses: Statuses, questions: QuestionsOf) -> tuple[str, ...]:
    """The fewest facts that, once stated favourably, leave nothing unknown: where one way is enough, the shortest."""
    if node.status(statuses) != UNKNOWN:
        return ()
    if isinstance(node, Leaf):
        return questions(node.number)
    if isinstance(node, Conditional):
        return fewest(_blocking(node, statuses), statuses, questions)
    assert isinstance(node, AllNode | AnyNode)
    choices = [fewest(part, statuses, questions) for part in node.parts if part.status(statuses) == UNKNOWN]
    if isinstance(node, AnyNode):
        return min(choices, key=len, default=())
    return _in_order(path for choice in choices for path in choice)


def _blocking(node: Conditional, statuses: Statuses) -> Node:
    return node.condition if node.condition.status(statuses) == UNKNOWN else node.then


def _in_order(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(paths))
