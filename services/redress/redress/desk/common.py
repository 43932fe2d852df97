"""What the desk's routes share: who calls, and one way to change a case."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from crossing.kit.database import reading
from crossing.kit.etag import IF_MATCH
from crossing.kit.idempotency import IDEMPOTENCY_KEY
from crossing.kit.identity import Caller, Role, caller_with
from redress.casework.act import Act, act_of
from redress.casework.act import change as change_case
from redress.casework.staff import desk_of
from redress.casework.steps import Case, load_case

Caseworker = Annotated[Caller, Depends(caller_with(Role.CASEWORKER))]
Reading = Annotated[AsyncConnection, Depends(reading)]
#: The headers of a step, for its OpenAPI description.
STEP: Final[dict[str, Any]] = {"parameters": [IF_MATCH, IDEMPOTENCY_KEY]}
Way = Callable[[Act, Case], Awaitable[Response]]


async def at_desk(request: Request, connection: AsyncConnection, caller: Caller) -> Act:
    """What a caseworker needs to act, as the duties of the staff list say; raises ``NotOnStaffList``."""
    person = await desk_of(connection, caller)
    return await act_of(request, connection, caller, person.duties, at_desk=True)


async def change(request: Request, connection: AsyncConnection, caller: Caller, case_id: UUID, way: Way) -> Response:
    """Take a caseworker's step on the version of the case that was read; raises ``NotFound`` for no case."""
    act = await at_desk(request, connection, caller)
    return await change_case(request, act, await load_case(connection, str(case_id)), way)
