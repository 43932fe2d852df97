"""Facts about the law that a lawyer could check, read through the engine on both sides of their dates."""

import ast
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from crossing.facts.statement import flat
from crossing.packs.examples import read_examples
from crossing.packs.load import COUNTRIES_WITH_PACKS, PACKS_FOLDER, load_pack
from crossing.rules import determine, tell
from crossing.rules.phrases import LANGUAGES

ROOT = Path(__file__).parents[2]
UNITED_STATES = load_pack("US")
CANADA = load_pack("CA")
ENGINEER: dict[str, Any] = {"traveller": {"citizenships": ["CA"]}, "arrival": {"mode": "land", "from": "CA"}}


def tn_grants(on: str) -> dict[str, Any]:
    """What TN would grant to a Canadian who comes by land on a day."""
    grants: dict[str, Any] = tell(determine(flat(ENGINEER), UNITED_STATES, on, seeking=["us.tn"]), "en")["classes"][0][
        "grants"
    ]
    return grants


def test_appendix_2_has_63_professions_in_four_groups() -> None:
    rows = UNITED_STATES.content["tables"]["us.professions"]["rows"]
    assert Counter(row["group"] for row in rows) == {
        "general": 25,
        "medical_allied": 12,
        "scientist": 23,
        "teacher": 3,
    }


@pytest.mark.parametrize(
    ("on", "until"), [("2008-10-15", "2009-10-15"), ("2008-10-16", "2011-10-16"), ("2028-02-29", "2031-02-28")]
)
def test_tn_is_granted_for_one_year_until_73_fr_61332_and_for_three_from_then(on: str, until: str) -> None:
    assert tn_grants(on)["until"] == until


@pytest.mark.parametrize(("on", "amount"), [("2025-09-29", "6.00"), ("2025-09-30", "30.00"), ("2026-11-21", "30.00")])
def test_the_i94_at_a_land_port_costs_6_dollars_until_29_september_2025_and_30_from_then(on: str, amount: str) -> None:
    fees = {fee["id"]: fee["amount"] for fee in tn_grants(on)["fees"]}
    assert fees == {"tn_application": "50.00", "i94_land": amount}


@pytest.mark.parametrize(("on", "word"), [("2013-02-21", "not_met"), ("2013-02-22", "met")])
def test_after_lease_service_is_covered_from_the_memorandum_of_22_february_2013(on: str, word: str) -> None:
    (case,) = [each for each in read_examples(PACKS_FOLDER / "us") if each.id == "US-CASE-07"]
    answer = tell(determine(flat(case.facts), UNITED_STATES, on, seeking=["us.b1.ordinary"]), "en")
    words = {each["id"]: each["status"] for each in answer["classes"][0]["requirements"]}
    assert words["US-B1-41"] == word


def test_the_made_outside_the_united_states_test_is_of_the_united_states_and_canada_s_general_track_has_none() -> None:
    texts = " ".join(
        str(raw["text"]["en"]) for raw in CANADA.content["requirements"] if raw["id"].startswith("CA-AS-G")
    )
    assert UNITED_STATES.on("2026-11-21").requirement("US-B1-38") is not None
    assert "manufactured" not in texts


@pytest.mark.parametrize("requirement", ["US-B1-01", "US-B1-04", "US-B1-05"])
def test_the_agreement_cited_is_nafta_on_30_june_2020_and_usmca_on_1_july(requirement: str) -> None:
    before = UNITED_STATES.on("2020-06-30").requirement(requirement)
    after = UNITED_STATES.on("2020-07-01").requirement(requirement)
    assert before is not None
    assert after is not None
    assert "NAFTA" in before.citation["en"]
    assert "USMCA" not in before.citation["en"]
    assert "USMCA" in after.citation["en"]
    assert "NAFTA" not in after.citation["en"]


def test_canada_cites_aleana_and_aceum_in_french() -> None:
    before = CANADA.on("2020-06-30").requirement("CA-CBV-04")
    after = CANADA.on("2020-07-01").requirement("CA-CBV-04")
    assert before is not None
    assert after is not None
    assert "ALENA" in before.citation["fr"]
    assert "ACEUM" in after.citation["fr"]


def test_french_citations_of_canadian_acts_have_their_french_names() -> None:
    law = CANADA.on("2026-11-21")
    citations = [each.citation["fr"] for each in law.requirements if each]
    assert [text for text in citations if re.search(r"\bIRP[AR]\b|\bCUSMA\b", text)] == []
    assert any("RIPR 187(3)a)" in text for text in citations)


@pytest.mark.parametrize("country", sorted(COUNTRIES_WITH_PACKS))
def test_every_requirement_says_whether_it_was_verified_and_an_unverified_one_says_what_was_not_seen(
    country: str,
) -> None:
    for raw in load_pack(country).content["requirements"]:
        assert isinstance(raw["verified"], bool)
        assert raw["verified"] or raw["unverified_note"]


@pytest.mark.parametrize("country", sorted(COUNTRIES_WITH_PACKS))
def test_every_class_can_be_determined_on_every_day_on_which_its_law_changes(country: str) -> None:
    pack = load_pack(country)
    for day in pack.days_of_change():
        for name in pack.on(day).classes:
            answer = tell(determine({}, pack, day, seeking=[name]), "en")
            assert answer["outcome"] in ("needs_facts", "needs_judgement", "does_not_qualify")


@pytest.mark.parametrize("country", sorted(COUNTRIES_WITH_PACKS))
def test_nobody_who_states_nothing_is_refused_or_admitted(country: str) -> None:
    answer = tell(determine({}, load_pack(country), "2026-11-21"), "en")
    assert {each["status"] for each in answer["classes"]} == {"needs_facts"}
    assert answer["recommended"]["action"] == "refer"


def test_the_languages_of_each_pack_say_what_is_original_and_what_is_translation() -> None:
    for country in COUNTRIES_WITH_PACKS:
        languages = load_pack(country).content["pack"]["languages"]
        assert set(languages) == set(LANGUAGES)
        assert languages["es"] == "translation"


def _literals_compared(tree: ast.AST) -> list[str]:
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for part in (node.left, *node.comparators):
                for each in ast.walk(part):
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        found.append(each.value)
    return found


def test_no_statute_stands_in_python() -> None:
    """No country, class, requirement or profession is compared with in code: a change of law touches data only."""
    classes = {name for country in COUNTRIES_WITH_PACKS for name in load_pack(country).on("2026-11-21").classes}
    professions = {row["id"] for row in UNITED_STATES.content["tables"]["us.professions"]["rows"]}
    of_the_law = classes | professions | {"US", "CA", "MX", "TN", "B-1"}
    found = []
    for folder in ("services", "shared"):
        for path in (ROOT / folder).rglob("*.py"):
            literals = _literals_compared(ast.parse(path.read_text(encoding="utf-8")))
            named = [text for text in literals if text in of_the_law or re.match(r"(US|CA)-[A-Z0-9]+-\d", text)]
            found += [f"{path.name}: {text}" for text in named]
    assert found == []
