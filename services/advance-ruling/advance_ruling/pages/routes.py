"""The page on which anyone verifies a ruling. The number travels in the form, so that no log or history keeps it."""

from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from crossing.kit.identity import open_to_anyone
from crossing.pages.browser import from_own_page
from crossing.pages.language import language_router
from crossing.pages.rendering import Pages, read_texts
from crossing.pages.style import style_router

_FOLDER: Final = Path(__file__).parent
_PAGES: Final = Pages(_FOLDER / "templates", read_texts(_FOLDER / "texts.yaml"))

router = APIRouter(include_in_schema=False, dependencies=[Depends(open_to_anyone), Depends(from_own_page)])
router.include_router(style_router())
router.include_router(language_router())


@router.get("/verify")
async def show_form(request: Request) -> Response:
    """The form."""
    return _PAGES.show(request, "verify.html", {"number": "", "status": None})


@router.post("/verify")
async def show_status(request: Request, number: Annotated[str, Form(max_length=40)]) -> Response:
    """The form with what a ruling stands at."""
    asked = number.strip().upper()
    status = await request.app.state.standings.word(asked)
    return _PAGES.show(request, "verify.html", {"number": asked, "status": status})
