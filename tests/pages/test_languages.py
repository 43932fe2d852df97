"""Three languages: the one chosen, else the one the browser asks for."""

import re
import string
from pathlib import Path

import httpx
import pytest
from ruamel.yaml import YAML
from tests.pages.markup import Page
from tests.pages.officers import DESK, answered, opened, page_of, send

import admission.pages
import crossing.embedded
import crossing.pages

pytestmark = pytest.mark.anyio

HEADINGS = {"en": "Officer’s desk", "fr": "Poste de l’agent", "es": "Puesto del agente"}
FILES = [
    Path(str(module.__file__)).parent / "texts.yaml" for module in (admission.pages, crossing.pages, crossing.embedded)
]


@pytest.mark.parametrize("language", HEADINGS)
async def test_the_browser_asks(officer: httpx.AsyncClient, language: str) -> None:
    page = await page_of_language(officer, language)
    assert page.heading == HEADINGS[language]
    assert page.first("html").attributes["lang"] == language


async def page_of_language(officer: httpx.AsyncClient, language: str) -> Page:
    officer.headers["Accept-Language"] = f"{language}-CA, en;q=0.1"
    return await page_of(officer, DESK)


@pytest.mark.parametrize("language", HEADINGS)
async def test_the_switch_is_kept_and_stays_on_the_page(officer: httpx.AsyncClient, language: str) -> None:
    page = await opened(officer)
    form = page.form("/language")
    page = await send(officer, form.action, form.filled({"language": language}))
    assert page.first("html").attributes["lang"] == language
    assert page.heading == "TREMBLAY, ELOISE"
    assert (await page_of(officer, DESK)).heading == HEADINGS[language]


async def test_the_official_terms_are_used(officer: httpx.AsyncClient) -> None:
    officer.headers["Accept-Language"] = "fr-CA"
    page = await answered(officer, await opened(officer))
    for term in ("Contrôle", "Deuxième contrôle".lower(), "Retrait de la demande d’entrée", "Catégorie d’admission"):
        assert term in page.source
    assert "xamen " not in page.source


@pytest.mark.parametrize("language", HEADINGS)
async def test_what_is_wrong_is_said_in_the_language_of_the_page(officer: httpx.AsyncClient, language: str) -> None:
    page = await page_of_language(officer, language)
    form = page.form("/examinations")
    page = await send(officer, form.action, form.filled({"mrz": "P<CAN\nX"}), status=422)
    said = {"en": "cannot be read", "fr": "illisible", "es": "No se puede leer"}
    assert said[language] in page.faults[0]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_every_text_is_there_in_three_languages_with_the_same_places_to_fill(file: Path) -> None:
    for name, text in YAML(typ="safe").load(file.read_text(encoding="utf-8")).items():
        assert set(text) == {"en", "fr", "es"}, name
        assert all(said.strip() for said in text.values()), name
        places = {frozenset(part for _, part, _, _ in string.Formatter().parse(said) if part) for said in text.values()}
        assert len(places) == 1, name


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_no_text_is_idle(file: Path) -> None:
    """Every text is named in a template or in the code, whole or by its beginning."""
    sources = [*file.parent.rglob("*.html"), *file.parent.rglob("*.py"), *FILES[1].parent.rglob("*.html")]
    if file == FILES[1]:  # the layout's texts serve the templates of every service
        sources += [*FILES[0].parent.rglob("*.html"), *FILES[2].parent.rglob("*.html")]
    used = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    begun = re.findall(r'texts\["(\w+_)" ~', used)
    for name in YAML(typ="safe").load(file.read_text(encoding="utf-8")):
        is_named = re.search(rf"\b(texts|layout)\.{re.escape(name)}\b|\"{re.escape(name)}\"", used)
        assert is_named or name.startswith(tuple(begun)), name
