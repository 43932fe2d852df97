"""What a case file gains when the clock takes a step. Pure: no I/O."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from crossing.casework.procedure import duration, later
from crossing.casework.steps import Case, Step
from crossing.kit.database import format_instant
from redress.procedure import load_procedure


def step_by_the_clock(case: Case, event: str, at: datetime) -> Step:
    """The step that the clock takes for an event of a case that has fallen due."""
    make = STEPS.get(event)
    return make(case, at) if make else Step(event, "clock", "clock", at)


def _reminder(case: Case, at: datetime) -> Step:
    """A reminder, with the day of the next one; however late it goes out, it leaves its reader time to answer."""
    rules = load_procedure().content["reminders"]
    sent = 1 + sum(row.event == "remind" and row.revision > case.latest.entered for row in case.history)
    came = next(row for row in case.history if row.revision == case.latest.entered)
    following, leaves = None, duration(rules["leaves"])
    due = datetime.fromisoformat(case.latest.due_at)
    if sent < rules["number"]:
        planned = datetime.fromisoformat(came.at) + duration(rules["apart"]) * (sent + 1)
        following = max(planned, at + leaves)
    needed = (following or at) + leaves
    content = {"remind_at": format_instant(following) if following else None}
    return Step("remind", "clock", "clock", at, content, due_at=needed if needed > due else None)


def _deemed(case: Case, at: datetime) -> Step:
    """The outcome at its day: as if granted, with the corrections that were drafted or claimed.

    Where the source is secret nothing is decided: the panel is, and the traveller is told the day it has.
    """
    procedure, content = load_procedure(), case.content
    if content.get("security_sourced"):
        return Step("deemed_outcome", "clock", "clock", at)
    draft = content.get("draft") or {}
    decision = {
        "root_cause": draft.get("root_cause"),
        "remedies": draft.get("remedies", []),
        **procedure.content["deemed"],
        "letter": {},
        "by": "clock",
        "decided_at": format_instant(at),
    }
    day = at.date().isoformat()
    until = format_instant(later(at, procedure.states["decided"].rules["sets"]["appeal_until"]))
    return Step("deemed_outcome", "clock", "clock", at, {"decision": decision, "notice_on": day, "appeal_until": until})


#: What the clock brings to a step, by its event; parts whose steps bring more add to it.
STEPS: Final[dict[str, Callable[[Case, datetime], Step]]] = {"remind": _reminder, "deemed_outcome": _deemed}
