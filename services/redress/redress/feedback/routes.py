"""Route of worked examples."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from crossing.kit.database import reading
from crossing.kit.identity import Caller, Role, caller_with
from crossing.kit.paging import Cursor, Limit, decode_cursor, encode_cursor, link_next
from redress.feedback.export import examples_kept
from redress.feedback.schemas import ListOfWorkedExamples

router = APIRouter(prefix="/v1/worked-examples", tags=["worked examples"])
Reader = Annotated[Caller, Depends(caller_with(Role.SERVICE, Role.ANALYST))]
Reading = Annotated[AsyncConnection, Depends(reading)]


@router.get("", response_model=ListOfWorkedExamples)
async def list_examples(
    request: Request, response: Response, caller: Reader, connection: Reading, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """Worked examples that decisions left for the rule packs, by id; which case left one is not told."""
    after = decode_cursor(cursor, 1)
    found = [each for each in await examples_kept(connection) if not after or each["id"] > after[0]]
    following = encode_cursor([found[limit - 1]["id"]]) if len(found) > limit else None
    link_next(request, response, following)
    return {"examples": found[:limit], "next": following}
