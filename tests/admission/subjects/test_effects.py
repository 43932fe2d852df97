"""What remedies make a port see: what stands, what was replaced, used up or is over."""

import json
from typing import Any

import pytest

from admission.subjects.effects import Effects, effects_of, recurrences, refused_again

NUMBER = "23456789A"
DAY = "2026-11-21"


def row(kind: str, content: dict[str, Any] | None = None, *, number: int = 1, **changes: Any) -> dict[str, Any]:
    """A row of the table of remedies; ``number`` orders them."""
    values = {
        "id": f"remedy-{number}",
        "kind": kind,
        "case_id": "case-1",
        "control_number": NUMBER,
        "match": "document",
        "record_kind": "examination",
        "record_id": "examination-1",
        "record_version": 3,
        "content": json.dumps(content or {}),
        "applied_at": f"2026-11-2{number}T10:00:00.000000Z",
    }
    return values | changes


def effects(*rows: dict[str, Any], used: tuple[str, ...] = (), day: str = DAY) -> Effects:
    return effects_of(rows, used, day)


def test_only_the_entry_and_the_sort_of_match_that_was_mistaken_is_suppressed() -> None:
    made = effects(row("identity_disambiguated", {"match": "name"}, record_kind="lookout", record_id="lookout-1"))
    assert made.suppresses("lookout-1", "name") == {"control_number": NUMBER, "since": "2026-11-21"}
    assert made.suppresses("lookout-1", "document") is None
    assert made.suppresses("lookout-2", "name") is None


@pytest.mark.parametrize(
    ("match", "known"), [("document", True), ("membership", True), ("control_number", True), ("name", False)]
)
def test_a_namesake_is_told_apart(match: str, known: bool) -> None:
    """Whoever the entry is really about has the same name and birth date: their match still fires."""
    mistaken = row("identity_disambiguated", {"match": "name"}, record_kind="lookout", record_id="lookout-1")
    assert bool(effects(mistaken | {"match": match}).suppresses("lookout-1", "name")) == known
    invited = row("examination_invited", {"classes": ["us.tn"], "valid_until": "2027-05-21"})
    assert bool(effects(invited | {"match": match}).invitation) == known


def test_what_is_corrected_in_a_record_is_corrected_whoever_asks() -> None:
    assert effects(row("refusal_annulled", {"reason_code": "RC4"}, match="name")).annulled("examination-1", 3)
    assert effects(row("record_notated", {"text": "I was never there."}, match="name")).told()["notations"]


def test_an_annulment_touches_the_refusal_it_names_and_no_later_decision() -> None:
    made = effects(row("refusal_annulled", {"reason_code": "RC4"}))
    assert made.annulled("examination-1", 3) == {"remedy": "remedy-1", "control_number": NUMBER, "on": "2026-11-21"}
    assert made.annulled("examination-1", 2) == made.annulled("examination-1", 3)
    assert made.annulled("examination-1", 4) is None
    assert made.told()["annulled"][0]["examination"] == "examination-1"


def test_a_later_amendment_of_a_record_takes_the_place_of_the_earlier_one() -> None:
    first = row("admission_amended", {"class": "us.b1", "until": "2027-01-01", "rule_version": "a"})
    later = row("admission_amended", {"class": "us.tn", "until": "2028-06-30", "rule_version": "b"}, number=2)
    (told,) = effects(later, first).told()["amended"]
    assert (told["class"], told["until"], told["remedy"]) == ("us.tn", "2028-06-30", "remedy-2")


def test_an_invitation_holds_to_its_last_day_and_until_it_is_used() -> None:
    invited = row("examination_invited", {"classes": ["us.tn"], "valid_until": "2027-05-21"})
    assert effects(invited, day="2027-05-21").invitation == {
        "remedy": "remedy-1",
        "control_number": NUMBER,
        "on": "2026-11-21",
        "classes": ["us.tn"],
        "valid_until": "2027-05-21",
        "examination": "examination-1",
    }
    assert effects(invited, day="2027-05-22").invitation is None
    spent = effects(invited, used=("remedy-1",))
    assert (spent.invitation, spent.told()["used"]) == (None, ["remedy-1"])


def test_biometrics_are_taken_anew_once() -> None:
    again = row("biometric_reenrolled", {"reason": "Prints of another"}, record_kind=None, record_id=None)
    told = effects(again).told()["biometric_reenrol"]
    assert told["reason"] == "Prints of another"
    assert effects(again, used=("remedy-1",)).told()["biometric_reenrol"] is None


def test_two_cases_leave_two_notations_and_a_case_ordered_again_leaves_one() -> None:
    notes = [
        row("record_notated", {"text": "First."}),
        row("record_notated", {"text": "Second."}, number=2, case_id="case-2"),
        row("record_notated", {"text": "First, said better."}, number=3),
    ]
    assert [each["text"] for each in effects(*notes).told()["notations"]] == ["Second.", "First, said better."]


def test_a_watch_ends_by_its_day_or_by_being_ended() -> None:
    watched = {"recurs_on": [{"kind": "requirement", "id": "US-TN-23", "list": None}], "until": "2028-11-21"}
    of_case = {"record_kind": None, "record_id": None}
    watch = row("watch_set", watched, **of_case)
    assert [each["case"] for each in effects(watch).told()["watch"]] == ["case-1"]
    assert effects(watch, day="2028-11-22").told()["watch"] == []
    assert effects(watch, row("watch_ended", number=2, **of_case)).told()["watch"] == []
    again = row("watch_set", watched, number=3, **of_case)
    assert len(effects(watch, row("watch_ended", number=2, **of_case), again).told()["watch"]) == 1


def test_a_route_is_told_with_its_title_in_three_languages() -> None:
    (route,) = effects(row("route_pointed", {"route": "i192"}, record_kind=None, record_id=None)).told()["routes"]
    assert route["title"]["fr"].startswith("Formulaire I-192")
    assert route["citation"]


def hit(identifier: str, match: str = "name", list: str = "LIST-1", suppressed: Any = None) -> dict[str, Any]:
    return {"id": identifier, "match": match, "list": list, "suppressed": suppressed}


WATCH = {
    "case": "case-1",
    "recurs_on": [
        {"kind": "lookout", "id": "lookout-1", "list": "LIST-1"},
        {"kind": "requirement", "id": "US-TN-23", "list": None},
    ],
}


def test_the_same_entry_or_a_new_one_of_its_list_is_a_repeat_and_a_suppressed_one_is_none() -> None:
    assert recurrences([WATCH], [hit("lookout-1", suppressed={"control_number": NUMBER})]) == []
    assert [each["case"] for each in recurrences([WATCH], [hit("lookout-1", "document")])] == ["case-1"]
    (again,) = recurrences([WATCH], [hit("lookout-9")])
    assert again["cause"] == {"kind": "lookout", "id": "lookout-9", "list": "LIST-1"}
    assert recurrences([WATCH], [hit("lookout-9", "document"), hit("lookout-8", list="LIST-2")]) == []


def test_a_refusal_for_the_same_requirement_is_a_repeat() -> None:
    (again,) = refused_again([WATCH], {"US-TN-23", "US-TN-03"})
    assert again == {"case": "case-1", "cause": {"kind": "requirement", "id": "US-TN-23"}}
    assert refused_again([WATCH], {"US-TN-03"}) == []
