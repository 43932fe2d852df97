"""The one place that speaks HTTP to others; every other module asks here for a client."""

import httpx
import structlog
from starlette.types import ASGIApp

Client = httpx.AsyncClient
Response = httpx.Response
HTTPError = httpx.HTTPError
CONFLICT = httpx.codes.CONFLICT
NOT_FOUND = httpx.codes.NOT_FOUND
PRECONDITION_REQUIRED = httpx.codes.PRECONDITION_REQUIRED
_SECONDS = 10.0


def new_client(
    address: str, token: str | None = None, *, app: ASGIApp | None = None, seconds: float = _SECONDS
) -> httpx.AsyncClient:
    """A client for the services at an address, with a bearer token.

    With ``app`` it calls that application in this process, which knows no timeout: wrap such calls in
    ``asyncio.timeout``. ``seconds`` is how long it waits for each step of an answer otherwise.
    """
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx.ASGITransport(app, raise_app_exceptions=False) if app else None
    return httpx.AsyncClient(
        base_url=address,
        headers=headers,
        timeout=seconds,
        follow_redirects=False,
        transport=transport,
        event_hooks={"request": [_pass_request_id_on]},
    )


async def _pass_request_id_on(request: httpx.Request) -> None:
    """Name the request that a call is made for, so that the logs of both sides tell of one thing."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    if request_id and "x-request-id" not in request.headers:
        request.headers["x-request-id"] = request_id


async def read_at_most(client: Client, address: str, most: int) -> bytes:
    """The body that an address answers with, of at most so many bytes; raises ``HTTPError`` for any other answer."""
    body = b""
    async with client.stream("GET", address) as answer:
        answer.raise_for_status()
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > most:
                raise HTTPError("The answer is too long.")
    return body


__all__ = [
    "CONFLICT",
    "NOT_FOUND",
    "PRECONDITION_REQUIRED",
    "Client",
    "HTTPError",
    "Response",
    "new_client",
    "read_at_most",
]
