"""The checker names file, line and cure of every mistake in a pack."""

from collections.abc import Callable
from typing import Any

import pytest

from crossing.packs.check import check_law, check_packs

OnlyFinding = Callable[[Any], str]

TN, B1, FEES = "us/tn.yaml", "us/b1.yaml", "us/fees.yaml"
NINE = "- id: US-TN-09"  # a bright line with a test of one line


def test_the_packs_are_whole_and_every_requirement_is_decided_both_ways_by_an_example() -> None:
    assert [str(finding) for finding in check_packs().findings] == []


def test_every_requirement_is_counted_with_its_citation_and_its_text_in_three_languages() -> None:
    counts = check_law().counts
    assert counts["requirements"] == counts["verified"] + counts["unverified"]
    for what in ("with citation", "in en", "in fr", "in es"):
        assert counts[what] == counts["requirements"]


def test_a_text_that_stands_in_versions_is_counted(copy_of_us: Any) -> None:
    before = check_law(copy_of_us.packs, copy_of_us.facts).counts
    text = [copy_of_us.lines(TN)[copy_of_us.find(TN, "- id: US-TN-23", key)] for key in ("en:", "fr:", "es:")]
    for key in ("text:", "en:", "fr:", "es:"):
        copy_of_us.change(TN, "- id: US-TN-23", key)
    assert all(line not in copy_of_us.lines(TN) for line in text)
    inspection = check_law(copy_of_us.packs, copy_of_us.facts)
    assert inspection.findings == []
    assert inspection.counts == before


# Names that lead nowhere.


def test_a_fact_that_is_not_in_the_dictionary_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.change(TN, NINE, "test:", "test: {is: [engagement.arranged_before, true]}")
    assert only_finding(copy_of_us) == (
        f"{place}: no fact is called 'engagement.arranged_before'; add it to the fact dictionary or correct it"
    )


def test_an_operator_that_does_not_exist_is_named_with_those_that_do(
    copy_of_us: Any, only_finding: OnlyFinding
) -> None:
    place = copy_of_us.change(TN, NINE, "test:", "test: {equals: [engagement.arranged_before_entry, true]}")
    finding = only_finding(copy_of_us)
    assert finding.startswith(f"{place}: no operator is called 'equals'; there are: ref, all_of, any_of, not, is,")


def test_a_value_that_is_no_option_is_named_with_the_options(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    copy_of_us.change(TN, NINE, "test:", "test:", "  all_of:", "    - is: [engagement.form, slavery]")
    finding = only_finding(copy_of_us)
    assert finding.startswith(copy_of_us.place(TN, NINE, "- is: [engagement.form, slavery]"))
    assert "'slavery' is no option of engagement.form; there are: " in finding
    assert "employment_by_entity" in finding


def test_an_outcome_that_does_not_exist_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.change(TN, NINE, "on_fail:", "on_fail: US-OUT-99")
    assert only_finding(copy_of_us) == f"{place}: US-TN-09 needs on_fail: the id of an outcome, not 'US-OUT-99'"


def test_a_document_that_does_not_exist_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.change(TN, NINE, "evidence:", "evidence: [offer_letter, handshake]")
    assert only_finding(copy_of_us) == (
        f"{place}: US-TN-09 names the document 'handshake', which the dictionary does not have; add it"
    )


def test_a_provision_that_does_not_exist_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.replace(TN, "classes:", "provisions:", "US-TN-05", "US-TN-99")
    assert only_finding(copy_of_us) == f"{place}: no provision is called 'US-TN-99'; add it or correct the name"


def test_a_requirement_that_a_tree_asks_for_and_that_is_not_there_is_named(
    copy_of_us: Any, only_finding: OnlyFinding
) -> None:
    place = copy_of_us.change(TN, "classes:", "- US-TN-09", "- US-TN-09", "- US-TN-99")
    line = int(place.rpartition(":")[2]) + 1
    assert only_finding(copy_of_us) == f"{TN}:{line}: no requirement is called 'US-TN-99'; add it or correct the name"


@pytest.mark.parametrize(
    ("beginning", "old", "new", "message"),
    [
        ("fees:", "i94_land", "i94_moon", "the table has no row 'i94_moon'; add it or correct the name"),
        ("fees:", "us.fees", "us.moons", "no table is called 'us.moons'; add it or correct the name"),
        ("status_document:", "i94", "moon", "no document is called 'moon'; add it or correct the name"),
        (
            "earliest:",
            "us.tn.longest_stay",
            "us.moon",
            "no dated value is called 'us.moon'; add it or correct the name",
        ),
        ("earliest:", "engagement.ends_on", "engagement.form", "engagement.form is a code; expected a date"),
        ("- section: us.documents", "us.documents", "us.moon", "no section is called 'us.moon'; add it or correct"),
    ],
)
def test_a_grant_or_section_that_leads_nowhere_is_named(
    beginning: str, old: str, new: str, message: str, copy_of_us: Any, only_finding: OnlyFinding
) -> None:
    place = copy_of_us.replace(TN, "classes:", beginning, old, new)
    finding = only_finding(copy_of_us)
    assert finding.startswith(f"{place}: ")
    assert message in finding


# What is missing.


def test_a_requirement_without_citation_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    copy_of_us.change(TN, NINE, "citation:")
    place = copy_of_us.place(TN, NINE, NINE)
    assert only_finding(copy_of_us) == (
        f"{place}: US-TN-09 has no citation; name the section and paragraph it stands on"
    )


@pytest.mark.parametrize("language", ["en", "fr", "es"])
@pytest.mark.parametrize("key", ["text", "cure"])
def test_a_missing_translation_is_named(key: str, language: str, copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.place(TN, NINE, f"{key}:")
    number = int(place.rpartition(":")[2])
    lines = copy_of_us.lines(TN)
    gone = next(line for line in lines[number:] if line.strip().startswith(f"{language}:"))
    copy_of_us.file(TN).write_text("\n".join([*lines[:number], *(x for x in lines[number:] if x != gone)]), "utf-8")
    assert only_finding(copy_of_us) == f"{place}: US-TN-09: {key} is not there in {language}; write it"


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_a_missing_translation_in_the_dictionary_is_named(
    language: str, copy_of_us: Any, only_finding: OnlyFinding
) -> None:
    name, fact = "facts/core.yaml", "traveller.citizenships:"
    place = copy_of_us.place(name, fact, "question:")
    copy_of_us.change(name, fact, "question:", "question:", "  other: {}")
    number = copy_of_us.find(name, "other: {}", f"{language}:")
    lines = [line for line in copy_of_us.lines(name) if line.strip() != "other: {}"]
    del lines[number - 1]
    copy_of_us.file(name).write_text("\n".join(lines), encoding="utf-8")
    assert only_finding(copy_of_us) == (
        f"{place}: traveller.citizenships: question is not there in {language}; write it"
    )


def test_a_requirement_without_a_test_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    copy_of_us.change(TN, NINE, "test:")
    place = copy_of_us.place(TN, NINE, NINE)
    assert only_finding(copy_of_us).startswith(f"{place}: US-TN-09 is no provision and needs a test; write it")


def test_an_unverified_requirement_without_a_note_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.change(TN, NINE, "verified:", "verified: false")
    assert only_finding(copy_of_us) == (
        f"{place}: US-TN-09 is unverified and needs an unverified_note saying what was not seen"
    )


def test_a_requirement_that_stands_in_no_tree_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    copy_of_us.change(TN, "classes:", "- US-TN-09")
    place = copy_of_us.place(TN, NINE, NINE)
    assert only_finding(copy_of_us) == (f"{place}: US-TN-09 stands in no class's tree; place it or make it a provision")


def test_a_bright_line_that_waits_for_a_person_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.change(TN, NINE, "test:", "test: {judgement: true}")
    finding = only_finding(copy_of_us)
    assert finding.startswith(place)
    assert "US-TN-09 is a bright line; make it mixed or judgement" in finding


def test_a_condition_that_waits_for_a_person_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.change(TN, "classes:", "- when: {ref: tn.listed}", "- when: {judgement: true}")
    finding = only_finding(copy_of_us)
    assert finding.startswith(place)
    assert "let a requirement call for judgement" in finding


def test_a_when_in_any_of_and_a_route_in_all_of_are_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.change(TN, "classes:", "- when: {ref: tn.listed}", "- route: {ref: tn.listed}")
    finding = only_finding(copy_of_us)
    assert finding.startswith(place)
    assert "`route` does not stand in all_of" in finding


# What stands there twice.


def test_an_id_used_twice_in_a_file_is_named_where_it_stands_again(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.change(TN, "- id: US-TN-10", "- id: US-TN-10", NINE)
    assert only_finding(copy_of_us) == f"{place}: the id 'US-TN-09' is used twice; keep one of the two"


def test_an_id_used_twice_across_files_is_named_where_it_stands_again(
    copy_of_us: Any, only_finding: OnlyFinding
) -> None:
    copy_of_us.change(B1, "- id: US-B1-01", "- id: US-B1-01", NINE)
    place = copy_of_us.place(TN, NINE, NINE)
    assert only_finding(copy_of_us) == f"{place}: the id 'US-TN-09' is used twice; keep one of the two"


def test_a_name_defined_twice_across_files_is_named_where_it_stands_again(
    copy_of_us: Any, only_finding: OnlyFinding
) -> None:
    copy_of_us.change(B1, "tests:", "tests:", "tests:", "  tn.listed: {all_of: []}")
    place = copy_of_us.place(TN, "tests:", "tn.listed:")
    assert only_finding(copy_of_us) == f"{place}: 'tn.listed' is defined twice; keep one of the two"


def test_a_fact_defined_twice_across_files_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    definition = "  traveller.citizenships: {type: boolean, label: &l {en: a, fr: a, es: a}, question: *l}"
    copy_of_us.change("facts/us_tn.yaml", "facts:", "facts:", "facts:", definition)
    place = copy_of_us.place("facts/us_tn.yaml", "facts:", "traveller.citizenships:")
    assert only_finding(copy_of_us) == f"{place}: 'traveller.citizenships' is defined twice; keep one of the two"


def test_a_key_that_stands_twice_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    copy_of_us.change(TN, NINE, "verified:", "verified: true", "verified: true")
    number = copy_of_us.find(TN, NINE, "verified:") + 2
    finding = only_finding(copy_of_us)
    assert finding.startswith(f"{TN}:{number}: found duplicate key")
    assert finding.endswith("keep one of the two")


def test_a_row_that_stands_twice_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    copy_of_us.change(FEES, "- id: i94_land", "- id: i94_land", "- id: tn_application")
    finding = only_finding(copy_of_us)
    assert finding.startswith(copy_of_us.place(FEES, "us.fees:", "rows:"))
    assert "the row 'tn_application' stands there twice; keep one" in finding


# Days.


@pytest.mark.parametrize("first_day", ["2008-10-18", "2008-10-15"])
def test_a_hole_or_an_overlap_in_a_dated_value_is_named(
    first_day: str, copy_of_us: Any, only_finding: OnlyFinding
) -> None:
    place = copy_of_us.place(TN, "us.tn.longest_stay:", "dated:")
    copy_of_us.replace(TN, "us.tn.longest_stay:", "- {from: 2008-10-16", "from: 2008-10-16", f"from: {first_day}")
    finding = only_finding(copy_of_us)
    assert finding.startswith(f"{place}: us.tn.longest_stay: there is a hole or an overlap")
    assert f"one entry ends on 2008-10-15, the next begins on {first_day}" in finding
    assert finding.endswith("make the end the day before the beginning")


def test_a_hole_between_amounts_of_a_fee_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    row = "- id: premium_processing"
    place = copy_of_us.place(FEES, row, "amounts:")
    copy_of_us.replace(FEES, row, "- {from: 2024-02-26", "from: 2024-02-26", "from: 2024-02-28")
    assert only_finding(copy_of_us).startswith(f"{place}: premium_processing: there is a hole or an overlap")


def test_versions_that_are_not_in_the_order_of_their_days_are_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.place(TN, "- id: US-TN-02", "versions:")
    copy_of_us.change(TN, "- id: US-TN-02", "- from: 1994-01-01", "- from: 2010-01-01")
    assert only_finding(copy_of_us) == (f"{place}: US-TN-02: the entries are not in the order of their days; sort them")


def test_a_hole_before_the_first_version_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.place(TN, "- id: US-TN-02", "versions:")
    copy_of_us.change(TN, "- id: US-TN-02", "- from: 1994-01-01", "- from: 1995-01-01")
    assert only_finding(copy_of_us) == (
        f"{place}: US-TN-02 has a hole before its first version of 1995-01-01; begin that on 1994-01-01"
    )


@pytest.mark.parametrize("day", ["1994-02-30", "1994", "tomorrow", "1994-01-01T00:00:00Z"])
def test_a_day_that_no_calendar_has_is_named(day: str, copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.change(TN, NINE, "in_force:", f"in_force: {{from: {day}}}")
    finding = only_finding(copy_of_us)
    assert finding.startswith(f"{place}: US-TN-09: ")
    assert "a day" in finding or "string" in finding


def test_an_end_before_the_beginning_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.change(TN, NINE, "in_force:", "in_force: {from: 2020-01-01, until: 2019-12-31}")
    assert only_finding(copy_of_us) == (
        f"{place}: US-TN-09: ends on 2019-12-31, before it begins on 2020-01-01; correct the days"
    )


# Examples.


def test_a_requirement_that_no_example_decides_is_named(copy_of_us: Any) -> None:
    for example in copy_of_us.packs.glob("us/*.examples.yaml"):
        example.write_text("examples: []\n", encoding="utf-8")
    findings = [str(finding) for finding in check_packs(copy_of_us.packs, copy_of_us.facts).findings]
    place = copy_of_us.place(TN, NINE, NINE)
    assert f"{place}: US-TN-09 is never met nor not_met in an example; add one that is" in findings


def test_a_worked_example_with_an_unknown_key_is_named(copy_of_us: Any) -> None:
    name = "us/tn.examples.yaml"
    place = copy_of_us.change(name, "- id: US-CASE-12", "into:", "into: US", "onn: 2026-11-09")
    line = int(place.rpartition(":")[2]) + 1
    (finding,) = check_packs(copy_of_us.packs, copy_of_us.facts).findings
    assert str(finding) == f"{name}:{line}: US-CASE-12: no key is called 'onn' here; correct its name or remove it"
