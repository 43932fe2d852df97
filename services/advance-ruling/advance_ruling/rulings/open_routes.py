"""What is open to anyone: keys, the status list, and whether a ruling is valid."""

from collections.abc import Callable
from typing import Any, Final, Literal

from fastapi import APIRouter, Depends, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request

from crossing.kit.identity import open_to_anyone
from crossing.kit.json_text import JsonAnswer

_A_FEW_MINUTES: Final = "public, max-age=300"


class KeySetOut(BaseModel):
    """A JSON Web Key Set (RFC 7517 §5)."""

    model_config = ConfigDict(extra="allow")

    keys: list[dict[str, Any]]


class VerificationOut(BaseModel):
    """Whether a ruling is valid, and nothing else of it."""

    number: str
    status: Literal["valid", "expired", "suspended", "revoked", "unknown"]


class _AtOnce(APIRoute):
    """A route that is asked more than all others: it checks its limit and reads its parameter itself."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        async def handle(request: Request) -> Response:
            await open_to_anyone(request)
            return await verify_ruling(request, request.path_params["number"])

        return handle


async def verify_ruling(request: Request, number: str) -> Response:
    """Whether a ruling is valid now. A number that was never given is answered alike: ``unknown``."""
    return JsonAnswer({"number": number, "status": await request.app.state.standings.word(number)})


router = APIRouter(prefix="/v1", tags=["verification"], dependencies=[Depends(open_to_anyone)])
router.add_api_route(
    "/rulings/{number}/verify", verify_ruling, response_model=VerificationOut, route_class_override=_AtOnce
)


@router.get("/jwks.json", response_model=KeySetOut)
async def read_keys(request: Request) -> Response:
    """The public keys that rulings and the status list are signed with: the next one, the current one, older ones."""
    return JsonAnswer(request.app.state.signing_keys.public_set(), 200, {"Cache-Control": _A_FEW_MINUTES})


@router.get(
    "/status-list",
    response_class=Response,
    responses={200: {"content": {"application/statuslist+jwt": {}}, "description": "A signed status list"}},
)
async def read_status_list(request: Request) -> Response:
    """The signed list of rulings that are not to be honoured, one bit for each version of a ruling."""
    text = await request.app.state.status_list.text()
    return Response(text, 200, {"Cache-Control": "public, max-age=60"}, "application/statuslist+jwt")
