"""The one style sheet of all pages. Its name changes with its content, so that browsers may keep it for good."""

import hashlib
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Depends
from starlette.responses import Response

from crossing.kit.identity import open_to_anyone
from crossing.kit.problems import NotFound

STYLE: Final = (Path(__file__).parent / "style.css").read_bytes()
STYLE_NAME: Final = f"crossing-{hashlib.sha256(STYLE).hexdigest()[:12]}.css"


def style_router() -> APIRouter:
    """``/assets/{name}``: the style sheet, from the service that shows the page."""
    router = APIRouter(dependencies=[Depends(open_to_anyone)], include_in_schema=False)

    @router.get("/assets/{name}")
    async def show_style(name: str) -> Response:
        """The style sheet; raises ``NotFound`` for any other name."""
        if name != STYLE_NAME:
            raise NotFound
        headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
        return Response(STYLE, 200, headers, "text/css")

    return router
