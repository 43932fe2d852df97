"""The one place that speaks HTTP to others; every other module asks here for a client."""

import httpx
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
        base_url=address, headers=headers, timeout=seconds, follow_redirects=False, transport=transport
    )


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
