"""A reason names the fact and its value in the reader's language, and what is required when it fails."""

from collections.abc import Callable
from typing import Any

import pytest

from crossing.rules import Pack
from crossing.rules.phrases import LANGUAGES, PHRASES, REQUEST_ERRORS

Build = Callable[..., Pack]
Write = Callable[..., dict[str, Any]]
Answer = Callable[..., dict[str, Any]]

AMERICAN = {"is": ["trip.host", "US"]}
YES = {"en": "yes", "fr": "oui", "es": "sí"}
NO = {"en": "no", "fr": "non", "es": "no"}
UNITED_STATES = {"en": "United States", "fr": "États-Unis", "es": "Estados Unidos"}
CANADA = {"en": "Canada", "fr": "Canada", "es": "Canadá"}
FRANCE = {"en": "France", "fr": "France", "es": "Francia"}

in_every_language = pytest.mark.parametrize("language", ["en", "fr", "es"])


@pytest.fixture(scope="module")
def reason_of(build: Build, write_requirement: Write, answer: Answer) -> Callable[..., str]:
    def reason(test: Any, stated: dict[str, Any], language: str, **more: Any) -> str:
        findings = more.pop("findings", {})
        pack = build([write_requirement("R", test)], "R", **more)
        told = answer(pack, stated, language, findings=findings)
        found: str = told["classes"][0]["requirements"][0]["reason"]
        return found

    return reason


@in_every_language
def test_what_is_met_names_the_fact_and_its_value(language: str, reason_of: Callable[..., str]) -> None:
    reason = reason_of(AMERICAN, {"trip.host": "US"}, language)
    assert f"trip.host ({language})" in reason
    assert UNITED_STATES[language] in reason


@in_every_language
def test_what_fails_names_fact_value_and_what_is_required(language: str, reason_of: Callable[..., str]) -> None:
    reason = reason_of(AMERICAN, {"trip.host": "FR"}, language)
    for part in (f"trip.host ({language})", FRANCE[language], UNITED_STATES[language]):
        assert part in reason


@in_every_language
def test_what_is_unknown_names_the_fact_that_was_not_stated(language: str, reason_of: Callable[..., str]) -> None:
    reason = reason_of({"all_of": [AMERICAN, {"is": ["trip.paid", True]}]}, {"trip.paid": True}, language)
    assert f"trip.host ({language})" in reason
    assert "trip.paid" not in reason


@in_every_language
def test_values_are_said_as_people_say_them(language: str, reason_of: Callable[..., str]) -> None:
    either = {"one_of": ["trip.purpose", ["sale", "repair"]]}
    failed = reason_of(either, {"trip.purpose": "rest"}, language)
    for part in (f"Rest ({language})", f"Sale ({language})", f"Repair ({language})"):
        assert part in failed
    paid = reason_of({"is": ["trip.paid", True]}, {"trip.paid": False}, language)
    assert NO[language] in paid
    assert YES[language] in paid


@in_every_language
def test_every_value_of_a_set_is_said(language: str, reason_of: Callable[..., str]) -> None:
    reason = reason_of(
        {"includes": ["traveller.citizenships", "US"]}, {"traveller.citizenships": ["CA", "FR"]}, language
    )
    for name in (CANADA[language], FRANCE[language], UNITED_STATES[language]):
        assert name in reason


@in_every_language
def test_an_empty_set_is_said_to_be_empty(language: str, reason_of: Callable[..., str]) -> None:
    reason = reason_of({"empty": "traveller.skills"}, {"traveller.skills": []}, language)
    assert PHRASES[language]["none"] in reason


def test_a_row_of_a_table_is_said_by_its_text(reason_of: Callable[..., str], write_text: Callable[[str], Any]) -> None:
    facts = {"job.kind": {"type": "code", "table": "jobs"}}
    rows = {"us.jobs": {"rows": [{"id": "engineer", "text": write_text("Engineer")}]}}
    test = {"is": ["job.kind", "lawyer"]}
    assert "Engineer (fr)" in reason_of(test, {"job.kind": "engineer"}, "fr", facts=facts, tables=rows)


@in_every_language
def test_a_comparison_names_the_other_side(language: str, reason_of: Callable[..., str]) -> None:
    in_time = {"on_or_before": ["trip.ends_on", {"add": ["on", "P3Y"]}]}
    reason = reason_of(in_time, {"trip.ends_on": "2030-01-01"}, language)
    assert "2030-01-01" in reason
    assert "2029-11-21" in reason


def test_not_turns_the_requirement_round(reason_of: Callable[..., str]) -> None:
    negated = {"not": {"is": ["trip.host", "US"]}}
    assert reason_of(negated, {"trip.host": "FR"}, "en") == "trip.host (en): France."
    assert reason_of(negated, {"trip.host": "US"}, "en") == (
        "trip.host (en): United States. Required: other than United States."
    )
    only = {"not": {"includes_only": ["traveller.skills", ["weld"]]}}
    assert reason_of(only, {"traveller.skills": ["weld"]}, "en") == (
        "traveller.skills (en): Weld (en). Required: something beyond Weld (en)."
    )


def test_only_what_decides_is_said(reason_of: Callable[..., str]) -> None:
    either = {"any_of": [AMERICAN, {"is": ["trip.paid", True]}]}
    assert "trip.host" not in reason_of(either, {"trip.host": "FR", "trip.paid": True}, "en")
    both = {"all_of": [AMERICAN, {"is": ["trip.paid", True]}]}
    assert "trip.host" not in reason_of(both, {"trip.host": "US", "trip.paid": False}, "en")


@in_every_language
def test_an_entry_is_named_by_its_place_in_the_list(language: str, reason_of: Callable[..., str]) -> None:
    degree = {"some": {"of": "papers", "where": {"is": [".kind", "degree"]}}}
    reason = reason_of(degree, {"papers": [{"kind": "licence"}, {"kind": "degree"}]}, language)
    assert "2" in reason
    assert "1" not in reason
    assert f"papers[].kind ({language}): Degree ({language})" in reason.replace(" :", ":")


def test_a_field_is_never_taken_from_a_fact_of_the_same_name(
    build: Build, write_requirement: Write, answer: Answer
) -> None:
    facts = {"kind": {"type": "boolean"}, "papers": {"type": "list"}, "papers[].kind": {"type": "boolean"}}
    test = {"some": {"of": "papers", "where": {"is": [".kind", True]}}}
    pack = build([write_requirement("R", test)], "R", facts=facts)
    told = answer(pack, {"kind": True, "papers": [{}]})
    assert told["classes"][0]["missing_facts"] == ["papers[0].kind"]
    assert told["classes"][0]["requirements"][0]["status"] == "unknown"


def test_the_facts_that_were_read_stand_beside_the_reason(
    build: Build, write_requirement: Write, answer: Answer
) -> None:
    test = {"some": {"of": "papers", "where": {"on_or_after": [".until", "trip.ends_on"]}}}
    facts = {"papers": [{"until": "2027-01-01"}], "trip.ends_on": "2026-12-01", "trip.paid": True}
    told = answer(build([write_requirement("R", test)], "R"), facts)
    assert told["classes"][0]["requirements"][0]["facts"] == {
        "papers": [{"until": "2027-01-01"}],
        "trip.ends_on": "2026-12-01",
    }


@in_every_language
def test_a_judgement_says_whether_a_person_has_found(language: str, reason_of: Callable[..., str]) -> None:
    said = {
        finding: reason_of({"judgement": True}, {}, language, findings={"R": finding} if finding else {})
        for finding in ("", "met", "not_met")
    }
    assert said[""] == PHRASES[language]["judgement_open"]
    assert said["met"] == PHRASES[language]["judgement_met"]
    assert said["not_met"] == PHRASES[language]["judgement_not_met"]


@in_every_language
def test_a_recorded_ground_is_named_by_code_and_text(
    language: str, reason_of: Callable[..., str], write_text: Callable[[str], Any]
) -> None:
    facts = {
        "records.grounds": {"type": "set", "of": "code", "table": "grounds"},
        "records.waived": {"type": "set", "of": "code"},
    }
    row = {"id": "9B1", "text": write_text("overstay"), "decided": "bright_line", "waiver": {"possible": True}}
    test = {"no_ground": {"recorded": "records.grounds", "waived": "records.waived", "table": "us.grounds"}}
    law: dict[str, Any] = {"facts": facts, "tables": {"us.grounds": {"rows": [row]}}}
    stands = reason_of(test, {"records.grounds": ["9B1"], "records.waived": []}, language, **law)
    assert f"9B1 (overstay ({language}))" in stands
    waived = reason_of(test, {"records.grounds": ["9B1"], "records.waived": ["9B1"]}, language, **law)
    assert waived == PHRASES[language]["no_grounds"]
    asked = reason_of(test, {"records.grounds": ["9B1"]}, language, **law)
    assert f"records.waived ({language})" in asked


@in_every_language
def test_everything_told_of_a_requirement_is_in_the_language(
    language: str, build: Build, write_requirement: Write, answer: Answer
) -> None:
    citation = {"en": "IRPR 187", "fr": "RIPR 187"}
    told = answer(build([write_requirement("R", AMERICAN, citation=citation)], "R"), {}, language)
    (requirement,) = told["classes"][0]["requirements"]
    assert told["classes"][0]["title"] == f"us.a ({language})"
    assert requirement["text"] == f"R holds ({language})"
    assert requirement["citation"] == ("RIPR 187" if language == "fr" else "IRPR 187")
    assert requirement["evidence"] == [{"id": "paper", "text": f"a paper ({language})"}]
    assert requirement["verified"] is True


def test_every_phrase_and_refusal_stands_in_every_language() -> None:
    assert set(PHRASES) == set(LANGUAGES)
    assert all(phrases.keys() == PHRASES["en"].keys() for phrases in PHRASES.values())
    assert all(set(texts) == set(LANGUAGES) for texts in REQUEST_ERRORS.values())


def test_a_finding_is_told_only_to_those_on_whom_it_was_made(
    build: Build, write_requirement: Write, answer: Answer
) -> None:
    rows = [
        {"id": "crime", "decided": "bright_line", "waiver": {"possible": False}},
        {"id": "illness", "decided": "judgement", "waiver": {"possible": False}},
    ]
    test = {"no_ground": {"recorded": "records.grounds", "waived": "records.waived", "table": "us.grounds"}}
    pack = build([write_requirement("R", test)], "R", tables={"us.grounds": {"rows": rows}})
    recorded = {"records.grounds": ["crime", "illness"], "records.waived": []}
    reasons = [
        answer(pack, recorded, findings=findings)["classes"][0]["requirements"][0]["reason"]
        for findings in ({"R": "not_met"}, {"R": "met"}, {})
    ]
    assert PHRASES["en"]["judgement_not_met"] in reasons[0]
    assert PHRASES["en"]["judgement_not_met"] not in reasons[1]
    assert PHRASES["en"]["judgement_not_met"] not in reasons[2]


def test_a_list_is_told_by_how_many_entries_it_has(reason_of: Callable[..., str]) -> None:
    told = reason_of({"empty": "papers"}, {"papers": [{"kind": "degree"}, {"kind": "licence"}]}, "en")
    assert told == "papers (en): 2. Required: none."
    assert reason_of({"empty": "papers"}, {"papers": []}, "en") == "papers (en): none."
