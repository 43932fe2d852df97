"""A repeat at a port: the watched case is taken up again by itself, before all others."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from starlette.requests import Request

from crossing.casework.steps import Step
from crossing.kit.inbox import Effect, Event
from crossing.kit.problems import FieldError, InvalidRequest, field_errors
from redress.casework.record import rows_of_record
from redress.casework.steps import Case, load_case, plan_all
from redress.procedure import load_procedure

_Short = Annotated[str, StringConstraints(min_length=1, max_length=128)]


def taken_up_again(case: Case) -> dict[str, Any]:
    """What changes in a case file that is taken up again: what belonged to the earlier decision is over.

    What was corrected then is watched for and reviewed on, but neither probed nor ordered again.
    """
    content = case.content
    settled = [*content.get("settled", ()), *content.get("corrections", ())]
    over: dict[str, Any] = {"draft": None, "panel": [], "late_reason_accepted": None, "late_appeal": None}
    return {"priority": load_procedure().content["first_priority"], "corrections": [], "settled": settled, **over}


class RecurredIn(BaseModel):
    """What admission tells of a repeat. It may tell more, which is let pass unread."""

    model_config = ConfigDict(extra="ignore")

    case: _Short
    examination: _Short
    cause: dict[str, Any]


async def subject_recurred(event: Event, request: Request) -> Effect:
    """The step that takes a watched case up again at the first priority; a case that is not watched any more stays.

    Raises ``InvalidRequest`` for data that does not say of which case, and ``NotFound`` for a case that is not here.
    """
    try:
        told = RecurredIn.model_validate(event.data)
    except ValidationError as error:
        found = field_errors(error.errors())
        raise InvalidRequest(errors=[FieldError(f"/data{each.pointer}", each.texts) for each in found]) from None
    state = request.app.state
    async with state.engine.connect() as connection:
        case = await load_case(connection, told.case)
    if case.state != "watch":
        return [], None
    detail = {
        "same_subject": True,
        "cause": (case.content.get("decision") or {}).get("root_cause"),
        "examination": told.examination,
        "repeat": told.cause,
    }
    step = Step(
        "recurrence",
        "admission",
        "admission",
        state.clock(),
        content=taken_up_again(case),
        detail=detail,
    )
    rows, after = plan_all(case, [step])
    return rows_of_record(state, case, after, rows)
