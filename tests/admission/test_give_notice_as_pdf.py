"""The notice as a document that assistive technology reads: PDF/UA, tagged, titled, in its language."""

import io
from typing import Any

import httpx
import pytest
from pypdf import PdfReader
from tests.admission.cases import EXAMINATIONS, opened, refuse, technician, took

pytestmark = pytest.mark.anyio

LANGUAGES = ["en", "fr", "es"]
TITLES = {
    "en": ("Notice of refusal", "Record of withdrawal of application"),
    "fr": ("Avis de refus", "Constat de retrait de la demande d’entrée"),
    "es": ("Aviso de denegación", "Constancia de retiro de la solicitud"),
}
# The pack's own words for US-B1-38.
WORDS = {
    "en": ("was made outside the United States", "ordinary B-1"),
    "fr": ("a été fabriqué à l'extérieur", "B-1 ordinaire"),
    "es": ("se fabricó fuera de Estados Unidos", "B-1 ordinaria"),
}


async def document(client: httpx.AsyncClient, examination: dict[str, Any], language: str) -> httpx.Response:
    address = f"{EXAMINATIONS}/{examination['id']}/notice"
    answer = await client.get(address, params={"format": "pdf"}, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return answer


def plain(text: str | PdfReader) -> str:
    """A text, or that of all pages, with straight apostrophes and without blanks: lines end where the paper does."""
    if isinstance(text, PdfReader):
        text = " ".join(page.extract_text() for page in text.pages)
    return "".join(text.replace("\u2019", "'").replace("\u00ad", "").split())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_document_says_what_the_page_says(officer: httpx.AsyncClient, language: str) -> None:
    examination = await took(officer, await opened(officer, technician()), "decision", refuse())
    text = plain(PdfReader(io.BytesIO((await document(officer, examination, language)).content)))
    for expected in (
        TITLES[language][0],
        "US-B1-38",
        "8 CFR 214.2(b)(4)(i)(F)",
        *WORDS[language],
        "Zoé Côté",
        "GA700111",
        "The press was made in the United States.",
        "/redress/",
        examination["id"],
    ):
        assert plain(expected) in text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_document_declares_that_it_is_accessible_and_in_which_language(
    officer: httpx.AsyncClient, language: str
) -> None:
    """ISO 14289-1, clauses 5 (identification), 7.1 (tagged, title shown) and 7.2 (natural language)."""
    examination = await took(officer, await opened(officer, technician()), "decision", refuse())
    reader = PdfReader(io.BytesIO((await document(officer, examination, language)).content))
    catalog = reader.trailer["/Root"]
    assert str(catalog["/Lang"])[:2] == language
    assert catalog["/MarkInfo"]["/Marked"] == True  # noqa: E712 - pypdf's own boolean object
    assert "/StructTreeRoot" in catalog
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalog["/Metadata"].get_object().get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == f"{TITLES[language][0]} {examination['id']}"
    headings = {str(each["/S"]) for each in structure(catalog["/StructTreeRoot"])}
    assert {"/H1", "/H2", "/H3", "/H4"} <= headings


def structure(node: Any) -> list[Any]:
    """Every element of a structure tree."""
    node = node.get_object()
    if isinstance(node, list):
        return [each for part in node for each in structure(part)]
    if not isinstance(node, dict):
        return []
    below = structure(node["/K"]) if "/K" in node else []
    return [node, *below] if "/S" in node else below


async def test_the_same_notice_is_the_same_bytes(officer: httpx.AsyncClient) -> None:
    examination = await took(officer, await opened(officer, technician()), "decision", refuse())
    first, second = [(await document(officer, examination, "fr")).content for _ in range(2)]
    assert first == second


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_withdrawal_has_a_document_of_its_own(officer: httpx.AsyncClient, language: str) -> None:
    gone = await took(officer, await opened(officer, technician()), "withdrawal", {"reason": "Returns with a letter."})
    text = plain(PdfReader(io.BytesIO((await document(officer, gone, language)).content)))
    assert plain(TITLES[language][1]) in text
    assert plain(TITLES[language][0]) not in text
    assert plain("Returns with a letter.") in text


async def test_what_people_wrote_stays_text(officer: httpx.AsyncClient) -> None:
    examination = await opened(officer, technician())
    written = "#panic() $x^2$ *bold* @label // <b>"
    decided = await took(officer, examination, "decision", refuse(reason=written))
    assert plain(written) in plain(PdfReader(io.BytesIO((await document(officer, decided, "en")).content)))


async def test_a_name_in_any_script_is_printed(officer: httpx.AsyncClient) -> None:
    """What no font at hand shows is marked as such; a document that failed would not be given at all."""
    examination = await opened(officer, technician(scan__fields__surname="王伟 Łukasiewicz Ağaoğlu Γιώργος Ильич"))
    decided = await took(officer, examination, "decision", refuse())
    text = plain(PdfReader(io.BytesIO((await document(officer, decided, "en")).content)))
    assert plain("\N{REPLACEMENT CHARACTER} Łukasiewicz Ağaoğlu Γιώργος Ильич") in text
