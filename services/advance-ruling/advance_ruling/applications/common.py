"""What the routes of files and applications share."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from advance_ruling.applications.act import Act, changing
from advance_ruling.steps import Application
from crossing.kit.database import reading
from crossing.kit.etag import IF_MATCH
from crossing.kit.idempotency import IDEMPOTENCY_KEY
from crossing.kit.identity import Caller, Role, caller_with
from crossing.kit.once import once

Applicant = Annotated[Caller, Depends(caller_with(Role.APPLICANT))]
Adjudicator = Annotated[Caller, Depends(caller_with(Role.ADJUDICATOR))]
Reader = Annotated[Caller, Depends(caller_with(Role.APPLICANT, Role.ADJUDICATOR))]
Reading = Annotated[AsyncConnection, Depends(reading)]
OPENING: dict[str, Any] = {"parameters": [IDEMPOTENCY_KEY]}
STEP: dict[str, Any] = {"parameters": [IF_MATCH, IDEMPOTENCY_KEY]}
#: A way to change an application, once it was read as its caller did.
Way = Callable[[Act, Application], Awaitable[Response]]


async def change(
    request: Request, connection: AsyncConnection, caller: Caller, application_id: UUID, way: Way, *, at_desk: bool
) -> Response:
    """Change an application in some way, once; a repeat of the request gets the first answer."""
    act, found = await changing(request, connection, caller, application_id, at_desk=at_desk)
    if isinstance(found, Response):
        return found
    return await once(connection, act.attempt, way(act, found))
