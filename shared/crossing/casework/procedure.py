"""A procedure, read from its data file: what may follow what, by whom, and within which time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pydantic import TypeAdapter

from crossing.rules.dates import add

_DURATION: Final = TypeAdapter(timedelta)


class ProcedureError(ValueError):
    """The data file contradicts itself."""


@dataclass(frozen=True)
class Transition:
    """A way from a state: what happens, by whom, on which grounds, and what must hold; without ``to`` it stays.

    ``otherwise`` is where the same event leads when what this way requires does not hold.
    """

    event: str
    to: str | None
    by: frozenset[str]
    grounds: frozenset[str]
    requires: tuple[str, ...]
    restarts_clock: bool
    otherwise: "Transition | None" = None

    def ways(self) -> Iterator["Transition"]:
        """This way and those that the event leads otherwise, in their order."""
        way: Transition | None = self
        while way:
            yield way
            way = way.otherwise


@dataclass(frozen=True)
class StateRules:
    """What a state brings with it: a deadline with what follows it, and whether the clock runs."""

    on_expiry: str | None
    clock_runs: bool
    rules: Mapping[str, Any]

    def within(self, name: str) -> timedelta:
        """A period of this state by name, such as ``review_within``; raises ``KeyError``."""
        return duration(self.rules[name])

    def due_at(self, at: datetime, content: Mapping[str, Any]) -> datetime | None:
        """Until when a case entered at an instant may stay here: by its priority where the procedure names that."""
        text = self.rules.get("by_priority", {}).get(content.get("priority"), self.rules.get("deadline"))
        return later(at, text) if text else None

    def then(self) -> list[Mapping[str, Any]]:
        """What the clock does at instants that the case file names."""
        then = self.rules.get("then", ())
        return [then] if isinstance(then, Mapping) else list(then)


class Procedure:
    """The machine with its numbers."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.initial: str = content["initial"]
        self.terminal = frozenset(content["terminal"])
        self.states = {
            name: StateRules(rules.get("on_expiry"), rules.get("clock_runs", False), rules)
            for name, rules in content["states"].items()
        }
        self.transitions: dict[tuple[str, str], Transition] = {}
        for raw in content["transitions"]:
            self._add(raw, raw["from"], raw["to"])
        for raw in content["entries"]:
            self._add(raw, raw["in"], None)
        self._check()

    def _add(self, raw: Mapping[str, Any], states: str | list[str], to: str | None) -> None:
        way = Transition(
            raw["event"],
            to,
            frozenset(raw["by"]),
            frozenset(raw.get("grounds", ())),
            tuple(raw.get("requires", ())),
            raw.get("restarts_clock", False),
        )
        for state in [states] if isinstance(states, str) else states:
            first = self.transitions.get((state, way.event))
            self.transitions[state, way.event] = _after(first, way, state) if first else way

    def _check(self) -> None:
        for (state, event), transition in self.transitions.items():
            for way in transition.ways():
                if state not in self.states or (way.to or state) not in self.states:
                    raise ProcedureError(f"{event}: a state that is not listed")
                if way.by - frozenset(self.content["parties"]):
                    raise ProcedureError(f"{event} in {state}: a party that is not listed")
        for state, rules in self.states.items():
            following = [rules.on_expiry, *(each["event"] for each in rules.then())]
            for event in filter(None, following):
                if (state, event) not in self.transitions:
                    raise ProcedureError(f"{state}: nothing is called {event}")

    def transition(self, state: str, event: str) -> Transition | None:
        """What an event does in a state; ``None`` where it has no place."""
        return self.transitions.get((state, event))

    def possible(self, state: str) -> list[str]:
        """The events that have a place in a state."""
        return [event for at, event in self.transitions if at == state]

    def day_over(self, day: str) -> datetime:
        """The instant at which an ISO day is over everywhere."""
        end = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1)
        return end + duration(self.content["day_ends_after"])


def _after(first: Transition, way: Transition, state: str) -> Transition:
    """The first way with one more behind the last of those that it leads to otherwise."""
    if not first.requires:
        raise ProcedureError(f"{way.event} stands twice in {state}")
    return replace(first, otherwise=_after(first.otherwise, way, state) if first.otherwise else way)


def duration(text: str) -> timedelta:
    """An ISO 8601 duration of days, hours, minutes and seconds."""
    return _DURATION.validate_python(text)


def later(at: datetime, text: str) -> datetime:
    """The instant an ISO 8601 duration after another; months and years are those of the calendar."""
    if "T" in text:
        return at + duration(text)
    return datetime.combine(datetime.fromisoformat(add(at.date().isoformat(), text)), at.timetz())
