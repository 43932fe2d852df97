"""The eleven checks of a letter: each fires, and each passes."""

from dataclasses import replace
from typing import Any

import pytest
from tests.redress.letters.letters import APPEAL, SAID, context, granted, subject_in

from redress.inquiries.experiences import load_experiences
from redress.letters.compose import compose
from redress.letters.letter import letter_data
from redress.letters.lint import lint

LANGUAGES = ["en", "fr", "es"]


def fired(letter: Any, **changes: Any) -> set[tuple[int, str]]:
    return {(each.check, each.pointer) for each in lint(letter, context(letter.language, **changes))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_letter_passes_every_check(language: str) -> None:
    assert lint(granted(language), context(language)) == []


@pytest.mark.parametrize(
    "decision",
    ["", "We grant it. We also note it.", "We " + "really " * 45 + "grant it."],
)
def test_1_the_decision_is_one_sentence(decision: str) -> None:
    assert (1, "/decision") in fired(granted(decision=decision))


def test_1_a_point_inside_a_citation_ends_no_sentence() -> None:
    assert fired(granted(decision="Under 8 CFR 214.6 and 5 U.S.C. 552a your claim is granted.")) == set()


def test_2_rules_are_named_with_the_day_of_their_effect() -> None:
    rule = SAID["en"]["rules"][0]
    assert fired(granted(rules=[])) == {(2, "/rules")}
    assert fired(granted(rules=[{**rule, "effective_from": "2027-01-01"}])) == {(2, "/rules/0/effective_from")}
    assert fired(granted(rules=[{**rule, "effective_from": ""}])) == {(2, "/rules/0/effective_from")}
    assert fired(granted(rules=[{**rule, "id": "the rule"}])) == {(2, "/rules/0/id")}


def test_3_facts_are_named_with_their_source() -> None:
    fact = SAID["en"]["facts"][0]
    assert fired(granted(facts=[])) == {(3, "/facts")}
    assert fired(granted(facts=[{**fact, "source": " "}])) == {(3, "/facts/0/source")}


@pytest.mark.parametrize(
    "evidence",
    [[], [{"number": 1}], [{"number": 1}, {"number": 2}, {"number": 3}], [{"number": 1}, {"number": 1}, {"number": 2}]],
)
def test_4_every_document_is_named_once(evidence: list[dict[str, int]]) -> None:
    assert fired(granted(evidence=evidence)) == {(4, "/evidence")}


def test_5_what_was_changed_is_named_for_each_system() -> None:
    assert fired(granted(changes=[])) == {(5, "/changes")}
    assert fired(granted(), systems=frozenset({"admission", "advance_rulings"})) == {(5, "/changes")}
    assert fired(granted(changes=[]), systems=frozenset(), grants=False) == set()


def test_6_the_next_remedy_has_a_last_day_still_to_come() -> None:
    without = replace(granted(), next_steps=())
    undated = replace(granted(), next_steps=(replace(APPEAL, last_day=None),))
    over = replace(granted(), next_steps=(replace(APPEAL, last_day="2026-11-21"),))
    assert fired(without) == fired(undated) == fired(over) == {(6, "/next_steps")}


def test_7_the_way_to_the_file_is_named() -> None:
    assert fired(replace(granted(), file_access=())) == {(7, "/file_access")}


def test_8_secrecy_names_its_statute() -> None:
    assert fired(granted(), keeps_secret=True) == {(8, "/secrecy")}
    assert fired(granted(secrecy=["security"]), keeps_secret=True) == {(8, "/secrecy")}
    assert fired(granted(secrecy=["5 U.S.C. 552a(k)(2)"]), keeps_secret=True) == set()


HARD = {
    "en": "Notwithstanding the aforementioned administrative considerations, the documentation substantiating the"
    " identification of the petitioner necessitated supplementary verification procedures by the authorities.",
    "fr": "Nonobstant les considérations administratives susmentionnées, la documentation justifiant l’identification"
    " de la requérante nécessitait des procédures supplémentaires de vérification par les autorités compétentes.",
    "es": "No obstante las consideraciones administrativas anteriormente mencionadas, la documentación justificativa"
    " de la identificación requería procedimientos complementarios de verificación por las autoridades competentes.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_9_a_text_too_hard_to_read_is_sent_back(language: str) -> None:
    hard = granted(language, facts=[{"text": HARD[language], "source": "x"}] * 6)
    assert fired(hard) == {(9, "")}


@pytest.mark.parametrize(
    "text",
    [
        "Officer Vimes did not read the page.",
        "You can write to desk.nine@example.org about it.",
        "Call the desk at (555) 010-7788 or ask again.",
        "It was harriet vane who did not read it.",
        "The notes of test-officer were wrong.",
    ],
)
def test_10_nothing_names_an_officer(text: str) -> None:
    named = granted(facts=[{"text": text, "source": "The file"}])
    assert fired(named) == {(10, "/facts/0/text")}


def test_10_a_badge_may_stand() -> None:
    told = granted(facts=[{"text": "The officer with badge 4412 did not read the page.", "source": "The file"}])
    assert fired(told, officers=frozenset({"4412"})) == set()
    assert fired(granted(badge="H. Vane")) == {(10, "/badge")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_11_the_letter_is_in_the_language_of_the_application(language: str) -> None:
    other = LANGUAGES[LANGUAGES.index(language) - 1]
    borrowed = granted(language, decision=SAID[other]["decision"])
    assert fired(borrowed) == {(11, "/decision")}
    assert (11, "/language") in {(each.check, each.pointer) for each in lint(granted(other), context(language))}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", ["US", "CA"])
@pytest.mark.parametrize("category", [name for name, each in letter_data()["categories"].items() if "standing" in each])
def test_standing_letters_pass_every_check(language: str, country: str, category: str) -> None:
    rules = letter_data()["categories"][category]
    decided = {"category": category, "outcome": rules.get("told_as", "referred"), "body": "IRCC"}
    letter = compose(subject_in(language, country=country), decided, [APPEAL])
    keeps = category in ("no_link_found", "neither_confirm_nor_deny")
    assert fired(letter, systems=frozenset(), grants=False, keeps_secret=keeps) == set()


def test_findings_say_in_each_language_what_to_do() -> None:
    finding = lint(granted(facts=[]), context())[0]
    assert [finding.told(language)["text"].split()[0] for language in LANGUAGES] == ["Name", "Nommez", "Nombre"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(load_experiences().by_code))
def test_a_closing_about_any_experience_passes_every_check(language: str, code: str) -> None:
    said = load_experiences().by_code[code].label[language]
    decided = {"category": "neither_confirm_nor_deny", "outcome": "neither_confirm_nor_deny"}
    letter = compose(subject_in(language, experiences=(said,)), decided, [APPEAL])
    assert fired(letter, systems=frozenset(), grants=False, keeps_secret=True) == set()
