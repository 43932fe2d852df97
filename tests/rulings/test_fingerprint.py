"""Section 7 of the specification, row by row: which change ends the binding effect of a ruling, and which does not."""

import unicodedata
from typing import Any

import pytest

from crossing.packs.load import load_dictionary
from crossing.rulings.fingerprint import LAW, Comparison, bounds, compare, fact_hashes, fingerprint, material_facts
from crossing.rulings.procedure import load_procedure
from crossing.rulings.token import RulingClaims

DEFINITIONS = load_dictionary()["facts"]
PROCEDURE = load_procedure()
SALT = "c2FsdA"
ON = "2027-02-28"
HEAD = {"version": "2026.11.21"}

RULED: dict[str, Any] = {
    "traveller.citizenships": ["CA"],
    "employer.registration_id": "CA-BN-100",
    "host.registration_id": "US-EIN-200",
    "engagement.ends_on": "2028-06-30",
    "engagement.with_entity_in": "US",
    "engagement.jurisdictions": ["US-MI", "US-OH"],
    "position.profession": "engineer",
    "position.regulated_in_province": True,
    "ownership.share_percent": 10,
    "enterprise.treaty_owned_percent": 60,
    "remuneration.paid_from": "CA",
    "remuneration.yearly_amount": 100_000,
    "business.profits_accrue_in": "CA",
    "credentials": [{"kind": "degree", "level": "baccalaureate", "name": "civil engineering"}, {"kind": "licence"}],
    "tasks": [
        {"kind": "install", "hands_on": True, "construction_trade": False},
        {"kind": "train", "hands_on": False, "construction_trade": False},
    ],
    "visit.activities": ["after_sales_service", "training"],
    "visit.ends_on": "2027-03-10",
    "service_contract.reference": "2026-117",
    "service_contract.kind": "warranty",
    "service_contract.ends_on": "2028-02-29",
    "service_contract.is_extension": False,
    "labour_dispute.certified": False,
    "arrival.mode": "land",
}


def ruling(facts: dict[str, Any] = RULED, **changes: Any) -> RulingClaims:
    claims: dict[str, Any] = {
        "number": "US-TN-2026-17",
        "version": 1,
        "index": 3,
        "salt": SALT,
        "document": "",
        "person": "",
        "into": "US",
        "class_id": "us.tn",
        "valid_from": "2026-11-21",
        "valid_until": "2028-02-29",
        "pack_version": "2026.11.21",
        "pack_digest": "sha256:0",
        "settled": ("US-TN-03",),
        "facts": fact_hashes(facts, DEFINITIONS, SALT),
        "bounds": bounds(facts, DEFINITIONS, PROCEDURE),
    }
    return RulingClaims(**claims | changes)


def compared(facts: dict[str, Any], claims: RulingClaims | None = None, on: str = ON, **more: Any) -> Comparison:
    head = more.pop("head", HEAD)
    return compare(claims or ruling(), facts, on, definitions=DEFINITIONS, procedure=PROCEDURE, pack_head=head, **more)


INSTALLS, TRAINS = RULED["tasks"]
DEGREE, LICENCE = RULED["credentials"]
#: A fact, what the port hears, and what follows: each row of section 7 that is about a fact, on both sides.
TABLE = [
    ("traveller.citizenships", ["US"], "changed"),
    ("traveller.citizenships", ["CA", "MX"], "tolerated"),
    ("traveller.citizenships", [], "changed"),
    ("employer.registration_id", "CA-BN-101", "changed"),
    ("host.registration_id", "US-EIN-201", "changed"),
    ("host.registration_id", "US-EIN-200", "equal"),
    ("enterprise.treaty_owned_percent", 55, "tolerated"),
    ("enterprise.treaty_owned_percent", 50, "tolerated"),
    ("enterprise.treaty_owned_percent", 49.9, "changed"),
    ("ownership.share_percent", 5, "tolerated"),
    ("ownership.share_percent", 11, "changed"),
    ("position.profession", "accountant", "changed"),
    ("visit.activities", ["training", "after_sales_service"], "equal"),
    ("visit.activities", ["training"], "tolerated"),
    ("visit.activities", ["after_sales_service", "meeting"], "changed"),
    ("tasks", [TRAINS, INSTALLS], "equal"),
    ("tasks", [INSTALLS, INSTALLS, TRAINS], "equal"),
    ("tasks", [TRAINS], "tolerated"),
    ("tasks", [INSTALLS, TRAINS, {"kind": "dismantle", "hands_on": True, "construction_trade": False}], "changed"),
    ("tasks", [{**INSTALLS, "hands_on": False}, TRAINS], "tolerated"),
    ("tasks", [INSTALLS, {**TRAINS, "hands_on": True}], "changed"),
    ("tasks", [{**INSTALLS, "construction_trade": True}, TRAINS], "changed"),
    ("engagement.jurisdictions", ["US-MI"], "tolerated"),
    ("engagement.jurisdictions", ["US-MI", "US-NY"], "changed"),
    ("remuneration.paid_from", "US", "changed"),
    ("remuneration.yearly_amount", 120_000, "tolerated"),
    ("remuneration.yearly_amount", 80_000, "tolerated"),
    ("remuneration.yearly_amount", 120_001, "changed"),
    ("remuneration.yearly_amount", 79_999, "changed"),
    ("business.profits_accrue_in", "US", "changed"),
    ("credentials", [LICENCE, DEGREE], "equal"),
    ("credentials", [{**DEGREE, "name": "génie civil"}, LICENCE], "equal"),
    ("credentials", [DEGREE], "changed"),
    ("credentials", [DEGREE, LICENCE, {"kind": "degree", "level": "master"}], "tolerated"),
    ("service_contract.reference", "2026-118", "changed"),
    ("service_contract.kind", "lease", "changed"),
    ("service_contract.ends_on", "2029-02-28", "tolerated"),
    ("service_contract.ends_on", "2028-02-28", "changed"),
    ("service_contract.is_extension", True, "tolerated"),
    ("labour_dispute.certified", True, "changed"),
    ("engagement.ends_on", "2027-12-31", "tolerated"),
    ("engagement.ends_on", "2029-12-31", "tolerated"),
]


@pytest.mark.parametrize(("path", "value", "outcome"), TABLE)
def test_a_change_of_one_fact(path: str, value: Any, outcome: str) -> None:
    found = compared({**RULED, path: value})
    assert found.outcome == outcome
    assert found.changed == ((path,) if outcome == "changed" else ())
    assert found.tolerated == ((path,) if outcome == "tolerated" else ())


def test_everything_as_it_was_is_equal() -> None:
    assert compared(RULED) == Comparison("equal", (), (), ())


@pytest.mark.parametrize(
    "changes",
    [
        {"arrival.mode": "air"},
        {"visit.ends_on": "2027-12-24"},
        {"visit.starts_on": "2027-03-01"},
        {"travel_document.expires_on": "2033-01-01"},
    ],
)
def test_the_days_of_the_visit_and_how_the_traveller_comes_are_never_material(changes: dict[str, Any]) -> None:
    assert compared({**RULED, **changes}).outcome == "equal"


def test_a_new_state_is_tolerated_for_work_that_is_not_regulated() -> None:
    facts = {**RULED, "position.regulated_in_province": False}
    found = compared({**facts, "engagement.jurisdictions": ["US-NY"]}, ruling(facts))
    assert found.outcome == "tolerated"


def test_an_extension_made_after_the_contract_ended_is_none() -> None:
    facts = {**RULED, "service_contract.ends_on": "2030-02-28"}
    assert compared(facts, on="2028-02-29").outcome == "tolerated"
    assert compared(facts, on="2028-03-01").changed == ("service_contract.ends_on",)


@pytest.mark.parametrize(
    ("no_effect", "outcome", "paths"),
    [
        ({}, "changed", (LAW,)),
        ({"2026.11.21": ["us.b1.usmca"]}, "changed", (LAW,)),
        ({"2026.11.21": ["us.tn"]}, "tolerated", (LAW,)),
    ],
)
def test_another_version_of_the_law_binds_only_with_a_note_that_nothing_changed_for_the_class(
    no_effect: dict[str, Any], outcome: str, paths: tuple[str, ...]
) -> None:
    found = compared(RULED, head={"version": "2027.01.01", "no_effect": no_effect})
    assert (found.outcome, found.changed + found.tolerated) == (outcome, paths)


def test_one_change_beyond_what_is_tolerated_outweighs_every_other() -> None:
    found = compared({**RULED, "traveller.citizenships": ["CA", "MX"], "position.profession": "accountant"})
    assert found.outcome == "changed"
    assert found.changed == ("position.profession",)
    assert found.tolerated == ("traveller.citizenships",)


# What the port does not hear.


def test_what_nobody_states_again_counts_as_unchanged_and_is_named() -> None:
    found = compared({"position.profession": "engineer", "arrival.mode": "air"})
    assert found.outcome == "equal"
    assert "tasks" in found.unstated
    assert "position.profession" not in found.unstated


def test_with_nothing_stated_again_the_ruling_cannot_be_verified() -> None:
    assert compared({"arrival.mode": "air"}).outcome == "unverifiable"


def test_the_passport_restates_nothing_but_may_show_a_change() -> None:
    shown = {"traveller.citizenships"}
    found = compared({"traveller.citizenships": ["CA"]}, shown=shown)
    assert found.outcome == "unverifiable"
    assert "traveller.citizenships" not in found.unstated
    assert compared({"traveller.citizenships": ["CA", "MX"]}, shown=shown).outcome == "unverifiable"
    assert compared({"traveller.citizenships": ["US"]}, shown=shown).outcome == "changed"


def test_a_fact_that_the_ruling_does_not_rest_on_is_not_compared() -> None:
    assert compared({**RULED, "equipment.kind": "software"}).outcome == "equal"


# The fingerprint itself.


def test_composed_and_decomposed_accents_are_one_text() -> None:
    decomposed = {"employer.registration_id": unicodedata.normalize("NFD", "Société-Éole")}
    composed = {"employer.registration_id": "Société-Éole"}
    assert fingerprint(decomposed, DEFINITIONS) == fingerprint(composed, DEFINITIONS)
    assert compared(decomposed, ruling(composed)).outcome == "equal"


def test_order_repeats_and_facts_that_are_not_material_leave_the_fingerprint_as_it_is() -> None:
    shuffled = {path: RULED[path] for path in sorted(RULED, reverse=True)}
    shuffled |= {
        "tasks": [TRAINS, INSTALLS, TRAINS],
        "visit.activities": ["training", "after_sales_service"],
        "arrival.mode": "air",
    }
    assert fingerprint(shuffled, DEFINITIONS) == fingerprint(RULED, DEFINITIONS)


def test_an_empty_list_differs_from_one_nobody_stated() -> None:
    assert material_facts({"tasks": []}, DEFINITIONS) == {"tasks": []}
    assert fingerprint({"tasks": []}, DEFINITIONS) != fingerprint({}, DEFINITIONS)


def test_a_list_without_material_fields_is_not_material() -> None:
    assert material_facts({"visas": [{"class": "B1"}]}, DEFINITIONS) == {}


def test_a_salt_hides_that_two_rulings_rest_on_the_same_facts() -> None:
    assert fingerprint(RULED, DEFINITIONS, salt="a") != fingerprint(RULED, DEFINITIONS, salt="b")
    one, other = fact_hashes(RULED, DEFINITIONS, "a"), fact_hashes(RULED, DEFINITIONS, "b")
    assert one.keys() == other.keys()
    assert not set(one.values()) & set(other.values())
    assert {len(each) for each in one.values()} == {8}


def test_only_values_that_may_move_within_limits_stand_in_the_open() -> None:
    shown = bounds(RULED, DEFINITIONS, PROCEDURE)
    assert "position.profession" not in shown
    assert shown["remuneration.yearly_amount"] == 100_000
    assert "engagement.ends_on" not in shown


def test_every_tolerance_is_of_a_material_fact_that_the_dictionary_has() -> None:
    lists = {path for path, each in DEFINITIONS.items() if each["type"] == "list"}
    for path in PROCEDURE.content["tolerated"]:
        assert DEFINITIONS[path].get("material") or path in lists
