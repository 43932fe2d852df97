"""The procedure of advance rulings, read from its data file: what may follow what, by whom, and within which time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from crossing.packs.files import read_yaml

_FILE: Final = Path(__file__).parent / "procedure.yaml"
_DURATION: Final = TypeAdapter(timedelta)


class ProcedureError(ValueError):
    """The data file contradicts itself."""


@dataclass(frozen=True)
class Transition:
    """A way from a state: what happens, by whom, on which grounds, and what must hold; without ``to`` it stays."""

    event: str
    to: str | None
    by: frozenset[str]
    grounds: frozenset[str]
    requires: tuple[str, ...]
    restarts_clock: bool


@dataclass(frozen=True)
class StateRules:
    """What a state brings with it: a deadline with what follows it, and whether the track's clock runs."""

    deadline: timedelta | None
    on_expiry: str | None
    clock_runs: bool
    rules: Mapping[str, Any]

    def within(self, name: str) -> timedelta:
        """A period of this state by name, such as ``review_within``; raises ``KeyError``."""
        return duration(self.rules[name])


class Procedure:
    """The machine with its numbers."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.initial: str = content["initial"]
        self.terminal = frozenset(content["terminal"])
        self.states = {name: _state(rules) for name, rules in content["states"].items()}
        self.transitions: dict[tuple[str, str], Transition] = {}
        for raw in content["transitions"]:
            self._add(raw, raw["from"], raw["to"])
        for raw in content["entries"]:
            self._add(raw, raw["in"], None)
        self._check()

    def _add(self, raw: Mapping[str, Any], states: str | list[str], to: str | None) -> None:
        for state in [states] if isinstance(states, str) else states:
            if (state, raw["event"]) in self.transitions:
                raise ProcedureError(f"{raw['event']} stands twice in {state}")
            self.transitions[state, raw["event"]] = Transition(
                raw["event"],
                to,
                frozenset(raw["by"]),
                frozenset(raw.get("grounds", ())),
                tuple(raw.get("requires", ())),
                raw.get("restarts_clock", False),
            )

    def _check(self) -> None:
        for (state, event), transition in self.transitions.items():
            if state not in self.states or (transition.to or state) not in self.states:
                raise ProcedureError(f"{event}: a state that is not listed")
            if transition.by - frozenset(self.content["parties"]):
                raise ProcedureError(f"{event} in {state}: a party that is not listed")
        for state, rules in self.states.items():
            following = [rules.on_expiry, rules.rules.get("then", {}).get("event")]
            for event in filter(None, following):
                if (state, event) not in self.transitions:
                    raise ProcedureError(f"{state}: nothing is called {event}")

    def transition(self, state: str, event: str) -> Transition | None:
        """What an event does in a state; ``None`` where it has no place."""
        return self.transitions.get((state, event))

    def day_over(self, day: str) -> datetime:
        """The instant at which an ISO day is over everywhere."""
        end = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1)
        return end + duration(self.content["validity"]["day_ends_after"])

    def budget(self, track: str) -> timedelta:
        """The whole time of a track."""
        return duration(self.content["tracks"][track]["total"])


def duration(text: str) -> timedelta:
    """An ISO 8601 duration of days, hours, minutes and seconds."""
    return _DURATION.validate_python(text)


def _state(rules: Mapping[str, Any]) -> StateRules:
    deadline = rules.get("deadline")
    return StateRules(
        duration(deadline) if deadline else None, rules.get("on_expiry"), rules.get("clock_runs", False), rules
    )


@cache
def load_procedure() -> Procedure:
    """The procedure of this release; raises ``ProcedureError``."""
    return Procedure(read_yaml(_FILE))
