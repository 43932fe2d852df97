"""The data file of remedies, what each must say, and what a port must see once it is applied."""

from typing import Any

import pytest

from crossing.redress.remedies import load_remedies, remedy_errors, sees
from crossing.rules.dates import parse_duration

NUMBER = "23456789A"
CASE = "01a20203-589b-755d-8f73-8fa02fc3653f"
EXAMINATION = {"kind": "examination", "id": "examination-1", "version": 3}
LOOKOUT = {"kind": "lookout", "id": "lookout-1", "version": 2}
MEMBER = {"kind": "member", "id": "980123456", "version": 4}

#: A right remedy of each kind, and a subject check that shows it.
RIGHT: dict[str, tuple[dict[str, Any] | None, dict[str, Any], dict[str, Any]]] = {
    "identity_disambiguated": (
        LOOKOUT,
        {"match": "name"},
        {"lookouts": [{"id": "lookout-1", "suppressed": {"control_number": NUMBER}}]},
    ),
    "stay_corrected": (
        EXAMINATION,
        {"left_on": "2026-03-01", "proof": "Boarding pass"},
        {"stays": [{"examination": "examination-1", "left_on": "2026-03-01", "overstay": False}]},
    ),
    "admission_amended": (
        EXAMINATION,
        {"class": "us.tn", "until": "2028-06-30", "rule_version": "us-2026.11"},
        {"amended": [{"examination": "examination-1", "class": "us.tn", "until": "2028-06-30"}]},
    ),
    "refusal_annulled": (
        EXAMINATION,
        {"reason_code": "RC4"},
        {"annulled": [{"examination": "examination-1", "control_number": NUMBER}]},
    ),
    "examination_invited": (
        EXAMINATION,
        {"classes": ["us.tn"], "valid_until": "2027-05-21"},
        {"invitation": {"control_number": NUMBER, "valid_until": "2027-05-21"}},
    ),
    "ruling_restored": (
        {"kind": "ruling", "id": "US-TN-2026-000017", "version": 1},
        {},
        {"ruling": {"number": "US-TN-2026-000017", "status": "valid"}},
    ),
    "member_restored": (MEMBER, {}, {"member": {"number": "980123456", "state": "restored"}}),
    "biometric_reenrolled": (None, {"reason": "Prints of another"}, {"biometric_reenrol": {"control_number": NUMBER}}),
    "record_notated": (
        LOOKOUT,
        {"text": "I was never there."},
        {
            "notations": [
                {
                    "record": {"kind": "lookout", "id": "lookout-1"},
                    "text": "I was never there.",
                    "control_number": NUMBER,
                }
            ]
        },
    ),
    "route_pointed": (None, {"route": "i192"}, {"routes": [{"route": "i192", "control_number": NUMBER}]}),
    "watch_set": (
        None,
        {"recurs_on": [{"kind": "requirement", "id": "US-TN-23"}], "until": "2028-11-21"},
        {"watch": [{"case": CASE}]},
    ),
    "watch_ended": (None, {}, {"watch": []}),
}


def remedy(kind: str) -> dict[str, Any]:
    record, content, _ = RIGHT[kind]
    return {
        "id": "remedy-1",
        "kind": kind,
        "case_id": CASE,
        "control_number": NUMBER,
        "record": record,
        "content": content,
    }


def test_every_kind_is_tried_here() -> None:
    assert set(RIGHT) == set(load_remedies()["kinds"])
    assert set(load_remedies()["may_be_ordered"]) == set(RIGHT) - {"watch_set", "watch_ended"}


@pytest.mark.parametrize("kind", RIGHT)
def test_a_right_remedy_is_accepted_and_seen_where_the_check_shows_it(kind: str) -> None:
    record, content, check = RIGHT[kind]
    assert remedy_errors(kind, record, content) == []
    assert sees(remedy(kind), check)


@pytest.mark.parametrize("kind", [kind for kind in RIGHT if kind != "watch_ended"])
def test_a_check_that_shows_nothing_or_another_case_fails_the_probe(kind: str) -> None:
    _, _, check = RIGHT[kind]
    assert not sees(remedy(kind), {})
    (part,) = check
    entry = check[part][0] if isinstance(check[part], list) else check[part]
    emptied = dict.fromkeys(entry)
    assert not sees(remedy(kind), {part: [emptied] if isinstance(check[part], list) else emptied})


def test_an_ended_watch_that_still_shows_fails_the_probe() -> None:
    assert not sees(remedy("watch_ended"), {"watch": [{"case": CASE}]})
    assert sees(remedy("watch_ended"), {"watch": [{"case": "another"}]})


def test_a_remedy_used_up_meanwhile_was_seen() -> None:
    assert sees(remedy("examination_invited"), {"invitation": None, "used": ["remedy-1"]})
    assert not sees(remedy("examination_invited"), {"invitation": None, "used": ["remedy-2"]})


@pytest.mark.parametrize(
    ("kind", "record", "content", "pointers"),
    [
        ("identity_disambiguated", None, {}, ["/record"]),
        ("identity_disambiguated", EXAMINATION, {"match": "face"}, ["/record/kind", "/content/match"]),
        ("biometric_reenrolled", EXAMINATION, {"reason": "x"}, ["/record"]),
        ("stay_corrected", EXAMINATION, {"left_on": "2026-02-30"}, ["/content/left_on", "/content/proof"]),
        (
            "examination_invited",
            EXAMINATION,
            {"classes": [], "valid_until": "soon"},
            ["/content/classes", "/content/valid_until"],
        ),
        ("member_restored", MEMBER, {"endorsements": ["XPT"]}, ["/content/endorsements"]),
        ("route_pointed", None, {"route": "i94"}, ["/content/route"]),
        ("refusal_annulled", EXAMINATION, {"reason_code": "because"}, ["/content/reason_code"]),
    ],
)
def test_what_is_wrong_is_named(kind: str, record: Any, content: dict[str, Any], pointers: list[str]) -> None:
    assert [each.pointer for each in remedy_errors(kind, record, content)] == pointers


def test_every_kind_says_in_three_languages_what_it_changes_and_for_how_long() -> None:
    lives = {"permanent", "as_the_record", "once", "until", "review"}
    for kind, rules in load_remedies()["kinds"].items():
        assert set(rules["changed"]) == {"en", "fr", "es"}, kind
        assert rules["for_life"] in lives, kind
        for period in filter(None, (rules.get("longest"), rules.get("review_after"))):
            assert parse_duration(period) != (0, 0), kind
