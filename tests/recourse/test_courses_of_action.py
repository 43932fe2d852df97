"""Courses of action: every outcome has some, each with a source, and each last day falls where the law puts it."""

from typing import Any

import pytest

from crossing.packs.load import COUNTRIES_WITH_PACKS, load_pack
from crossing.packs.terms import uses
from crossing.recourse.recourse import (
    Course,
    Standing,
    courses_file,
    courses_of_action,
    outcomes,
    tell_course,
)

TODAY = "2026-11-21"
LANGUAGES = {"en", "fr", "es"}
#: Outcomes that leave nothing to contest: the traveller enters, or nothing was decided.
NOTHING_TO_CONTEST = {"US-OUT-11", "CA-OUT-01", "CA-OUT-11"}


def course(country: str, outcome: str, course_id: str, **told: Any) -> Course:
    """One course about an outcome, told in person in the country unless said otherwise."""
    details = {"told_on": TODAY, "in_person": True, "inside_country": True} | told
    found = {each.id: each for each in courses_of_action(country, outcome, **details)}
    return found[course_id]


@pytest.mark.parametrize("country", COUNTRIES_WITH_PACKS)
def test_every_outcome_has_a_course_unless_there_is_nothing_to_contest(country: str) -> None:
    without = {
        outcome
        for outcome in outcomes(country)
        if not courses_of_action(country, outcome, told_on=TODAY, in_person=True, inside_country=True)
    }
    assert without == {each for each in NOTHING_TO_CONTEST if each.startswith(country)}


@pytest.mark.parametrize("country", COUNTRIES_WITH_PACKS)
def test_the_data_is_whole(country: str) -> None:
    known = {outcome for each in COUNTRIES_WITH_PACKS for outcome in outcomes(each)}
    classes = {each["id"] for each in load_pack(country).content["classes"]}
    ids = set()
    for raw in courses_file(country)["courses"]:
        assert raw["id"] not in ids
        ids.add(raw["id"])
        assert set(raw["outcomes"]) <= known, raw["id"]
        assert set(raw.get("classes", ())) <= classes, raw["id"]
        assert raw["citation"]["en"], raw["id"]
        assert raw["verified"] or raw["unverified_note"], raw["id"]
        texts = [raw["body"], raw["what"], *(clock["text"] for clock in raw.get("clocks", ()))]
        assert all(set(each) == LANGUAGES and all(each.values()) for each in [*texts, raw.get("form", raw["body"])])


@pytest.mark.parametrize("country", COUNTRIES_WITH_PACKS)
def test_the_french_uses_the_official_terms(country: str) -> None:
    found = [
        (where, term.en, term.fr[0]) for where, term, is_official in uses(courses_file(country)) if not is_official
    ]
    assert found == []


@pytest.mark.parametrize(
    ("inside_country", "last_day"), [(True, "2026-12-06"), (False, "2027-01-20")], ids=["15 days", "60 days"]
)
def test_the_federal_court_is_asked_within_15_days_of_a_decision_in_canada_and_60_of_one_outside(
    inside_country: bool, last_day: str
) -> None:
    found = course("CA", "CA-OUT-10", "ca.judicial_review", inside_country=inside_country)
    assert (found.counted_from, found.safe_day, found.last_day) == (TODAY, last_day, last_day)
    assert not found.relies_on_published_practice


def test_days_are_counted_over_29_february() -> None:
    leap = course("CA", "CA-OUT-10", "ca.judicial_review", told_on="2028-02-20")
    common = course("CA", "CA-OUT-10", "ca.judicial_review", told_on="2027-02-20")
    assert (leap.last_day, common.last_day) == ("2028-03-06", "2027-03-07")


def test_nexus_shows_day_30_as_the_safe_one_and_day_90_as_published_practice() -> None:
    in_person = course("CA", "CA-RED-1", "ca.nexus_review")
    assert (in_person.counted_from, in_person.safe_day, in_person.last_day) == (TODAY, "2026-12-21", "2027-02-19")
    assert in_person.relies_on_published_practice
    assert in_person.unverified


def test_a_nexus_notice_by_mail_takes_effect_15_days_after_it_was_sent() -> None:
    mailed = course("CA", "CA-RED-1", "ca.nexus_review", in_person=False)
    assert (mailed.counted_from, mailed.safe_day, mailed.last_day) == ("2026-12-06", "2027-01-05", "2027-03-06")


@pytest.mark.parametrize(
    ("filed_on", "standing"),
    [
        ("2026-12-21", Standing.IN_TIME),
        ("2026-12-22", Standing.RELIES_ON_PUBLISHED_PRACTICE),
        ("2027-02-19", Standing.RELIES_ON_PUBLISHED_PRACTICE),
        ("2027-02-20", Standing.LATE),
    ],
    ids=["day 30", "day 31", "day 90", "day 91"],
)
def test_a_filing_is_flagged_from_day_31_to_day_90(filed_on: str, standing: Standing) -> None:
    assert course("CA", "CA-RED-1", "ca.nexus_review").standing(filed_on) == standing


def test_a_petition_appeal_by_mail_has_33_days_and_only_l_has_one() -> None:
    told = {"told_on": "2026-01-10", "class_id": "us.l1a.individual"}
    assert course("US", "US-OUT-06", "us.petition_appeal", **told).last_day == "2026-02-09"
    assert course("US", "US-OUT-06", "us.petition_appeal", **told, in_person=False).last_day == "2026-02-12"
    with pytest.raises(KeyError):
        course("US", "US-OUT-06", "us.petition_appeal", class_id="us.tn")
    assert course("US", "US-OUT-06", "us.employer_petition", class_id="us.tn").form == {
        "en": "I-129",
        "fr": "I-129",
        "es": "I-129",
    }


def test_a_clock_that_a_later_decision_starts_has_no_day_yet() -> None:
    found = course("CA", "CA-RED-1", "ca.nexus_court")
    assert (found.counted_from, found.safe_day, found.last_day) == (None, None, None)
    assert found.clock
    assert "30" in found.clock["en"]
    assert found.standing("2030-01-01") == Standing.IN_TIME


def test_the_nearest_last_day_comes_first() -> None:
    found = courses_of_action("CA", "CA-OUT-10", told_on=TODAY, in_person=True, inside_country=True)
    assert found[0].id == "ca.judicial_review"


def test_a_commission_that_is_not_in_force_is_not_offered_on_any_day() -> None:
    for day in (TODAY, "2035-01-01"):
        found = courses_of_action("CA", "CA-RED-5", told_on=day, in_person=True, inside_country=True)
        assert [each.id for each in found if each.kind == "complaint"] == ["ca.complaint"]


def test_a_course_is_not_offered_before_the_day_it_came_into_force() -> None:
    with pytest.raises(KeyError):
        course("CA", "CA-OUT-10", "ca.judicial_review", told_on="2002-06-27")
    assert course("CA", "CA-OUT-10", "ca.judicial_review", told_on="2002-06-28").last_day == "2002-07-13"


def test_a_fee_is_the_one_of_the_day() -> None:
    before = course("CA", "CA-OUT-13", "ca.authorization_to_return", told_on="2025-11-30").fee
    after = course("CA", "CA-OUT-13", "ca.authorization_to_return", told_on="2025-12-01").fee
    assert before
    assert after
    assert (before.amount, after.amount, after.currency, after.unverified) == ("479.75", "492.50", "CAD", True)


def test_membership_revoked_by_the_united_states_leads_to_its_bodies() -> None:
    found = courses_of_action("CA", "CA-RED-2", told_on=TODAY, in_person=True, inside_country=True)
    assert {each.id for each in found} == {"us.enrolment_center", "us.ombudsman", "us.trip"}


def test_an_outcome_of_the_other_country_is_unknown() -> None:
    with pytest.raises(KeyError):
        courses_of_action("US", "CA-OUT-10", told_on=TODAY, in_person=True, inside_country=True)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_course_is_told_in_a_language(language: str) -> None:
    told = tell_course(course("CA", "CA-RED-1", "ca.nexus_review"), language)
    assert all(isinstance(told[key], str) and told[key] for key in ("body", "what", "clock", "citation"))
