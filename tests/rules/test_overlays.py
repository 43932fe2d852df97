"""An overlay changes the law for those who ask for it, and never the pack it is laid over."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from crossing.rules import Pack, PackError, RequestError, UnknownClass, apply_overlay, determine, reference

Write = Callable[..., dict[str, Any]]
Lay = Callable[..., Pack]

ON = "2026-11-21"
PAID = {"is": ["trip.paid", True]}
INSURED = {"is": ["trip.insured", True]}
LISTED = {"one_of": ["trip.purpose", {"table": "us.purposes"}]}


@pytest.fixture(scope="module")
def base(build: Callable[..., Pack], write_requirement: Write) -> Pack:
    return build(
        [write_requirement("PAID", {"ref": "paid"}), write_requirement("LISTED", LISTED)],
        {"all_of": [{"section": "shared"}, "LISTED"]},
        tests={"paid": PAID},
        values={"stay": {"dated": [{"from": "2000-01-01", "value": "P1Y"}]}},
        sections={"shared": {"all_of": ["PAID"]}},
        tables={"us.purposes": {"rows": [{"id": "sale"}]}},
    )


@pytest.fixture(scope="module")
def overlay() -> Callable[..., dict[str, Any]]:
    def made(**changes: Any) -> dict[str, Any]:
        return {
            "id": "reform-1",
            "kind": "reform",
            "into": "US",
            "in_force": {"from": "2026-01-01", "until": "2026-12-31"},
        } | changes

    return made


@pytest.fixture(scope="module")
def lay(base: Pack, overlay: Callable[..., dict[str, Any]]) -> Lay:
    return lambda **changes: apply_overlay(base, overlay(**changes), ON)


def outcome(pack: Pack, **facts: Any) -> str:
    return determine({f"trip.{name}": value for name, value in facts.items()}, pack, ON).outcome


def test_the_pack_asks_for_payment_and_a_listed_purpose(base: Pack) -> None:
    assert outcome(base, paid=True, purpose="sale") == "qualifies"
    assert outcome(base, paid=False, purpose="sale") == "does_not_qualify"
    assert outcome(base, paid=True, purpose="rest") == "does_not_qualify"


def test_an_added_requirement_is_asked_where_the_overlay_places_it(lay: Lay, write_requirement: Write) -> None:
    added = write_requirement("INSURED", INSURED)
    pack = lay(add={"requirements": [added]}, replace={"sections": {"shared": {"all_of": ["PAID", "INSURED"]}}})
    assert outcome(pack, paid=True, purpose="sale", insured=False) == "does_not_qualify"
    assert outcome(pack, paid=True, purpose="sale", insured=True) == "qualifies"


def test_a_replaced_requirement_is_tested_in_the_stead_of_the_old(lay: Lay, write_requirement: Write) -> None:
    pack = lay(replace={"requirements": [write_requirement("PAID", INSURED)]})
    assert outcome(pack, paid=False, purpose="sale", insured=True) == "qualifies"


def test_a_removed_requirement_is_no_longer_asked(lay: Lay) -> None:
    pack = lay(remove={"requirements": ["PAID"]}, replace={"sections": {"shared": {"all_of": []}}})
    assert outcome(pack, purpose="sale") == "qualifies"


def test_removing_a_requirement_that_a_tree_still_asks_for_is_told(lay: Lay) -> None:
    with pytest.raises(PackError, match="no requirement is called 'PAID'"):
        lay(remove={"requirements": ["PAID"]}).on(ON)


def test_rows_of_a_table_are_added_replaced_and_removed(lay: Lay) -> None:
    added = lay(add={"tables": {"us.purposes": [{"id": "rest"}]}})
    assert outcome(added, paid=True, purpose="rest") == "qualifies"
    assert outcome(added, paid=True, purpose="sale") == "qualifies"
    ended = lay(replace={"tables": {"us.purposes": [{"id": "sale", "in_force": {"from": "2030-01-01"}}]}})
    assert outcome(ended, paid=True, purpose="sale") == "does_not_qualify"
    removed = lay(remove={"tables": {"us.purposes": ["sale"]}})
    assert outcome(removed, paid=True, purpose="sale") == "does_not_qualify"


def test_a_named_test_and_a_dated_value_are_replaced(lay: Lay) -> None:
    pack = lay(
        replace={
            "tests": {"paid": INSURED},
            "values": {"stay": {"dated": [{"from": "2000-01-01", "value": "P3Y"}]}},
        }
    )
    assert outcome(pack, insured=True, purpose="sale") == "qualifies"
    assert pack.content["values"]["stay"]["dated"][0]["value"] == "P3Y"


def test_classes_are_added_replaced_and_removed(lay: Lay, write_class: Write) -> None:
    pilot = lay(add={"classes": [write_class("us.pilot", {"all_of": ["PAID"]})]})
    assert determine({"trip.paid": True}, pilot, ON, seeking=["us.pilot"]).outcome == "qualifies"
    easier = lay(replace={"classes": [write_class("us.a", {"all_of": ["PAID"]})]})
    assert outcome(easier, paid=True) == "qualifies"
    with pytest.raises(UnknownClass):
        determine({}, lay(remove={"classes": ["us.a"]}), ON, seeking=["us.a"])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"replace": {"requirements": [{"id": "MOON"}]}}, "there is no 'MOON' to replace"),
        ({"remove": {"requirements": ["MOON"]}}, "there is no 'MOON' to remove"),
        ({"add": {"requirements": [{"id": "PAID"}]}}, "'PAID' is there already"),
        ({"replace": {"sections": {"moon": {"all_of": []}}}}, "'moon' is missing"),
        ({"remove": {"tests": ["moon"]}}, "there is no 'moon' to remove"),
        ({"add": {"tests": {"paid": INSURED}}}, "'paid' is there already"),
        ({"add": {"tables": {"us.moons": [{"id": "x"}]}}}, "no table of this name"),
        ({"remove": {"tables": {"us.purposes": ["moon"]}}}, "there is no 'moon' to remove"),
        ({"replace": {"tables": {"us.purposes": [{"id": "moon"}]}}}, "there is no 'moon' to replace"),
    ],
)
def test_a_change_to_what_is_not_there_is_refused_naming_overlay_and_cure(
    changes: dict[str, Any], message: str, lay: Lay
) -> None:
    with pytest.raises(PackError) as refusal:
        lay(**changes)
    assert message in refusal.value.message
    assert refusal.value.path[0] == "reform-1"


@pytest.mark.parametrize("on", ["2025-12-31", "2027-01-01"])
def test_an_overlay_is_refused_outside_of_its_days_naming_them(
    on: str, base: Pack, overlay: Callable[..., dict[str, Any]]
) -> None:
    with pytest.raises(RequestError) as refusal:
        apply_overlay(base, overlay(), on)
    assert refusal.value.pointer == "/overlays"
    for text in refusal.value.texts.values():
        assert "2026-01-01" in text
        assert "2026-12-31" in text


@pytest.mark.parametrize("on", ["2026-01-01", "2026-12-31"])
def test_an_overlay_holds_on_its_first_and_last_day(
    on: str, base: Pack, overlay: Callable[..., dict[str, Any]]
) -> None:
    assert apply_overlay(base, overlay(), on).digest == base.digest


def test_an_overlay_of_another_country_is_refused(base: Pack, overlay: Callable[..., dict[str, Any]]) -> None:
    with pytest.raises(RequestError) as refusal:
        apply_overlay(base, overlay(into="CA"), ON)
    assert all("CA" in text for text in refusal.value.texts.values())


def test_the_digest_of_the_law_changes_and_the_pack_stays_as_it_was(
    base: Pack, lay: Lay, write_requirement: Write
) -> None:
    before, digest = deepcopy(base.content), base.digest
    changed = lay(
        replace={"requirements": [write_requirement("PAID", INSURED)]},
        remove={"tables": {"us.purposes": ["sale"]}},
    )
    assert changed.digest != digest
    assert base.content == before
    assert outcome(base, paid=True, purpose="sale") == "qualifies"


def test_a_determination_names_the_overlays_it_was_made_under(
    base: Pack, lay: Lay, overlay: Callable[..., dict[str, Any]], write_requirement: Write
) -> None:
    replacing = {"requirements": [write_requirement("PAID", INSURED)]}
    named = reference(overlay(replace=replacing))
    assert {key: named[key] for key in ("id", "kind")} == {"id": "reform-1", "kind": "reform"}
    under = determine({}, lay(replace=replacing), ON, overlays=[named])
    assert under.compact["overlays"] == [named]
    assert under.digest != determine({}, base, ON).digest
    assert named["digest"] != reference(overlay())["digest"]
