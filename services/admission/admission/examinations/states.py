"""States of an examination and what may follow what. No I/O."""

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where an examination stands."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    """What a revision records."""

    OPENED = "opened"
    FACTS_ADDED = "facts_added"
    REFERRED = "referred"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    DEPARTURE_PROPOSED = "departure_proposed"
    DEPARTURE_CONFIRMED = "departure_confirmed"


#: From which states a kind of revision may follow, and the state it leads to (``None``: the state stays).
TRANSITIONS: Final[dict[Kind, tuple[frozenset[State], State | None]]] = {
    Kind.FACTS_ADDED: (frozenset({State.PRIMARY, State.SECONDARY}), None),
    Kind.REFERRED: (frozenset({State.PRIMARY}), State.SECONDARY),
    Kind.DECIDED: (frozenset({State.PRIMARY, State.SECONDARY}), State.DECIDED),
    Kind.WITHDRAWN: (frozenset({State.PRIMARY, State.SECONDARY}), State.WITHDRAWN),
    Kind.SUPERSEDED: (frozenset({State.DECIDED}), State.DECIDED),
    Kind.DEPARTURE_PROPOSED: (frozenset({State.PRIMARY, State.SECONDARY, State.DECIDED}), None),
    Kind.DEPARTURE_CONFIRMED: (frozenset({State.PRIMARY, State.SECONDARY, State.DECIDED}), None),
}


def may_follow(state: State, kind: Kind) -> bool:
    """Whether a kind of revision may follow in a state."""
    return state in TRANSITIONS[kind][0]


def after(state: State, kind: Kind) -> State:
    """The state a revision leads to."""
    return TRANSITIONS[kind][1] or state
