"""What the clock has to do on a case, and when. Pure: no I/O."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from crossing.casework.problems import IllegalStep, StepNotReady
from crossing.casework.steps import Case, Keeping, Step, following, instant, plan
from crossing.kit.database import format_instant


def due_step(keeping: Keeping, case: Case, at: datetime) -> Step | None:
    """The step that the clock has to take by an instant, the one longest due first; ``None`` when nothing is due."""
    return next(
        (keeping.by_the_clock(case, event, at) for due_at, event in _ahead(keeping, case, at) if due_at <= at), None
    )


def next_due(keeping: Keeping, case: Case) -> datetime | None:
    """When the clock acts next, if nobody else does."""
    return next((due_at for due_at, _ in _ahead(keeping, case)), None)


def _ahead(keeping: Keeping, case: Case, at: datetime | None = None) -> Iterator[tuple[datetime, str]]:
    """What the clock has to do and when, soonest first, without what it did, or what lacks something it needs.

    Whether that is there is looked at as of an instant, or of when it falls due.
    """
    for due_at, event in sorted((due_at, event) for event, due_at in _dues(keeping, case).items()):
        if _was_taken(case, event, due_at):
            continue
        with suppress(IllegalStep, StepNotReady):
            plan(keeping, case, keeping.by_the_clock(case, event, at or due_at))
            yield due_at, event


def _dues(keeping: Keeping, case: Case) -> dict[str, datetime]:
    rules, due_at = keeping.procedure.states[case.state], instant(case.latest.due_at)
    dues = following(keeping.procedure, rules, case.content)
    return {**dues, rules.on_expiry: due_at} if rules.on_expiry and due_at else dues


def _was_taken(case: Case, event: str, due_at: datetime) -> bool:
    """Whether the clock did this since it fell due; the case may have stayed where it was."""
    entered, due = case.latest.entered, format_instant(due_at)
    return any(row.event == event and row.revision > entered and row.at >= due for row in case.history)
