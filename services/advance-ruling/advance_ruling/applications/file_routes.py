"""Routes of files."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.requests import Request

from advance_ruling.applications import queries
from advance_ruling.applications.act import act_of
from advance_ruling.applications.common import OPENING, STEP, Applicant, Reading
from advance_ruling.applications.open_file import (
    add_traveller,
    load_file,
    open_file,
    save_common,
    tell_file,
    version_of,
)
from advance_ruling.applications.out_schemas import FileOut, ListOfFiles
from advance_ruling.applications.schemas import CommonIn, FileIn, TravellerIn
from crossing.kit.etag import etag, require_match
from crossing.kit.idempotency import first_answer
from crossing.kit.json_text import JsonAnswer
from crossing.kit.once import once, opened_once
from crossing.kit.paging import Cursor, Limit, decode_cursor, encode_cursor, link_next
from crossing.kit.strict_json import StrictRoute

router = APIRouter(prefix="/v1/files", tags=["files"], route_class=StrictRoute)


@router.post("", response_model=FileOut, status_code=201, openapi_extra=OPENING)
async def post_file(request: Request, caller: Applicant, connection: Reading, file: FileIn) -> Response:
    """Open a file with a draft for each traveller. Everything but the contact may be filled in later."""
    act = await act_of(request, connection, caller)
    return await opened_once(act.state.engine, act.attempt, open_file(act, file, request.url.path))


@router.get("", response_model=ListOfFiles)
async def list_files(
    request: Request,
    response: Response,
    caller: Applicant,
    connection: Reading,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """The caller's own files, newest first."""
    before = decode_cursor(cursor, 1)
    rows = await queries.page_of_files(connection, caller.subject, before[0] if before else None, limit)
    following = encode_cursor([rows[limit - 1].id]) if len(rows) > limit else None
    link_next(request, response, following)
    shown = [
        {"id": row.id, "into": row.into, "class": row.class_id, "created_at": row.created_at} for row in rows[:limit]
    ]
    return {"files": shown, "next": following}


@router.get("/{file_id}", response_model=FileOut)
async def read_file(request: Request, caller: Applicant, connection: Reading, file_id: UUID) -> Response:
    """A file with its applications."""
    act = await act_of(request, connection, caller)
    file = await load_file(act, str(file_id), caller)
    told = tell_file(file._asdict(), [row._mapping for row in await queries.applications_of(connection, file.id)])
    return JsonAnswer(told, 200, {"ETag": etag(told["version"])})


@router.post("/{file_id}/travellers", response_model=FileOut, status_code=201, openapi_extra=OPENING)
async def post_traveller(
    request: Request, caller: Applicant, connection: Reading, file_id: UUID, traveller: TravellerIn
) -> Response:
    """Add a traveller, with a draft of his or her own."""
    act = await act_of(request, connection, caller)
    file = await load_file(act, str(file_id), caller)
    if earlier := await first_answer(connection, act.attempt):
        return earlier
    path = request.url.path.removesuffix(f"/{file_id}/travellers")
    return await opened_once(act.state.engine, act.attempt, add_traveller(act, file, traveller, path))


@router.patch("/{file_id}", response_model=FileOut, openapi_extra=STEP)
async def patch_file(
    request: Request, caller: Applicant, connection: Reading, file_id: UUID, common: CommonIn
) -> Response:
    """Lay facts over every draft of the file, all or none; null takes a fact back."""
    act = await act_of(request, connection, caller)
    file = await load_file(act, str(file_id), caller)
    if earlier := await first_answer(connection, act.attempt):
        return earlier
    require_match(request, await version_of(connection, file.id))
    return await once(connection, act.attempt, save_common(act, file, common))
