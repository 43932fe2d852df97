"""The one place that speaks HTTP to others; every other module asks here for a client."""

import httpx

Client = httpx.AsyncClient
HTTPError = httpx.HTTPError
CONFLICT = httpx.codes.CONFLICT
_SECONDS = 10.0


def new_client(address: str, token: str | None = None) -> httpx.AsyncClient:
    """A client for the services at an address, with a bearer token."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.AsyncClient(base_url=address, headers=headers, timeout=_SECONDS, follow_redirects=False)


__all__ = ["CONFLICT", "Client", "HTTPError", "new_client"]
