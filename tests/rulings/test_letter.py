"""The letter of a ruling: all that its holder must know, as a page and as a PDF/UA document, in three languages."""

import io
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from joserfc.jwk import KeySet
from pypdf import PdfReader
from tests.rulings.letters import KEY, TOKEN, letter

from crossing.rulings.letter import LETTER_POLICY, LetterContent, LetterReason, letter_html, letter_pdf
from crossing.rulings.token import read_ruling

LANGUAGES = ["en", "fr", "es"]
TITLES = {
    "en": "Advance ruling US-B1-2026-000123",
    "fr": "Décision anticipée US-B1-2026-000123",
    "es": "Resolución anticipada US-B1-2026-000123",
}
#: What section 5 and the legal limit of section 6 of the specification want on its face, and days as letters write them.
ON_ITS_FACE = {
    "en": (
        "No statute seen makes a ruling binding on an officer today",
        "an undertaking of the agencies",
        "It never decides admissibility",
        "Into the United States",
        "From December 1, 2026 to November 30, 2028, both days included",
        "within 90 days, until February 19, 2027",
        "60 days after it is decided",
        "at most 30 days",
        "The rules, from the facts stated",
        "An adjudicator",
        "source not yet verified",
    ),
    "fr": (
        "Aucune loi consultée ne rend aujourd’hui une telle décision obligatoire pour un agent",
        "un engagement des organismes",
        "Elle ne tranche jamais l’admissibilité",
        "Vers les États-Unis",
        "Du 1er décembre 2026 au 30 novembre 2028, ces deux jours compris",
        "dans les 90 jours, jusqu’au 19 février 2027",
        "60 jours après avoir été arrêtée",
        "d’au plus 30 jours",
        "Les règles, d’après les faits déclarés",
        "Un décideur",
        "source à vérifier",
    ),
    "es": (
        "Ninguna ley consultada hace hoy obligatoria una resolución así para un agente",
        "un compromiso de los organismos",
        "Nunca decide la admisibilidad",
        "Hacia los Estados Unidos",
        "Del 1 de diciembre de 2026 al 30 de noviembre de 2028, ambos días incluidos",
        "en 90 días, hasta el 19 de febrero de 2027",
        "60 días después de decidida",
        "30 días como máximo",
        "Las reglas, según los hechos declarados",
        "Una persona resolutora",
        "fuente aún no verificada",
    ),
}
#: What is of this ruling and the same in every language.
OF_THIS_RULING = (
    "US-B1-2026-000123",
    "B-1 after-sales service (B-1)",
    "Zoé Côté",
    "Presses du Saguenay inc.",
    "Whether the installation of a press under warranty is after-sales service.",
    "It is after-sales service.",
    "US-B1-38",
    "The equipment was made outside the United States.",
    "8 CFR 214.2(b)(4)(i)(F)",
    "Equipment made in: Canada.",
    "US-B1-40",
    "The manual is the holder’s own work.",
    "Where the equipment was made",
    "warranty",
    "Was the press made in Canada?",
    "http://crossing.test/advance-rulings/verify",
    "2026.11.21",
)


def plain(text: str) -> str:
    """A text without blanks, soft hyphens and with straight apostrophes: lines end where the paper does."""
    return "".join(text.replace("\u2019", "'").replace("\u00ad", "").split())


def said_in_pdf(content: LetterContent, language: str) -> str:
    reader = PdfReader(io.BytesIO(letter_pdf(content, language)))
    return plain(" ".join(page.extract_text() for page in reader.pages))


class _Page(HTMLParser):
    """The texts of a page and its elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] != [("style", {})]:
            self.texts.append(data)


def said_in_page(content: LetterContent, language: str) -> str:
    return plain(" ".join(_Page(letter_html(content, language)).texts))


FORMS: list[Callable[[LetterContent, str], str]] = [said_in_pdf, said_in_page]


@pytest.mark.parametrize("said", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_both_forms_say_all_of_the_ruling_with_its_limit_on_its_face(
    said: Callable[[LetterContent, str], str], language: str
) -> None:
    text = said(letter(), language)
    for expected in (TITLES[language], *ON_ITS_FACE[language], *OF_THIS_RULING):
        assert plain(expected) in text
    assert "{" not in text


@pytest.mark.parametrize("said", FORMS)
def test_the_limit_stands_before_the_holding(said: Callable[[LetterContent, str], str]) -> None:
    text = said(letter(), "en")
    assert text.index(plain("No statute seen")) < text.index(plain("It is after-sales service."))


@pytest.mark.parametrize("said", FORMS)
def test_a_later_version_says_that_it_takes_the_place_of_the_one_before(
    said: Callable[[LetterContent, str], str],
) -> None:
    replaces = plain("2, which takes the place of the one before")
    assert replaces in said(letter(version=2), "en")
    assert replaces not in said(letter(), "en")


@pytest.mark.parametrize("said", FORMS)
def test_the_other_direction_and_a_ruling_without_petitioner_facts_or_questions(
    said: Callable[[LetterContent, str], str],
) -> None:
    text = said(letter(into="CA", petitioner=None, facts=(), re_attest=()), "fr")
    assert plain("Vers le Canada") in text
    assert plain("Aucun.") in text
    assert plain("Requérant") not in text
    assert plain("Ce qu’on vous demandera de confirmer") not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_document_declares_that_it_is_accessible_and_in_which_language(language: str) -> None:
    """ISO 14289-1, clauses 5 (identification), 7.1 (tagged, title shown), 7.2 (language) and 7.3 (alternate text)."""
    reader = PdfReader(io.BytesIO(letter_pdf(letter(), language)))
    catalog = reader.trailer["/Root"]
    assert str(catalog["/Lang"])[:2] == language
    assert catalog["/MarkInfo"]["/Marked"] == True  # noqa: E712 - pypdf's own boolean object
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalog["/Metadata"].get_object().get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == TITLES[language]
    elements = structure(catalog["/StructTreeRoot"])
    assert {"/H1", "/H2", "/H3", "/L", "/LI", "/Figure"} <= {str(each["/S"]) for each in elements}
    [figure] = [each for each in elements if each["/S"] == "/Figure"]
    assert "US-B1-2026-000123" in figure["/Alt"]
    assert {"en": "QR code", "fr": "Code QR", "es": "Código QR"}[language] in figure["/Alt"]


def structure(node: Any) -> list[Any]:
    """Every element of a structure tree."""
    node = node.get_object()
    if isinstance(node, list):
        return [each for part in node for each in structure(part)]
    if not isinstance(node, dict):
        return []
    below = structure(node["/K"]) if "/K" in node else []
    return [node, *below] if "/S" in node else below


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_printed_code_holds_the_token(language: str) -> None:
    """As a scanner at a port sees the paper: 200 points per inch, shades of grey."""
    pages = pypdfium2.PdfDocument(letter_pdf(letter(), language))
    images = [page.render(scale=200 / 72, grayscale=True).to_pil() for page in pages]
    [code] = [code for image in images for code in zxingcpp.read_barcodes(image)]
    assert code.text == TOKEN
    public = KeySet.import_key_set({"keys": [KEY.as_dict(private=False)]})
    assert read_ruling(code.text, public).number == letter().number


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_letter_is_the_same_bytes(language: str) -> None:
    assert letter_pdf(letter(), language) == letter_pdf(letter(), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_one_file_in_its_language_that_runs_and_loads_nothing(language: str) -> None:
    page = _Page(letter_html(letter(), language))
    assert ("html", {"lang": language}) in page.tags
    names = {name for name, _ in page.tags}
    assert names.isdisjoint({"script", "link", "img", "iframe", "object"})
    assert not [attributes for _, attributes in page.tags if "style" in attributes or "onclick" in attributes]
    levels = [int(name[1]) for name, _ in page.tags if re.fullmatch(r"h[1-6]", name)]
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in zip(levels, levels[1:], strict=False))
    [code] = [attributes for name, attributes in page.tags if name == "svg"]
    assert code["role"] == "img"
    assert LETTER_POLICY.startswith("default-src 'none'; style-src 'sha256-")


@pytest.mark.parametrize("said", FORMS)
def test_what_people_wrote_stays_text(said: Callable[[LetterContent, str], str]) -> None:
    written = "#panic() $x^2$ *bold* {number} %s @label // <b>&amp;"
    reason = LetterReason("US-B1-40", written, written, True, written, "adjudicator")
    content = letter(holder=written, question=written, holding=written, reasons=(reason,), re_attest=(written,))
    assert said(content, "en").count(plain(written)) == 7


def test_what_people_wrote_makes_no_element() -> None:
    written = '<script>alert(1)</script><img src="x">'
    page = _Page(letter_html(letter(holder=written, holding=written), "en"))
    assert {"script", "img"}.isdisjoint(name for name, _ in page.tags)
    assert page.texts.count(written) == 2


def test_a_name_in_any_script_is_printed() -> None:
    """What no font at hand shows is marked as such; a letter that failed would not be given at all."""
    text = said_in_pdf(letter(holder="王伟 Łukasiewicz Ağaoğlu Γιώργος Ильич"), "en")
    assert plain("\N{REPLACEMENT CHARACTER} Łukasiewicz Ağaoğlu Γιώργος Ильич") in text


@pytest.mark.parametrize(("day", "expected"), [("2027-03-01", "1er mars 2027"), ("2027-03-11", "11 mars 2027")])
def test_french_letters_write_the_first_of_a_month_as_such(day: str, expected: str) -> None:
    assert plain(expected) in said_in_pdf(letter(valid_from=day), "fr")
