"""A service's API described on one page, made from its OpenAPI description; nothing is loaded from another host."""

from typing import Any, Final

from fastapi import APIRouter, Depends, FastAPI
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from crossing.kit.identity import open_to_anyone

_PAGES: Final = Environment(
    loader=PackageLoader("crossing.kit", "templates"), autoescape=select_autoescape(), undefined=StrictUndefined
)


def docs_router(app: FastAPI) -> APIRouter:
    """``/v1/docs``: every operation with its parameters, bodies and answers."""
    router = APIRouter(dependencies=[Depends(open_to_anyone)], include_in_schema=False)

    @router.get("/v1/docs", response_class=HTMLResponse)
    async def show_docs() -> str:
        """The description, for people."""
        description = app.openapi()
        return _PAGES.get_template("docs.html").render(
            info=description["info"],
            operations=list(_operations(description)),
            schemas=description["components"]["schemas"],
        )

    return router


def _operations(description: dict[str, Any]) -> Any:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield {
                "method": method.upper(),
                "path": path,
                "summary": operation.get("summary", ""),
                "text": operation.get("description", ""),
                "parameters": operation.get("parameters", []),
                "body": _reference(operation.get("requestBody", {})),
                "answers": {code: _reference(answer) for code, answer in operation["responses"].items()},
            }


def _reference(part: dict[str, Any]) -> str:
    for content in part.get("content", {}).values():
        reference = content.get("schema", {}).get("$ref")
        if reference:
            return str(reference).rsplit("/", 1)[-1]
    return ""
