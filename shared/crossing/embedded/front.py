"""The embedded suite's own front: what runs where, and signing in for a role without a password, on loopback only."""

from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossing.kit.identity import SESSION_COOKIE, Role, open_to_anyone
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.problems import NotAllowed
from crossing.pages.browser import from_own_page
from crossing.pages.language import language_router
from crossing.pages.rendering import Pages, read_texts
from crossing.pages.style import style_router

_FOLDER: Final = Path(__file__).parent
_PAGES: Final = Pages(_FOLDER / "templates", read_texts(_FOLDER / "texts.yaml"))
_LOOPBACK: Final = ("127.0.0.1", "::1")
_SESSION_SECONDS: Final = 8 * 3600
_OFFICERS_PAGE: Final = "/admission/"
#: The services, and the page at which each is met, if it has one.
_SERVICES: Final = {"admission": "/admission/", "advance-rulings": "/advance-rulings/verify", "redress": None}


def front_router(issuer: DevelopmentIssuer) -> APIRouter:
    """Routes of the front; ``issuer`` signs whoever comes from this machine in."""
    router = APIRouter(dependencies=[Depends(open_to_anyone), Depends(from_own_page)])
    router.include_router(language_router())
    router.include_router(style_router())

    @router.get("/")
    async def show_front(request: Request) -> Response:
        """What runs where."""
        return _PAGES.show(
            request, "front.html", {"services": list(_SERVICES), "pages": _SERVICES, "address": str(request.base_url)}
        )

    @router.get("/favicon.ico")
    async def show_no_icon() -> Response:
        """Browsers ask for it unasked; there is none."""
        return Response(status_code=204, headers={"Cache-Control": "public, max-age=86400"})

    @router.post("/sign-in")
    async def sign_in(
        request: Request,
        role: Annotated[Role, Form()],
        port: Annotated[str, Form(max_length=16)] = "",
        terminal: Annotated[str, Form(max_length=32)] = "",
    ) -> Response:
        """Sign in for a role at a port; development only. Raises ``NotAllowed`` for another machine."""
        if request.client is None or request.client.host not in _LOOPBACK:
            raise NotAllowed
        token = issuer.token(
            role,
            subject=f"demonstration-{role.value}",
            port_id=port or None,
            terminal_id=terminal or None,
            lifetime_seconds=_SESSION_SECONDS,
        )
        answer = RedirectResponse(_OFFICERS_PAGE, 303)
        answer.set_cookie(SESSION_COOKIE, token, _SESSION_SECONDS, httponly=True, samesite="strict")
        return answer

    @router.post("/sign-out")
    async def sign_out() -> Response:
        """Forget the session of this browser."""
        answer = RedirectResponse(_OFFICERS_PAGE, 303)
        answer.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict")
        return answer

    return router
