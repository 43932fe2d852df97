"""Where each case stands, kept beside its revisions so that lists need not read them."""

from datetime import datetime
from typing import Final

from crossing.casework.steps import next_due
from crossing.kit.database import format_instant
from crossing.kit.ledger import Insert
from redress.casework.steps import CASES, Case
from redress.procedure import load_procedure

#: Sorts what has no deadline behind everything that has.
NEVER: Final = "9999-12-31T23:59:59.999999Z"


def due_of(case: Case) -> datetime | None:
    """Until when somebody must act: the deadline of the state, else what the clock does next."""
    due_at = case.latest.due_at
    return datetime.fromisoformat(due_at) if due_at else next_due(CASES, case)


def head_of(case: Case) -> Insert:
    """The row that says where a case stands; it takes the place of the one before."""
    content, due, procedure = case.content, due_of(case), load_procedure()
    resting = procedure.terminal | {"abandoned", "watch", procedure.initial}
    values = {
        "case_id": case.id,
        "control_number": case.control_number,
        "revision": case.latest.revision,
        "state": case.state,
        "priority": content.get("priority") or procedure.content["lowest_priority"],
        "unit": content.get("unit"),
        "assigned_to": content.get("adjudicator"),
        "due_at": format_instant(due) if due else NEVER,
        "opened_at": case.opened.opened_at,
        "open": case.state not in resting,
    }
    return Insert("case_heads", values, replacing=("case_id",))
