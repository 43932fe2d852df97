"""A departure from a ruling opens a case of the first priority, without anybody asking (specification, section 8)."""

import secrets
from typing import Final

from pydantic import ValidationError
from starlette.requests import Request
from uuid_utils.compat import uuid7

from crossing.kit.clock import now_of
from crossing.kit.inbox import Effect, Event
from crossing.kit.json_text import json_text
from crossing.kit.problems import FieldError, InvalidRequest, field_errors
from redress.cases.schemas import DepartureIn
from redress.casework.conflicts import conflict_set
from redress.casework.record import rows_of_record
from redress.casework.staff import whole_list
from redress.casework.steps import open_case
from redress.procedure import load_procedure

#: Letters and digits that cannot be taken for one another, when read aloud or typed.
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH: Final = 9


def new_control_number() -> str:
    """A Redress Control Number, which nobody can guess from another."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


async def ruling_departed(event: Event, request: Request) -> Effect:
    """The case that a departure opens; raises ``InvalidRequest`` for data that does not say what was departed from."""
    try:
        departure = DepartureIn.model_validate(event.data)
    except ValidationError as error:
        found = field_errors(error.errors())
        raise InvalidRequest(errors=[FieldError(f"/data{each.pointer}", each.texts) for each in found]) from None
    at, rules = now_of(request), load_procedure().content["opened_by_itself"]
    async with request.app.state.engine.connect() as connection:
        conflicts = conflict_set([departure.proposed_by, departure.confirmed_by], None, await whole_list(connection))
    values = {
        "id": str(uuid7()),
        "control_number": new_control_number(),
        "priority": rules["priority"],
        "kind": "ruling_departed",
        "opened_at": at,
        "examination_id": departure.examination,
        "ruling": departure.number,
        "detail": json_text(departure.model_dump(mode="json")),
    }
    content = {
        "priority": rules["priority"],
        "examination_id": departure.examination,
        "ruling": departure.number,
        "language": departure.language,
        "journey": {"port": departure.port},
        "conflicts": conflicts,
    }
    rows, case = open_case(
        values,
        actor=event.source,
        party=rules["party"],
        content=content,
        event=rules["event"],
        state=rules["state"],
        detail={"number": departure.number, "ground": departure.ground},
    )
    return rows_of_record(request.app.state, None, case, rows)
