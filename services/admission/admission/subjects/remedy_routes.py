"""Route of remedies: redress alone brings them."""

from uuid import UUID

from fastapi import APIRouter, Response
from starlette.requests import Request

from admission.subjects.apply_remedy import apply_remedy
from admission.subjects.redress_alone import Redress
from crossing.kit.strict_json import StrictRoute
from crossing.redress.remedies import Remedy, RemedyApplied

router = APIRouter(prefix="/v1/remedies", tags=["remedies"], route_class=StrictRoute)


@router.put(
    "/{remedy_id}",
    response_model=RemedyApplied,
    status_code=201,
    responses={200: {"model": RemedyApplied, "description": "It was applied before; the first acknowledgement"}},
)
async def put_remedy(request: Request, caller: Redress, remedy_id: UUID, remedy: Remedy) -> Response:
    """Apply a remedy of redress, once; the acknowledgement says since when it holds at every port.

    A record that was changed after redress had read it is refused by 412, naming what changed; a repeat is answered
    as the first time.
    """
    return await apply_remedy(request.app.state, str(remedy_id), remedy, caller)
