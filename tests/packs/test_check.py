"""The checker names file, line and cure of every mistake in a pack."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crossing.packs.check import Finding, Inspection, check_law, check_packs, check_release

OnlyFinding = Callable[[Any], str]

LAW, FACTS = "us/zz.yaml", "facts/zz.yaml"  # small files of their own, in the copy of the packs
ONE, TWO = "- id: US-ZZ-01", "- id: US-ZZ-02"


def test_the_packs_are_whole_and_every_requirement_is_decided_both_ways_by_an_example() -> None:
    assert [str(finding) for finding in check_packs().findings] == []


def test_every_requirement_is_counted_with_its_citation_and_its_text_in_three_languages() -> None:
    counts = check_law().counts
    assert counts["requirements"] == counts["verified"] + counts["unverified"]
    for what in ("with citation", "in en", "in fr", "in es"):
        assert counts[what] == counts["requirements"]


def test_a_text_and_a_citation_that_stand_in_versions_are_counted(copy_of_us: Any) -> None:
    counts = check_law(copy_of_us.packs, copy_of_us.facts).counts
    assert "text" not in copy_of_us.lines(LAW)[copy_of_us.find(LAW, TWO, TWO) : copy_of_us.find(LAW, TWO, "versions:")]
    for what in ("with citation", "in en", "in fr", "in es"):
        assert counts[what] == counts["requirements"]


# Names that lead nowhere.


def test_a_fact_that_is_not_in_the_dictionary_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.change(LAW, ONE, "test:", "test: {is: [zz.payed, true]}")
    assert only_finding(copy_of_us) == (
        f"{place}: no fact is called 'zz.payed'; add it to the fact dictionary or correct it"
    )


def test_an_operator_that_does_not_exist_is_named_with_those_that_do(
    copy_of_us: Any, only_finding: OnlyFinding
) -> None:
    place = copy_of_us.change(LAW, ONE, "test:", "test: {equals: [zz.paid, true]}")
    finding = only_finding(copy_of_us)
    assert finding.startswith(f"{place}: no operator is called 'equals'; there are: ref, all_of, any_of, not, is,")


def test_a_value_that_is_no_option_is_named_with_the_options(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    copy_of_us.change(LAW, ONE, "test:", "test:", "  all_of:", "    - is: [engagement.form, slavery]")
    finding = only_finding(copy_of_us)
    assert finding.startswith(copy_of_us.place(LAW, ONE, "- is: [engagement.form, slavery]"))
    assert "'slavery' is no option of engagement.form; there are: " in finding
    assert "employment_by_entity" in finding


def test_an_outcome_that_does_not_exist_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.change(LAW, ONE, "on_fail:", "on_fail: US-OUT-99")
    assert only_finding(copy_of_us) == f"{place}: US-ZZ-01 needs on_fail: the id of an outcome, not 'US-OUT-99'"


def test_a_document_that_does_not_exist_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.change(LAW, ONE, "evidence:", "evidence: [offer_letter, handshake]")
    assert only_finding(copy_of_us) == (
        f"{place}: US-ZZ-01 names the document 'handshake', which the dictionary does not have; add it"
    )


def test_a_provision_that_does_not_exist_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.replace(LAW, "classes:", "provisions:", "US-ZZ-03", "US-ZZ-99")
    assert only_finding(copy_of_us) == f"{place}: no provision is called 'US-ZZ-99'; add it or correct the name"


def test_a_requirement_that_a_tree_asks_for_and_that_is_not_there_is_named(
    copy_of_us: Any, only_finding: OnlyFinding
) -> None:
    copy_of_us.change(LAW, "classes:", "- US-ZZ-01", "- US-ZZ-01", "- US-ZZ-99")
    place = copy_of_us.place(LAW, "classes:", "- US-ZZ-99")
    assert only_finding(copy_of_us) == f"{place}: no requirement is called 'US-ZZ-99'; add it or correct the name"


@pytest.mark.parametrize(
    ("beginning", "old", "new", "message"),
    [
        ("fees:", "zz_fee]", "zz_moon]", "the table has no row 'zz_moon'; add it or correct the name"),
        ("fees:", "zz_fee]", "zz_other_fee]", "the row has no column 'amounts'; add it"),
        ("fees:", "us.zz_fees", "us.moons", "no table is called 'us.moons'; add it or correct the name"),
        ("status_document:", "i94", "moon", "no document is called 'moon'; add it or correct the name"),
        ("earliest:", "zz.stay", "zz.moon", "no dated value is called 'zz.moon'; add it or correct the name"),
        ("earliest:", "visit.ends_on", "zz.paid", "zz.paid is a boolean; expected a date"),
        ("- section:", "us.zz", "us.moon", "no section is called 'us.moon'; add it or correct the name"),
        ("- when:", "zz.is_paid", "zz.moon", "no named test is called 'zz.moon'; add it or correct the name"),
    ],
)
def test_a_grant_or_section_that_leads_nowhere_is_named(
    beginning: str, old: str, new: str, message: str, copy_of_us: Any
) -> None:
    place = copy_of_us.replace(LAW, "classes:", beginning, old, new)
    if "column" in message:
        place = copy_of_us.place(LAW, "- id: zz_other_fee", "- id: zz_other_fee")
    findings = copy_of_us.check()
    assert any(finding.startswith(f"{place}: ") and message in finding for finding in findings)


# What is missing.


def test_a_requirement_without_citation_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    copy_of_us.change(LAW, ONE, "citation:")
    place = copy_of_us.place(LAW, ONE, ONE)
    assert only_finding(copy_of_us) == (
        f"{place}: US-ZZ-01 has no citation; name the section and paragraph it stands on"
    )


@pytest.mark.parametrize("language", ["en", "fr", "es"])
@pytest.mark.parametrize("key", ["text", "cure"])
def test_a_missing_translation_is_named(key: str, language: str, copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.place(LAW, ONE, f"{key}:")
    gone = {
        "text": {"en": "The fee", "fr": "Les frais", "es": "La tarifa"},
        "cure": dict.fromkeys(("en", "fr", "es"), "P"),
    }
    copy_of_us.change(LAW, ONE, f'{language}: "{gone[key][language]}')
    assert only_finding(copy_of_us) == f"{place}: US-ZZ-01: {key} is not there in {language}; write it"


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_a_missing_translation_in_the_dictionary_is_named(
    language: str, copy_of_us: Any, only_finding: OnlyFinding
) -> None:
    place = copy_of_us.place(FACTS, "zz.purposes:", "question:")
    copy_of_us.change(FACTS, "zz.purposes:", f"{language}: ")
    assert only_finding(copy_of_us) == f"{place}: zz.purposes: question is not there in {language}; write it"


def test_a_requirement_without_a_test_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    copy_of_us.change(LAW, ONE, "test:")
    place = copy_of_us.place(LAW, ONE, ONE)
    assert only_finding(copy_of_us).startswith(f"{place}: US-ZZ-01 is no provision and needs a test; write it")


def test_an_unverified_requirement_without_a_note_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.change(LAW, ONE, "verified:", "verified: false")
    assert only_finding(copy_of_us) == (
        f"{place}: US-ZZ-01 is unverified and needs an unverified_note saying what was not seen"
    )


def test_a_requirement_that_stands_in_no_tree_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    copy_of_us.change(LAW, "classes:", "- US-ZZ-01")
    place = copy_of_us.place(LAW, ONE, ONE)
    assert only_finding(copy_of_us) == (f"{place}: US-ZZ-01 stands in no class's tree; place it or make it a provision")


def test_a_bright_line_that_waits_for_a_person_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.change(LAW, ONE, "test:", "test: {judgement: true}")
    finding = only_finding(copy_of_us)
    assert finding.startswith(place)
    assert "US-ZZ-01 is a bright line; make it mixed or judgement" in finding


def test_a_condition_that_waits_for_a_person_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.change(LAW, "classes:", "- when:", "- when: {judgement: true}")
    finding = only_finding(copy_of_us)
    assert finding.startswith(place)
    assert "let a requirement call for judgement" in finding


def test_a_when_in_any_of_and_a_route_in_all_of_are_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.change(LAW, "classes:", "- when:", "- route: {ref: zz.is_paid}")
    finding = only_finding(copy_of_us)
    assert finding.startswith(place)
    assert "`route` does not stand in all_of" in finding


# What stands there twice.


def test_an_id_used_twice_in_a_file_is_named_where_it_stands_again(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.change(LAW, "- id: US-ZZ-03", "- id: US-ZZ-03", ONE)
    assert only_finding(copy_of_us) == f"{place}: the id 'US-ZZ-01' is used twice; keep one of the two"


def test_an_id_used_twice_across_files_is_named_where_it_stands_again(
    copy_of_us: Any, only_finding: OnlyFinding
) -> None:
    place = copy_of_us.change(LAW, "- id: US-ZZ-03", "- id: US-ZZ-03", "- id: US-TN-01")
    assert only_finding(copy_of_us) == f"{place}: the id 'US-TN-01' is used twice; keep one of the two"


def test_a_name_defined_twice_across_files_is_named_where_it_stands_again(
    copy_of_us: Any, only_finding: OnlyFinding
) -> None:
    place = copy_of_us.change(LAW, "sections:", "us.zz:", "us.general:")
    assert only_finding(copy_of_us) == f"{place}: 'us.general' is defined twice; keep one of the two"


def test_a_fact_defined_twice_across_files_is_named_where_it_stands_again(
    copy_of_us: Any, only_finding: OnlyFinding
) -> None:
    place = copy_of_us.change(FACTS, "facts:", "zz.paid:", "traveller.citizenships:")
    assert only_finding(copy_of_us) == f"{place}: 'traveller.citizenships' is defined twice; keep one of the two"


def test_a_key_that_stands_twice_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    copy_of_us.change(LAW, ONE, "verified:", "verified: true", "verified: true")
    number = copy_of_us.find(LAW, ONE, "verified:") + 2
    finding = only_finding(copy_of_us)
    assert finding.startswith(f"{LAW}:{number}: found duplicate key")
    assert finding.endswith("keep one of the two")


def test_a_row_that_stands_twice_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    copy_of_us.change(LAW, "- id: zz_other_fee", "- id: zz_other_fee", "- id: zz_fee")
    finding = only_finding(copy_of_us)
    assert finding.startswith(copy_of_us.place(LAW, "us.zz_fees:", "rows:"))
    assert "the row 'zz_fee' stands there twice; keep one" in finding


# Days.


@pytest.mark.parametrize("first_day", ["2008-10-18", "2008-10-15"])
def test_a_hole_or_an_overlap_in_a_dated_value_is_named(
    first_day: str, copy_of_us: Any, only_finding: OnlyFinding
) -> None:
    place = copy_of_us.place(LAW, "zz.stay:", "dated:")
    copy_of_us.replace(LAW, "zz.stay:", "- {from: 2008-10-16", "from: 2008-10-16", f"from: {first_day}")
    finding = only_finding(copy_of_us)
    assert finding.startswith(f"{place}: zz.stay: there is a hole or an overlap")
    assert f"one entry ends on 2008-10-15, the next begins on {first_day}" in finding
    assert finding.endswith("make the end the day before the beginning")


def test_a_hole_between_amounts_of_a_fee_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.place(LAW, "- id: zz_fee", "amounts:")
    copy_of_us.replace(LAW, "- id: zz_fee", "- {from: 2024-02-26", "from: 2024-02-26", "from: 2024-02-28")
    assert only_finding(copy_of_us).startswith(f"{place}: zz_fee: there is a hole or an overlap")


def test_a_hole_between_dated_citations_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    dated = "citation: [{from: 1994-01-01, until: 2020-06-30, en: NAFTA}, {from: 2020-07-02, en: USMCA}]"
    place = copy_of_us.change(LAW, ONE, "citation:", dated)
    assert only_finding(copy_of_us).startswith(f"{place}: US-ZZ-01: there is a hole or an overlap")


def test_versions_that_are_not_in_the_order_of_their_days_are_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.place(LAW, TWO, "versions:")
    copy_of_us.change(LAW, TWO, "- from: 1994-01-01", "- from: 2010-01-01")
    assert only_finding(copy_of_us) == (f"{place}: US-ZZ-02: the entries are not in the order of their days; sort them")


def test_a_hole_before_the_first_version_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.place(LAW, TWO, "versions:")
    copy_of_us.change(LAW, TWO, "- from: 1994-01-01", "- from: 1995-01-01")
    assert only_finding(copy_of_us) == (
        f"{place}: US-ZZ-02 has a hole before its first version of 1995-01-01; begin that on 1994-01-01"
    )


@pytest.mark.parametrize("day", ["1994-02-30", "tomorrow", "1994-01-01T00:00:00Z"])
def test_a_day_that_no_calendar_has_is_named(day: str, copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.change(LAW, ONE, "in_force:", f"in_force: {{from: {day}}}")
    finding = only_finding(copy_of_us)
    assert finding.startswith(f"{place}: US-ZZ-01: ")
    assert f"from is '{day}'; must be a day" in finding


def test_an_end_before_the_beginning_is_named(copy_of_us: Any, only_finding: OnlyFinding) -> None:
    place = copy_of_us.change(LAW, ONE, "in_force:", "in_force: {from: 2020-01-01, until: 2019-12-31}")
    assert only_finding(copy_of_us) == (
        f"{place}: US-ZZ-01: ends on 2019-12-31, before it begins on 2020-01-01; correct the days"
    )


def test_a_release_found_whole_is_not_checked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSING_CACHE_DIR", str(tmp_path))
    assert check_release().findings == []
    assert len(list(tmp_path.glob("*.whole"))) == 1
    monkeypatch.setattr("crossing.packs.check.check_law", lambda: pytest.fail("it was checked again"))
    assert check_release().findings == []


def test_a_release_with_a_mistake_is_checked_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSING_CACHE_DIR", str(tmp_path))
    faulty = Inspection([Finding("us/general.yaml:1", "a mistake")])
    monkeypatch.setattr("crossing.packs.check.check_law", lambda: faulty)
    assert check_release() is faulty
    assert check_release() is faulty
