"""Renders pages: a service's templates over the shared layout, with texts in three languages."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from crossing.packs.files import read_yaml
from crossing.pages.browser import protect
from crossing.pages.language import LANGUAGE_NAMES, page_language
from crossing.pages.style import STYLE_NAME
from crossing.rules.phrases import LANGUAGES

_FOLDER: Final = Path(__file__).parent
Texts = Mapping[str, SimpleNamespace]


def read_texts(file: Path) -> Texts:
    """Texts of a YAML file by language; the file says each text as ``name: {en, fr, es}``."""
    texts: dict[str, dict[str, str]] = read_yaml(file)
    return {
        language: SimpleNamespace(**{name: text[language] for name, text in texts.items()}) for language in LANGUAGES
    }


class Pages:
    """The pages of a service: its templates, its texts, functions that templates call, and the layout around them."""

    def __init__(self, folder: Path, texts: Texts, **functions: Callable[..., str]) -> None:
        self.texts = texts
        self._layout_texts = read_texts(_FOLDER / "texts.yaml")
        self._environment = Environment(
            loader=FileSystemLoader([folder, _FOLDER / "templates"]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals.update(functions)

    def show(
        self,
        request: Request,
        template: str,
        context: Mapping[str, Any],
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """A page in the language of whoever asks, with the headers a browser must hold to."""
        language = page_language(request)
        root: str = request.scope.get("root_path", "")
        page = self._environment.get_template(template).render(
            language=language,
            languages=LANGUAGE_NAMES,
            root=root,
            style=f"{root}/assets/{STYLE_NAME}",
            texts=self.texts[language],
            layout=self._layout_texts[language],
            **{"back_to": request.url.path, "person": None, "wide": False, **context},
        )
        response = HTMLResponse(page, status, {"Content-Language": language, **(headers or {})})
        protect(response)
        return response
