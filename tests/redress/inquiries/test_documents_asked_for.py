"""Only the documents that this complaint needs, of this person (domain/redress.md, 1.3)."""

from datetime import date
from typing import Any

import pytest

from redress.inquiries.experiences import in_scope, load_experiences, missing_documents, routes
from redress.units import load_units

TODAY = date(2026, 11, 21)


def inquiry(*codes: str, born_on: str = "1988-04-12", citizenships: tuple[str, ...] = ("CA",)) -> dict[str, Any]:
    identity = {"surname": "Côté", "born_on": born_on, "citizenships": list(citizenships)}
    return {"country": "US", "experiences": list(codes), "identity": identity}


def groups(content: dict[str, Any], *sent: str) -> list[str]:
    return [each["group"] for each in missing_documents(content, sent, TODAY)]


def test_a_complaint_of_discrimination_or_misuse_needs_no_papers() -> None:
    assert groups(inquiry("EXP-CRCL", "EXP-MISUSE")) == []


def test_a_false_match_needs_one_proof_of_identity_and_nothing_else() -> None:
    assert groups(inquiry("EXP-DENY-BOARD", "EXP-DATA")) == ["identity"]
    assert groups(inquiry("EXP-DENY-BOARD", "EXP-DATA"), "passport") == []


def test_a_departure_never_registered_needs_proof_that_one_left() -> None:
    assert groups(inquiry("EXP-OVERSTAY"), "passport") == ["departure"]
    assert groups(inquiry("EXP-OVERSTAY"), "passport", "boarding_pass") == []


def test_a_citizen_may_show_any_photo_identification_and_others_a_passport() -> None:
    assert groups(inquiry("EXP-NOFLY", citizenships=("CA", "US")), "photo_identification") == []
    assert groups(inquiry("EXP-NOFLY"), "photo_identification") == ["identity"]


@pytest.mark.parametrize(("born_on", "missing"), [("2008-11-22", []), ("2008-11-21", ["identity"])])
def test_for_a_child_a_birth_certificate_is_enough(born_on: str, missing: list[str]) -> None:
    assert groups(inquiry("EXP-BP", born_on=born_on), "birth_certificate") == missing


@pytest.mark.parametrize(("today", "missing"), [(date(2026, 2, 28), []), (date(2026, 3, 1), ["identity"])])
def test_who_was_born_on_29_february_is_a_child_until_the_month_is_over(today: date, missing: list[str]) -> None:
    content = inquiry("EXP-BP", born_on="2008-02-29")
    assert [each["group"] for each in missing_documents(content, ["birth_certificate"], today)] == missing


def test_bags_are_not_for_redress_and_anything_else_is() -> None:
    assert not in_scope(inquiry("EXP-OTHER"))
    assert in_scope(inquiry("EXP-OTHER", "EXP-BP"))


def test_records_are_sought_where_they_are_kept() -> None:
    assert routes(inquiry("EXP-FP", "EXP-RECORD")) == ["obim", "cbp", "uscis", "state"]
    assert routes({**inquiry("EXP-NOFLY"), "country": "CA"}) == ["psc"]


def test_the_data_names_only_what_there_is_in_three_languages() -> None:
    read = load_experiences()
    assert len(read.by_code) == 14
    for each in read.by_code.values():
        assert set(each.label) == {"en", "fr", "es"}
        assert set(each.routed_to) == {"US", "CA"}
        assert {unit for units in each.routed_to.values() for unit in units} <= set(load_units()["units"])
        assert set(each.groups) <= set(read.groups)
    kinds = {kind for group in read.groups.values() for row in group["of_person"] for kind in row["one_of"]}
    assert kinds <= set(read.documents)
    assert {kind for kinds in read.about_documents.values() for kind in kinds} <= set(read.documents)
