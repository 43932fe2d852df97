"""A route that answers a person: what goes wrong becomes a page that says what to do, never a bare document."""

from collections.abc import Callable
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from admission.pages.look import PAGES
from crossing.kit.problems import InvalidRequest, NotAuthenticated, NotFound, Problem
from crossing.pages.browser import protect
from crossing.pages.language import page_language


class PageRoute(APIRoute):
    """A route whose problems are rendered as pages."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        handle = super().get_route_handler()

        async def handle_page(request: Request) -> Response:
            try:
                response: Response = await handle(request)
            except Problem as problem:
                return show_problem(request, problem)
            except RequestValidationError:  # an address that no page has
                return show_problem(request, NotFound())
            except HTTPException as error:  # a form that cannot be read
                return show_problem(request, InvalidRequest(headers=error.headers))
            return protect(response)

        return handle_page


def show_problem(request: Request, problem: Problem) -> Response:
    """The page of a problem."""
    context = {
        "problem": {"detail": "", "errors": [], **problem.document(page_language(request))},
        "must_sign_in": isinstance(problem, NotAuthenticated),
        "back_to": f"{request.scope.get('root_path', '')}/",
    }
    return PAGES.show(request, "problem.html", context, status=problem.status, headers=problem.headers)
