"""A departure from a ruling opens a case of the first priority, without anybody asking (specification, section 8)."""

import secrets
from typing import Final

from pydantic import ValidationError
from starlette.requests import Request
from uuid_utils.compat import uuid7

from crossing.kit.clock import now_of
from crossing.kit.inbox import Effect, Event
from crossing.kit.json_text import json_text
from crossing.kit.ledger import AuditEntry, Insert, content_digest
from crossing.kit.problems import FieldError, InvalidRequest, field_errors
from redress.cases.schemas import DepartureIn

#: The audit chain of all cases.
CHAIN: Final = "cases"
_FIRST: Final = "P0"
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
    at, case_id = now_of(request), str(uuid7())
    row = Insert(
        "cases",
        {
            "id": case_id,
            "control_number": new_control_number(),
            "priority": _FIRST,
            "kind": "ruling_departed",
            "opened_at": at,
            "examination_id": departure.examination,
            "ruling": departure.number,
            "detail": json_text(departure.model_dump(mode="json")),
        },
    )
    return [row], AuditEntry(CHAIN, at, "case.opened", event.source, f"cases/{case_id}", content_digest([row]))
