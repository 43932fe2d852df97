"""What no inquiry may say: about the person, the journey, and who acts for pay."""

from datetime import UTC, datetime
from typing import Any

import pytest

from crossing.kit.problems import InvalidRequest
from redress.inquiries.checks import require_own_way, require_sound

AT = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
CONSENT = {"scope": ["status"], "given_on": "2026-11-20", "until": None}


def representative(**changes: Any) -> dict[str, Any]:
    base = {"name": "Zoé Roy", "kind": "lawyer", "paid": False, "licence": None, "email": "zoe@example.org"}
    return {**base, "consent": CONSENT, **changes}


def wrong(content: dict[str, Any], at: datetime = AT) -> list[str]:
    """The pointers at fault."""
    whole = {
        "country": "CA",
        "identity": {"surname": "Côté", "born_on": "1988-04-12"},
        "contact": {"email": "eloise@example.org"},
        **content,
    }
    try:
        require_sound(whole, set(whole), at)
        return []
    except InvalidRequest as problem:
        assert all(set(each.texts) == {"en", "fr", "es"} for each in problem.errors)
        return [each.pointer for each in problem.errors]


@pytest.mark.parametrize("kind", ["lawyer", "quebec_notary", "paralegal", "college_member"])
def test_for_pay_in_canada_only_those_of_section_91_act_and_name_their_licence(kind: str) -> None:
    licence = {"body": "Barreau du Québec", "number": "123456"}
    assert wrong({"representative": representative(kind=kind, paid=True, licence=licence)}) == []
    assert wrong({"representative": representative(kind=kind, paid=True)}) == ["/representative/licence"]


@pytest.mark.parametrize("kind", ["employer", "parent_or_guardian", "trusted_person"])
def test_others_act_in_canada_without_pay(kind: str) -> None:
    assert wrong({"representative": representative(kind=kind, paid=True)}) == ["/representative/paid"]
    assert wrong({"representative": representative(kind=kind)}) == []


def test_an_employer_is_never_paid_for_it() -> None:
    paid = {"representative": representative(kind="employer", paid=True), "country": "US"}
    assert wrong(paid) == ["/representative/paid"]


def test_a_consent_is_of_the_past_and_not_over() -> None:
    consent = {"scope": ["status"], "given_on": "2026-11-23", "until": "2026-11-20"}
    pointers = wrong({"representative": representative(consent=consent)})
    assert pointers == ["/representative/consent/given_on", "/representative/consent/until"]


def test_a_parent_or_guardian_files_for_a_child_and_for_nobody_else() -> None:
    child = {"surname": "Côté", "born_on": "2010-01-01"}
    parent = {"name": "Éloïse Côté", "relation": "parent"}
    assert wrong({"identity": child, "guardian": None}) == ["/guardian"]
    assert wrong({"identity": child, "guardian": parent}) == []
    assert wrong({"guardian": parent}) == ["/guardian"]


def test_days_are_those_of_wherever_the_traveller_is() -> None:
    """At 15:00 in UTC it is the 22nd on Kiritimati; at noon it is still the 20th on Baker Island's side of the line."""
    assert wrong({"journey": {"on": "2026-11-22", "travel_on": "2026-11-21"}}) == []
    assert wrong({"journey": {"on": "2026-11-23", "travel_on": "2026-11-20"}}) == ["/journey/on", "/journey/travel_on"]
    early = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
    assert wrong({"journey": {"travel_on": "2026-11-20"}}, early) == []


@pytest.mark.parametrize("surname", ["---", "’", "․․"])
def test_a_name_has_a_letter_of_some_script(surname: str) -> None:
    assert wrong({"identity": {"surname": surname, "born_on": "1988-04-12"}}) == ["/identity/surname"]


@pytest.mark.parametrize("surname", ["Nguyễn", "Ōta", "王", "Þórðarson", "O", "גולן"])
def test_names_of_every_script_and_length_are_names(surname: str) -> None:
    assert wrong({"identity": {"surname": surname, "born_on": "2000-02-29"}}) == []


def test_whoever_is_represented_from_the_start_has_a_way_of_their_own() -> None:
    content = {"contact": {"email": None}, "representative": representative()}
    with pytest.raises(InvalidRequest) as caught:
        require_own_way(content, "representative")
    assert [each.pointer for each in caught.value.errors] == ["/contact/email"]
    content["contact"] = {"email": "ZOE@example.org"}
    with pytest.raises(InvalidRequest):
        require_own_way(content, "representative")
    content["contact"] = {"email": "eloise@example.org"}
    require_own_way(content, "representative")
    with pytest.raises(InvalidRequest):
        require_own_way({"contact": {"email": "a@example.org"}, "representative": None}, "representative")
