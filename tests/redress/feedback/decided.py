"""Cases that are decided, put into the service as a decision leaves them."""

from typing import Any

from fastapi import FastAPI
from tests.redress.feedback.cases import TECHNICIAN
from uuid_utils.compat import uuid7

from crossing.kit.database import format_instant
from redress.cases.open_case import new_control_number
from redress.casework.record import record
from redress.casework.steps import Case, open_case


def decision(**changes: Any) -> dict[str, Any]:
    """A decision that a rule was misread."""
    return {"outcome": "granted", "root_cause": "RC4", "requirement": "US-B1-38", "remedies": []} | changes


async def decide(
    service: FastAPI, *, port_id: str = "US-DETROIT", event: str = "decide", unit: str = "cbp", **changes: Any
) -> Case:
    """A case decided now, about the technician's refusal at a port."""
    at = format_instant(service.state.clock())
    examination = TECHNICIAN | {"id": str(uuid7()), "port_id": port_id}
    values = {
        "id": str(uuid7()),
        "control_number": new_control_number(),
        "priority": "P2",
        "kind": "inquiry",
        "opened_at": at,
        "examination_id": None,
        "ruling": None,
        "detail": "{}",
    }
    content = {
        "identity": {"surname": "Côté", "given_names": "Zoé", "born_on": "1979-09-30"},
        "priority": "P2",
        "unit": unit,
        "records": {"examinations": [examination]},
        "examination_id": examination["id"],
        "decision": decision(**changes),
    }
    rows, case = open_case(
        values, actor="test-adjudicator", party="independent_adjudicator", content=content, event=event, state="decided"
    )
    await record(service.state, None, case, rows)
    return case
