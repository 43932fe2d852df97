"""The tree of a class of admission: which requirements must hold together, and which only under a condition."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from crossing.rules.status import ALL, ANY, MET, NOT, NOT_MET, UNKNOWN
from crossing.rules.ways import Way, shortest, together

Statuses = Sequence[tuple[int, ...] | None]
#: The fewest facts that would bring a test, by its number, to *met* or *not met*.
WayOf = Callable[[int, int], Way | None]


class Node:
    """A node of a class's tree. Leaves name a test by its number among all tests of the law in force."""

    def source(self) -> str:
        """Python expression for its status, over the statuses ``W`` already found and the tests ``e0``, ``e1`` …"""
        raise NotImplementedError

    def status(self, statuses: Statuses) -> int:
        """Its status, read from what was evaluated."""
        raise NotImplementedError

    def shown(self, statuses: Statuses) -> list[int]:
        """Numbers of the requirements that bear on the answer, in the order of the tree."""
        raise NotImplementedError

    def failing(self, statuses: Statuses) -> Iterator[int]:
        """Numbers of the requirements for which it is not met, in the order of the tree."""
        raise NotImplementedError

    def leaves(self) -> Iterator["Leaf"]:
        """Every leaf, conditions among them."""
        raise NotImplementedError

    def open(self, statuses: Statuses) -> Iterator["Leaf"]:
        """Leaves that keep it unknown or waiting for judgement."""
        raise NotImplementedError

    def way(self, way_of: WayOf) -> Way | None:
        """The fewest facts that would make it met, up to a person's judgement; ``None`` when none can any more."""
        raise NotImplementedError


@dataclass(frozen=True)
class Leaf(Node):
    """A requirement, or the condition of a ``when`` or ``route``."""

    number: int

    def source(self) -> str:
        return f"(W[{self.number}] or e{self.number}(f, F, o, S, W))"

    def status(self, statuses: Statuses) -> int:
        trace = statuses[self.number]
        return trace[-1] if trace else UNKNOWN

    def shown(self, statuses: Statuses) -> list[int]:
        return [self.number]

    def failing(self, statuses: Statuses) -> Iterator[int]:
        if self.status(statuses) == NOT_MET:
            yield self.number

    def leaves(self) -> Iterator["Leaf"]:
        yield self

    def open(self, statuses: Statuses) -> Iterator["Leaf"]:
        if self.status(statuses) not in (MET, NOT_MET):
            yield self

    def way(self, way_of: WayOf) -> Way | None:
        return way_of(self.number, MET)


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

    def shown(self, statuses: Statuses) -> list[int]:
        return [number for part in self.parts for number in part.shown(statuses)]

    def failing(self, statuses: Statuses) -> Iterator[int]:
        for part in self.parts:
            yield from part.failing(statuses)

    def leaves(self) -> Iterator[Leaf]:
        for part in self.parts:
            yield from part.leaves()

    def open(self, statuses: Statuses) -> Iterator[Leaf]:
        for part in self.parts if self.status(statuses) not in (MET, NOT_MET) else ():
            yield from part.open(statuses)

    def way(self, way_of: WayOf) -> Way | None:
        return together(part.way(way_of) for part in self.parts)


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

    def shown(self, statuses: Statuses) -> list[int]:
        met = [part for part in self.parts if part.status(statuses) == MET]
        return [number for part in met[:1] or self.parts for number in part.shown(statuses)]

    def failing(self, statuses: Statuses) -> Iterator[int]:
        for part in self.parts if self.status(statuses) == NOT_MET else ():
            yield from part.failing(statuses)

    def leaves(self) -> Iterator[Leaf]:
        for part in self.parts:
            yield from part.leaves()

    def open(self, statuses: Statuses) -> Iterator[Leaf]:
        own = self.status(statuses)
        for part in self.parts:
            if own not in (MET, NOT_MET) and part.status(statuses) == own:
                yield from part.open(statuses)

    def way(self, way_of: WayOf) -> Way | None:
        return shortest(part.way(way_of) for part in self.parts)


@dataclass(frozen=True)
class Conditional(Node):
    """``when``: asked only if the condition is met. ``route``: a way that is open only if the condition is met."""

    condition: Leaf
    then: Node
    is_route: bool

    def source(self) -> str:
        condition, then = self.condition.source(), self.then.source()
        closed, table, word = (NOT_MET, "ALL", "W[{0}]") if self.is_route else (MET, "ANY", "NOT[W[{0}]]")
        opened = f"{table}[{word.format(self.condition.number)} | {then}]"
        return f"({closed} if {condition} == {NOT_MET} else {opened})"

    def status(self, statuses: Statuses) -> int:
        condition = self.condition.status(statuses)
        if condition == NOT_MET:
            return NOT_MET if self.is_route else MET
        then = self.then.status(statuses)
        return ALL[condition | then] if self.is_route else ANY[NOT[condition] | then]

    def shown(self, statuses: Statuses) -> list[int]:
        condition = self.condition.status(statuses)
        closes = self.is_route and condition != NOT_MET and self.then.status(statuses) == NOT_MET
        return self.then.shown(statuses) if condition == MET or closes else []

    def failing(self, statuses: Statuses) -> Iterator[int]:
        if self.status(statuses) == NOT_MET and self.condition.status(statuses) != NOT_MET:
            yield from self.then.failing(statuses)

    def leaves(self) -> Iterator[Leaf]:
        yield self.condition
        yield from self.then.leaves()

    def open(self, statuses: Statuses) -> Iterator[Leaf]:
        if self.status(statuses) in (MET, NOT_MET):
            return
        if self.condition.status(statuses) != MET:
            yield self.condition
        else:
            yield from self.then.open(statuses)

    def way(self, way_of: WayOf) -> Way | None:
        condition = way_of(self.condition.number, MET if self.is_route else NOT_MET)
        if self.is_route:
            return together([condition, self.then.way(way_of)]) if condition else None
        return condition if condition == Way() else shortest([condition, self.then.way(way_of)])
