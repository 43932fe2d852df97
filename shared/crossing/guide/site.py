"""The guidance as pages by path: written as a static site, or served one by one."""

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from crossing.guide.law_pages import changes_page, class_page, entries, law_of, requirement_page
from crossing.packs.load import COUNTRIES_WITH_PACKS, country_names
from crossing.packs.terms import load_terms
from crossing.pages.language import LANGUAGE_NAMES
from crossing.pages.rendering import read_texts
from crossing.pages.style import STYLE
from crossing.rules.phrases import LANGUAGES

_FOLDER: Final = Path(__file__).parent
_TEXTS: Final = read_texts(_FOLDER / "texts.yaml")
_KEPT_PAGES: Final = 512


class Site:
    """The guidance on the law of one day. Paths are relative to its root, and links between pages are, too."""

    def __init__(self, day: str) -> None:
        self.day = day
        self._environment = Environment(
            loader=FileSystemLoader(_FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages = {path: (template, context) for path, template, context in self._listed()}
        self.page = lru_cache(_KEPT_PAGES)(self._page)

    @property
    def paths(self) -> list[str]:
        """Every path that ``page`` answers."""
        return [*self._pages, "style.css", "search.js", *(f"{language}/search.json" for language in LANGUAGES)]

    def _listed(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        for language in LANGUAGES:
            yield f"{language}/index.html", "index.html", (language,)
            yield f"{language}/terms.html", "terms.html", (language,)
            for country in COUNTRIES_WITH_PACKS:
                law = law_of(country, self.day)
                folder = f"{language}/{country.lower()}"
                yield f"{folder}/changes.html", "changes.html", (language, country)
                for name in law.classes:
                    yield f"{folder}/{name}.html", "class.html", (language, country, name)
                for entry in entries(law, language):
                    yield f"{folder}/{entry['id']}.html", "requirement.html", (language, country, entry["id"])

    def _page(self, path: str) -> tuple[str, bytes]:
        """Media type and body of a path; raises ``KeyError`` for one that is none."""
        if path == "style.css":
            return "text/css", STYLE
        if path == "search.js":
            return "text/javascript", (_FOLDER / "search.js").read_bytes()
        if path.endswith("/search.json") and path.partition("/")[0] in LANGUAGES:
            return "application/json", self._search(path.partition("/")[0])
        template, (language, *names) = self._pages[path]
        told: dict[str, Callable[..., dict[str, Any]]] = {
            "index.html": self._index,
            "terms.html": _terms,
            "changes.html": self._changes,
            "class.html": self._class,
            "requirement.html": self._requirement,
        }
        context = told[template](language, *names)
        depth = path.count("/")
        html = self._environment.get_template(template).render(
            language=language,
            languages=LANGUAGE_NAMES,
            texts=_TEXTS[language],
            root="../" * depth,
            here=path.partition("/")[2],
            day=self.day,
            country=names[0].lower() if names else None,
            **context,
        )
        return "text/html; charset=utf-8", html.encode()

    def _index(self, language: str) -> dict[str, Any]:
        names = country_names()[language]
        countries = []
        for country in COUNTRIES_WITH_PACKS:
            law = law_of(country, self.day)
            classes = [{"id": each.id, "title": each.title[language]} for each in law.classes.values()]
            countries.append(
                {
                    "folder": country.lower(),
                    "name": names[country],
                    "classes": classes,
                    "entries": entries(law, language),
                }
            )
        return {"countries": countries}

    def _class(self, language: str, country: str, name: str) -> dict[str, Any]:
        law = law_of(country, self.day)
        return {"each": class_page(law, law.classes[name], country, language)}

    def _requirement(self, language: str, country: str, name: str) -> dict[str, Any]:
        law = law_of(country, self.day)
        return {"each": requirement_page(law, name, country, language)}

    def _changes(self, language: str, country: str) -> dict[str, Any]:
        pack = law_of(country, self.day).pack
        return {"days": changes_page(pack, language), "name": country_names()[language][country]}

    def _search(self, language: str) -> bytes:
        found = []
        for country in COUNTRIES_WITH_PACKS:
            law = law_of(country, self.day)
            for each in law.classes.values():
                found.append([f"{country.lower()}/{each.id}.html", each.id, each.title[language], each.code])
            for entry in entries(law, language):
                found.append([f"{country.lower()}/{entry['id']}.html", entry["id"], entry["text"], entry["citation"]])
        return json.dumps(found, ensure_ascii=False).encode()


def _terms(_: str) -> dict[str, Any]:
    return {"terms": sorted(load_terms(), key=lambda term: term.en.lower())}


def write_site(folder: Path, day: str) -> int:
    """Write the whole site into a folder; the number of files written."""
    site = Site(day)
    for path in site.paths:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(site.page(path)[1])
    return len(site.paths)
