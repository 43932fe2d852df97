"""Route of remedies: redress alone brings them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from starlette.requests import Request

from admission.rulings.events import REDRESS
from admission.subjects.apply_remedy import apply_remedy
from crossing.kit.identity import Caller, Role, caller_with
from crossing.kit.problems import NotAllowed
from crossing.kit.strict_json import StrictRoute
from crossing.redress.remedies import Remedy, RemedyApplied

router = APIRouter(prefix="/v1/remedies", tags=["remedies"], route_class=StrictRoute)


@router.put(
    "/{remedy_id}",
    response_model=RemedyApplied,
    status_code=201,
    responses={200: {"model": RemedyApplied, "description": "It was applied before; the first acknowledgement"}},
)
async def put_remedy(
    request: Request, caller: Annotated[Caller, Depends(caller_with(Role.SERVICE))], remedy_id: UUID, remedy: Remedy
) -> Response:
    """Apply a remedy of redress, once; the acknowledgement says since when it holds at every port.

    A record that was changed after redress had read it is refused by 412, naming what changed; a repeat is answered
    as the first time.
    """
    if caller.subject != REDRESS:
        raise NotAllowed
    return await apply_remedy(request.app.state, str(remedy_id), remedy, caller)
