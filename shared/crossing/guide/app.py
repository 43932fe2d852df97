"""Serves the guidance: the very pages that the static site has."""

from functools import lru_cache
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossing.guide.site import Site
from crossing.kit.identity import open_to_anyone
from crossing.kit.problems import NotFound
from crossing.pages.language import page_language

_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "public, max-age=300",
}
_KEPT_DAYS: Final = 2


@lru_cache(_KEPT_DAYS)
def _site(day: str) -> Site:
    return Site(day)


def guidance_router() -> APIRouter:
    """``/guidance/``: pages on the law of today, open to anyone."""
    router = APIRouter(prefix="/guidance", dependencies=[Depends(open_to_anyone)], include_in_schema=False)

    @router.get("/")
    async def show_start(request: Request) -> Response:
        """The start page in the language of whoever asks."""
        return RedirectResponse(f"{page_language(request)}/index.html", 307)

    @router.get("/{path:path}")
    async def show_page(request: Request, path: Annotated[str, Path(max_length=200)]) -> Response:
        """One page of the guidance; raises ``NotFound`` for a path that has none."""
        day = request.app.state.clock().date().isoformat()
        try:
            media_type, body = await run_in_threadpool(lambda: _site(day).page(path))
        except KeyError:
            raise NotFound from None
        return Response(body, 200, _HEADERS, media_type)

    return router
