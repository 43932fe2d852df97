"""What the traveller sees of a decision, and from when: its time must not tell what is in it (section 6). Pure."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from redress.casework.steps import Case
from redress.procedure import load_procedure

_DECIDING: Final = ("decide", "fast_fix", "appeal_decided")


def next_showing(at: datetime) -> datetime:
    """The next of the daily instants at which decisions are shown that order no correction."""
    showing = datetime.combine(at.date(), time.fromisoformat(load_procedure().content["shown_at"]), at.tzinfo)
    return showing if showing > at else showing + timedelta(days=1)


def shown_from(case: Case) -> datetime | None:
    """From when the traveller sees the latest decision of a case; ``None`` for at once."""
    named = case.content.get("shown_from")
    return datetime.fromisoformat(named) if named else None


def is_shown(case: Case, at: datetime) -> bool:
    """Whether the traveller sees at an instant all that has been decided."""
    seen = shown_from(case)
    return seen is None or at >= seen


def told_history(case: Case, at: datetime) -> Sequence[Any]:
    """The revisions that the traveller sees: those before a decision that is not shown yet."""
    if is_shown(case, at):
        return case.history
    made = next((place for place in reversed(range(len(case.history))) if case.history[place].event in _DECIDING), 0)
    return case.history[:made] or case.history


def told_state(case: Case, at: datetime) -> str:
    """The state as the traveller is told it: before a decision is shown, the one it was made in."""
    return str(told_history(case, at)[-1].state)
