"""The one place that speaks HTTP to others; every other module asks here for a client."""

import httpx

HTTPError = httpx.HTTPError
Response = httpx.Response
_SECONDS = 10.0


def new_client(address: str, token: str | None = None) -> httpx.AsyncClient:
    """A client for the services at an address, with a bearer token."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.AsyncClient(base_url=address, headers=headers, timeout=_SECONDS, follow_redirects=False)


def in_process_client(app: object, token: str | None = None) -> httpx.AsyncClient:
    """A client that calls an application in this process; it neither runs lifespans nor keeps timeouts."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
    return httpx.AsyncClient(base_url="http://crossing.test", headers=headers, transport=transport)


__all__ = ["HTTPError", "Response", "in_process_client", "new_client"]
