"""Letters as page and as document, and closings that tell nothing."""

import re
from dataclasses import replace

import pytest
from tests.redress.letters.letters import APPEAL, granted, subject_in

from redress.letters.compose import compose
from redress.letters.letter import LETTER_POLICY, letter_data, letter_html, letter_pdf
from redress.letters.parts import Letter
from redress.letters.reading import reading_grade

LANGUAGES = ["en", "fr", "es"]


def closing(category: str, language: str, **changes: object) -> Letter:
    outcome = letter_data()["categories"][category]["outcomes"][0]
    secret = {"decision": "Kept in the file.", "secrecy": ["5 U.S.C. 552a(k)(2)"], "badge": "17"}
    decided = {"category": category, "outcome": outcome, "letter": secret, **changes}
    return compose(subject_in(language), decided, [APPEAL])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_all_of_a_letter_and_runs_nothing(language: str) -> None:
    letter = granted(language)
    page = letter_html(letter)
    assert f'<html lang="{language}">' in page
    for text in (letter.control_number, letter.decision, letter.facts[0].text, letter.evidence[1].why, "4412"):
        assert text in page
    assert "<script" not in page
    assert "default-src 'none'" in LETTER_POLICY


def test_the_last_day_is_written_out_and_the_safe_day_beside_it() -> None:
    disputed = replace(APPEAL, last_day="2027-02-20", safe_day="2026-12-22")
    page = letter_html(replace(granted("fr"), next_steps=(disputed,)))
    assert "Dernier jour : 20 février 2027" in page
    assert "22 décembre 2026" in page
    assert "Par prudence" not in letter_html(granted("fr"))


def test_what_a_traveller_wrote_is_text_and_never_markup() -> None:
    page = letter_html(replace(granted(), holder="<b>Ann</b> & Co"))
    assert "<b>Ann" not in page
    assert "&lt;b&gt;Ann&lt;/b&gt; &amp; Co" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_is_pdf_ua_with_its_language_and_always_the_same_bytes(language: str) -> None:
    document = letter_pdf(granted(language))
    assert document.startswith(b"%PDF-")
    assert re.search(rb"pdfuaid:part>1<|pdfuaid:part=\"1\"", document)
    assert f"/Lang({language}".encode() in document
    assert document == letter_pdf(granted(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_neither_confirming_nor_denying_is_told_as_any_closing_without_finding(language: str) -> None:
    plain = closing("no_link_found", language)
    secret = closing("neither_confirm_nor_deny", language, secrecy=["49 U.S.C. 114(r)"])
    assert secret.told() == plain.told()
    assert letter_html(secret) == letter_html(plain)
    assert letter_pdf(secret) == letter_pdf(plain)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_says_something_in_every_language(language: str) -> None:
    texts = letter_data()["texts"][language]
    categories = letter_data()["categories"]
    named = {each.get("standing", name) for name, each in categories.items()}
    assert set(texts["leads"]) == named
    told = {each.get("told_as") or outcome for each in categories.values() for outcome in each["outcomes"] or [""]}
    assert told - {""} <= set(texts["outcomes"])
    assert set(texts) == set(letter_data()["texts"]["en"])


@pytest.mark.parametrize(
    ("language", "text", "lowest", "highest"),
    [
        # One word of one syllable: 0.39 + 11.8 - 15.59.
        ("en", "Go.", -3.41, -3.39),
        # Six words of one syllable: 2.34 + 11.8 - 15.59.
        ("en", "The cat sat on the mat.", -1.46, -1.44),
        # Ease 207 - 4.06 - 73.6 is far above 90: the fifth grade.
        ("fr", "Le chat est là.", 5, 5),
        # Four words, six syllables: 206.84 - 4.08 - 90 is above 90.
        ("es", "El gato come pan.", 5, 5),
    ],
)
def test_grades_follow_the_published_formulas(language: str, text: str, lowest: float, highest: float) -> None:
    assert lowest <= reading_grade(text, language) <= highest


def test_nothing_written_reads_at_no_grade() -> None:
    assert reading_grade("", "en") == 0
    assert reading_grade("123.", "fr") == 0
