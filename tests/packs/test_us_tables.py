"""Tables of the United States pack: fees on both sides of each change, grounds with their waivers, outcomes at preclearance."""

from typing import Any

import pytest

from crossing.packs import load_pack
from crossing.rules.dates import current, day_before
from crossing.rules.phrases import LANGUAGES


def rows(table: str) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in load_pack("US").content["tables"][table]["rows"]}


@pytest.mark.parametrize(
    ("fee", "first_day", "before", "after"),
    [
        ("i94_land", "2025-09-30", "6.00", "30.00"),
        ("i129_l", "2024-04-01", "460.00", "1385.00"),
        ("i129_l_small", "2024-04-01", "460.00", "695.00"),
        ("i129_tn_e", "2024-04-01", "460.00", "1015.00"),
        ("i129_tn_e_small", "2024-04-01", "460.00", "510.00"),
        ("asylum_programme", "2024-04-01", "0.00", "600.00"),
        ("asylum_programme_small", "2024-04-01", "0.00", "300.00"),
        ("asylum_programme_nonprofit", "2024-04-01", "0.00", "0.00"),
        ("premium_processing", "2024-02-26", "2500.00", "2805.00"),
        ("premium_processing", "2026-03-01", "2805.00", "2965.00"),
        ("visa_integrity", "2025-07-04", "0.00", "250.00"),
        ("i192", "2024-04-01", "585.00", "1100.00"),
        ("i212", "2024-04-01", "930.00", "1175.00"),
        ("tn_application", "2024-04-01", "50.00", "50.00"),
        ("i94_air_sea", "2025-09-30", "0.00", "0.00"),
        ("fraud_l", "2024-04-01", "500.00", "500.00"),
    ],
)
def test_a_fee_changes_on_its_day_and_not_before(fee: str, first_day: str, before: str, after: str) -> None:
    amounts = rows("us.fees")[fee]["amounts"]
    assert current(amounts, day_before(first_day))["amount"] == before
    assert current(amounts, first_day)["amount"] == after


# The statute's own list: INA 212(d)(3)(A) excludes these from the nonimmigrant waiver.
BEYOND_WAIVER = {"3A1-I", "3A2", "3A3", "3C", "3E1", "3E2"}


@pytest.mark.parametrize("code", sorted(rows("us.inadmissibility")))
def test_a_ground_says_who_decides_it_and_what_waives_it(code: str) -> None:
    ground = rows("us.inadmissibility")[code]
    assert set(ground["text"]) == set(LANGUAGES)
    assert ground["citation"]
    assert ground["in_force"]["from"]
    assert ground["decided"] in ("bright_line", "mixed", "judgement", "not_applicable")
    assert ground["lane"] in ("primary", "secondary", "none")
    assert ground["verified"] or ground["unverified_note"]
    waivers = rows("us.waivers")
    assert set(ground["waiver"].get("by", [])) <= set(waivers)
    if "by" in ground["waiver"]:
        assert ground["waiver"]["possible"] is True
        assert {waivers[name]["form"] for name in ground["waiver"]["by"]} == set(ground["waiver"]["form"].split(" / "))


def test_the_nonimmigrant_waiver_reaches_all_but_the_grounds_that_the_statute_excludes() -> None:
    never_raised = {code for code, ground in rows("us.inadmissibility").items() if ground["lane"] == "none"}
    outside_212a = {"214b", "222g"}
    proved_only = {"7A1-I"}
    not_waived = {code for code, ground in rows("us.inadmissibility").items() if not ground["waiver"]["possible"]}
    assert not_waived - never_raised == BEYOND_WAIVER | outside_212a | proved_only


def test_only_two_paragraphs_of_the_statute_support_expedited_removal() -> None:
    may = {code for code, ground in rows("us.inadmissibility").items() if ground.get("expedited_removal")}
    assert may == {"6C1", "6C2", "7A1-I", "7B1-I", "7B1-II"}


def test_every_outcome_has_one_that_takes_its_place_at_preclearance() -> None:
    outcomes = {row["id"]: row for row in load_pack("US").content["outcomes"]}
    assert len(outcomes) == 16
    for row in outcomes.values():
        there = outcomes[row["at_preclearance"]]
        assert there["at_preclearance"] == there["id"]
    refused = {row["at_preclearance"] for row in outcomes.values() if row["action"] == "refuse"}
    assert refused == {"US-OUT-06", "US-OUT-07", "US-OUT-15"}
