"""The embedded suite's own front: where to go, and signing in for a role without a password, on loopback only."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.problems import NotAllowed

_LOOPBACK = ("127.0.0.1", "::1")
_SESSION_SECONDS = 8 * 3600
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Crossing</title></head>
<body><main><h1>Crossing</h1>
<p>The suite runs embedded, with demonstration data. Nobody here is real.</p>
<ul>
<li><a href="/admission/">Officer's page</a></li>
<li><a href="/admission/v1/docs">Admission API</a></li>
<li><a href="/advance-rulings/v1/docs">Advance rulings API</a></li>
<li><a href="/redress/v1/docs">Redress API</a></li>
</ul></main></body></html>
"""


def front_router(issuer: DevelopmentIssuer) -> APIRouter:
    """Routes of the front; ``issuer`` signs whoever comes from this machine in."""
    router = APIRouter()

    @router.get("/", response_class=HTMLResponse)
    async def show_front() -> str:
        """Where to go."""
        return _PAGE

    @router.post("/sign-in", response_class=Response)
    async def sign_in(
        request: Request,
        role: Annotated[Role, Form()],
        port: Annotated[str, Form(max_length=16)] = "",
        terminal: Annotated[str, Form(max_length=32)] = "",
    ) -> Response:
        """Sign in for a role at a port; development only."""
        if request.client is None or request.client.host not in _LOOPBACK:
            raise NotAllowed
        token = issuer.token(
            role,
            subject=f"demonstration-{role.value}",
            port_id=port or None,
            terminal_id=terminal or None,
            lifetime_seconds=_SESSION_SECONDS,
        )
        answer = RedirectResponse("/admission/", 303)
        answer.set_cookie("crossing_session", token, _SESSION_SECONDS, httponly=True, samesite="strict")
        return answer

    return router
