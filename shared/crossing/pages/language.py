"""The language of pages: the one chosen, kept in a cookie, else the one the browser asks for."""

import re
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossing.kit.identity import open_to_anyone
from crossing.kit.languages import language_of
from crossing.pages.browser import from_own_page
from crossing.rules.phrases import LANGUAGES

LANGUAGE_COOKIE: Final = "crossing_language"
#: Each language by its own name.
LANGUAGE_NAMES: Final = {"en": "English", "fr": "Français", "es": "Español"}
_A_YEAR: Final = 365 * 24 * 3600
_OWN_PATH: Final = re.compile(r"(/[A-Za-z0-9._~\-]+)*/?\Z")


def page_language(request: Request) -> str:
    """The language to answer a page in."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in LANGUAGES else language_of(request)


def language_router() -> APIRouter:
    """``POST /language``: the switch on every page."""
    router = APIRouter(dependencies=[Depends(open_to_anyone), Depends(from_own_page)], include_in_schema=False)

    @router.post("/language")
    async def choose_language(
        language: Annotated[Literal["en", "fr", "es"], Form()],
        back_to: Annotated[str, Form(max_length=200)] = "/",
    ) -> Response:
        """Keep the choice and go back to the page it was made on."""
        answer = RedirectResponse(back_to if back_to and _OWN_PATH.match(back_to) else "/", 303)
        answer.set_cookie(LANGUAGE_COOKIE, language, _A_YEAR, httponly=True, samesite="strict")
        return answer

    return router
