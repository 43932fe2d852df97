"""What each operator means: the table that is the specification. Rows are test, facts, word; the day is 2026-11-21."""

from collections.abc import Callable
from typing import Any

import pytest

from crossing.rules import Pack, PackError
from crossing.rules.operators import OPERATORS

StatusOf = Callable[..., str]
Row = tuple[Any, dict[str, Any], str]

MET, NOT_MET, UNKNOWN, JUDGEMENT = "met", "not_met", "unknown", "judgement"

PAID = {"is": ["trip.paid", True]}
INSURED = {"is": ["trip.insured", True]}
VALID_DEGREE = {"all_of": [{"is": [".kind", "degree"]}, {"is": [".valid", True]}]}
GOOD = {"kind": "degree", "valid": True}
BAD = {"kind": "degree", "valid": False}
HALF = {"kind": "degree"}
LICENCE = {"kind": "licence"}
GROUNDS = {"no_ground": {"recorded": "records.grounds", "waived": "records.waived", "table": "us.grounds"}}
OF_PURPOSE = {"row": {"table": "us.purposes", "key": "trip.purpose", "test": "needs"}}

LAW: dict[str, Any] = {
    "tests": {"paid": PAID},
    "values": {
        "stay": {
            "dated": [
                {"from": "2000-01-01", "until": "2008-10-15", "value": "P1Y"},
                {"from": "2008-10-16", "value": "P3Y"},
            ]
        },
        "most_days": {"dated": [{"from": "2000-01-01", "value": 30}]},
    },
    "tables": {
        "us.purposes": {
            "rows": [
                {"id": "sale", "needs": PAID},
                {"id": "repair", "needs": {"judgement": True}},
                {"id": "rest", "needs": PAID, "in_force": {"from": "2027-01-01"}},
            ]
        },
        "us.hosts": {"rows": [{"id": "CA"}, {"id": "FR", "in_force": {"from": "2000-01-01", "until": "2026-11-20"}}]},
        "us.grounds": {
            "rows": [
                {"id": "crime", "decided": "bright_line", "waiver": {"possible": True}},
                {"id": "treason", "decided": "bright_line", "waiver": {"possible": False}},
                {"id": "illness", "decided": "judgement", "waiver": {"possible": True}},
                {"id": "spying", "decided": "mixed", "waiver": {"possible": False}},
                {"id": "for_immigrants", "decided": "not_applicable", "waiver": {"possible": False}},
            ]
        },
    },
}


def number(operator: str, below: str, same: str, above: str) -> list[Row]:
    """Rows of a comparison of numbers with 30: one below it, 30 itself, one above it."""
    test = {operator: ["trip.days", 30]}
    return [
        (test, {"trip.days": 29}, below),
        (test, {"trip.days": 30}, same),
        (test, {"trip.days": 31}, above),
        (test, {}, UNKNOWN),
        ({operator: ["trip.share", 30]}, {"trip.share": 30.5}, above),
        ({operator: ["trip.days", {"value": "most_days"}]}, {"trip.days": 30}, same),
        ({operator: ["trip.days", "trip.days_off"]}, {"trip.days": 29, "trip.days_off": 30}, below),
        ({operator: ["trip.days", "trip.days_off"]}, {"trip.days": 29}, UNKNOWN),
        ({operator: [{"minus": ["trip.days", "trip.days_off"]}, 30]}, {"trip.days": 35, "trip.days_off": 5}, same),
        ({operator: [{"minus": ["trip.days", "trip.days_off"]}, 30]}, {"trip.days_off": 5}, UNKNOWN),
        (
            {operator: [{"days_between": ["trip.starts_on", "trip.ends_on"]}, 30]},
            {"trip.starts_on": "2028-02-28", "trip.ends_on": "2028-03-30"},  # 2028 has a 29 February: 31 days
            above,
        ),
        (
            {operator: [{"days_between": ["trip.starts_on", "trip.ends_on"]}, 30]},
            {"trip.starts_on": "2027-02-28", "trip.ends_on": "2027-03-30"},
            same,
        ),
    ]


def day(operator: str, earlier: str, same: str, later: str) -> list[Row]:
    """Rows of a comparison of days: the day before, the same day, the day after."""
    with_today = {operator: ["trip.ends_on", "on"]}
    leap = {operator: ["trip.ends_on", {"add": ["trip.starts_on", "P3Y"]}]}
    by_value = {operator: ["trip.ends_on", {"add": ["on", {"value": "stay"}]}]}
    return [
        (with_today, {"trip.ends_on": "2026-11-20"}, earlier),
        (with_today, {"trip.ends_on": "2026-11-21"}, same),
        (with_today, {"trip.ends_on": "2026-11-22"}, later),
        (with_today, {}, UNKNOWN),
        ({operator: ["trip.ends_on", {"date": "2027-01-01"}]}, {"trip.ends_on": "2026-12-31"}, earlier),
        # Three years after 29 February 2028 is 28 February 2031, for 2031 has no 29 February.
        (leap, {"trip.starts_on": "2028-02-29", "trip.ends_on": "2031-02-27"}, earlier),
        (leap, {"trip.starts_on": "2028-02-29", "trip.ends_on": "2031-02-28"}, same),
        (leap, {"trip.starts_on": "2028-02-29", "trip.ends_on": "2031-03-01"}, later),
        (leap, {"trip.starts_on": "2025-02-28", "trip.ends_on": "2028-02-28"}, same),
        (leap, {"trip.ends_on": "2031-02-28"}, UNKNOWN),
        (by_value, {"trip.ends_on": "2029-11-21"}, same),
        # A month after 31 January is the last day of February.
        (
            {operator: ["trip.ends_on", {"add": ["trip.starts_on", "P1M"]}]},
            {"trip.starts_on": "2027-01-31", "trip.ends_on": "2027-02-28"},
            same,
        ),
        (
            {operator: ["trip.ends_on", {"add": ["trip.starts_on", "P9D"]}]},
            {"trip.starts_on": "2028-02-25", "trip.ends_on": "2028-03-05"},
            same,
        ),
    ]


SPECIFICATION: dict[str, list[Row]] = {
    "all_of": [
        ({"all_of": [PAID, INSURED]}, {"trip.paid": True, "trip.insured": True}, MET),
        ({"all_of": [PAID, INSURED]}, {"trip.insured": False}, NOT_MET),
        ({"all_of": [PAID, INSURED]}, {"trip.paid": True}, UNKNOWN),
        ({"all_of": [PAID, {"judgement": True}]}, {"trip.paid": True}, JUDGEMENT),
    ],
    "any_of": [
        ({"any_of": [PAID, INSURED]}, {"trip.insured": True}, MET),
        ({"any_of": [PAID, INSURED]}, {"trip.paid": False, "trip.insured": False}, NOT_MET),
        ({"any_of": [PAID, INSURED]}, {"trip.paid": False}, UNKNOWN),
        ({"any_of": [PAID, {"judgement": True}]}, {"trip.paid": False}, JUDGEMENT),
    ],
    "not": [
        ({"not": PAID}, {"trip.paid": False}, MET),
        ({"not": PAID}, {"trip.paid": True}, NOT_MET),
        ({"not": PAID}, {}, UNKNOWN),
        ({"not": {"all_of": [PAID, INSURED]}}, {"trip.paid": False}, MET),
    ],
    "is": [
        (PAID, {"trip.paid": True}, MET),
        (PAID, {"trip.paid": False}, NOT_MET),
        (PAID, {}, UNKNOWN),
        ({"is": ["trip.paid", False]}, {"trip.paid": False}, MET),
        ({"is": ["trip.host", "CA"]}, {"trip.host": "CA"}, MET),
        ({"is": ["trip.host", "CA"]}, {"trip.host": "US"}, NOT_MET),
        ({"is": ["trip.purpose", "sale"]}, {"trip.purpose": "rest"}, NOT_MET),
        ({"is": ["trip.days", 0]}, {"trip.days": 0}, MET),
        ({"is": ["trip.days", 0]}, {}, UNKNOWN),
    ],
    "one_of": [
        ({"one_of": ["trip.purpose", ["sale", "rest"]]}, {"trip.purpose": "rest"}, MET),
        ({"one_of": ["trip.purpose", ["sale", "rest"]]}, {"trip.purpose": "repair"}, NOT_MET),
        ({"one_of": ["trip.purpose", ["sale", "rest"]]}, {}, UNKNOWN),
        ({"one_of": ["trip.purpose", []]}, {"trip.purpose": "rest"}, NOT_MET),
        ({"one_of": ["trip.host", {"table": "us.hosts"}]}, {"trip.host": "CA"}, MET),
        # The row of France was in force until the day before.
        ({"one_of": ["trip.host", {"table": "us.hosts"}]}, {"trip.host": "FR"}, NOT_MET),
        ({"one_of": ["trip.host", {"table": "us.hosts"}]}, {}, UNKNOWN),
    ],
    "includes": [
        ({"includes": ["traveller.citizenships", "CA"]}, {"traveller.citizenships": ["CA", "US"]}, MET),
        ({"includes": ["traveller.citizenships", "CA"]}, {"traveller.citizenships": ["US"]}, NOT_MET),
        ({"includes": ["traveller.citizenships", "CA"]}, {"traveller.citizenships": []}, NOT_MET),
        ({"includes": ["traveller.citizenships", "CA"]}, {}, UNKNOWN),
    ],
    "includes_any": [
        ({"includes_any": ["traveller.citizenships", ["CA", "MX"]]}, {"traveller.citizenships": ["FR", "MX"]}, MET),
        ({"includes_any": ["traveller.citizenships", ["CA", "MX"]]}, {"traveller.citizenships": ["FR"]}, NOT_MET),
        ({"includes_any": ["traveller.citizenships", ["CA", "MX"]]}, {"traveller.citizenships": []}, NOT_MET),
        ({"includes_any": ["traveller.citizenships", []]}, {"traveller.citizenships": ["FR"]}, NOT_MET),
        ({"includes_any": ["traveller.citizenships", ["CA", "MX"]]}, {}, UNKNOWN),
        ({"includes_any": ["traveller.citizenships", {"table": "us.hosts"}]}, {"traveller.citizenships": ["CA"]}, MET),
    ],
    "includes_only": [
        ({"includes_only": ["traveller.skills", ["weld", "cook"]]}, {"traveller.skills": ["cook"]}, MET),
        ({"includes_only": ["traveller.skills", ["weld"]]}, {"traveller.skills": ["cook", "weld"]}, NOT_MET),
        # Of no values, every one is in the list.
        ({"includes_only": ["traveller.skills", ["weld"]]}, {"traveller.skills": []}, MET),
        ({"includes_only": ["traveller.skills", []]}, {"traveller.skills": ["weld"]}, NOT_MET),
        ({"includes_only": ["traveller.skills", ["weld"]]}, {}, UNKNOWN),
        ({"includes_only": ["traveller.citizenships", {"table": "us.hosts"}]}, {"traveller.citizenships": ["CA"]}, MET),
    ],
    "empty": [
        ({"empty": "traveller.skills"}, {"traveller.skills": []}, MET),
        ({"empty": "traveller.skills"}, {"traveller.skills": ["weld"]}, NOT_MET),
        ({"empty": "traveller.skills"}, {}, UNKNOWN),
        ({"empty": "papers"}, {"papers": []}, MET),
        ({"empty": "papers"}, {"papers": [{}]}, NOT_MET),
        ({"empty": "papers"}, {}, UNKNOWN),
    ],
    "at_least": number("at_least", NOT_MET, MET, MET),
    "at_most": number("at_most", MET, MET, NOT_MET),
    "more_than": number("more_than", NOT_MET, NOT_MET, MET),
    "less_than": number("less_than", MET, NOT_MET, NOT_MET),
    "on_or_before": day("on_or_before", MET, MET, NOT_MET),
    "before": day("before", MET, NOT_MET, NOT_MET),
    "on_or_after": day("on_or_after", NOT_MET, MET, MET),
    "after": day("after", NOT_MET, NOT_MET, MET),
    "some": [
        ({"some": {"of": "papers", "where": VALID_DEGREE}}, {"papers": [BAD, GOOD]}, MET),
        ({"some": {"of": "papers", "where": VALID_DEGREE}}, {"papers": [GOOD, HALF]}, MET),
        # A list that was stated is complete: no entry of it fits, so none does.
        ({"some": {"of": "papers", "where": VALID_DEGREE}}, {"papers": [BAD, LICENCE]}, NOT_MET),
        ({"some": {"of": "papers", "where": VALID_DEGREE}}, {"papers": []}, NOT_MET),
        # An entry whose missing field could make it fit leaves it open.
        ({"some": {"of": "papers", "where": VALID_DEGREE}}, {"papers": [BAD, HALF]}, UNKNOWN),
        ({"some": {"of": "papers", "where": VALID_DEGREE}}, {"papers": [{}]}, UNKNOWN),
        ({"some": {"of": "papers", "where": VALID_DEGREE}}, {}, UNKNOWN),
        # Inside, other facts can be read beside the entry's own.
        (
            {"some": {"of": "papers", "where": {"on_or_after": [".until", "trip.ends_on"]}}},
            {"papers": [{"until": "2027-01-01"}], "trip.ends_on": "2027-01-01"},
            MET,
        ),
        (
            {"some": {"of": "papers", "where": {"on_or_after": [".until", "trip.ends_on"]}}},
            {"papers": [{"until": "2027-01-01"}]},
            UNKNOWN,
        ),
    ],
    "every": [
        ({"every": {"of": "papers", "where": VALID_DEGREE}}, {"papers": [GOOD, GOOD]}, MET),
        ({"every": {"of": "papers", "where": VALID_DEGREE}}, {"papers": []}, MET),
        ({"every": {"of": "papers", "where": VALID_DEGREE}}, {"papers": [GOOD, BAD]}, NOT_MET),
        ({"every": {"of": "papers", "where": VALID_DEGREE}}, {"papers": [HALF, LICENCE]}, NOT_MET),
        ({"every": {"of": "papers", "where": VALID_DEGREE}}, {"papers": [GOOD, HALF]}, UNKNOWN),
        ({"every": {"of": "papers", "where": VALID_DEGREE}}, {}, UNKNOWN),
    ],
    "row": [
        (OF_PURPOSE, {"trip.purpose": "sale", "trip.paid": True}, MET),
        (OF_PURPOSE, {"trip.purpose": "sale", "trip.paid": False}, NOT_MET),
        (OF_PURPOSE, {"trip.purpose": "sale"}, UNKNOWN),
        (OF_PURPOSE, {"trip.paid": True}, UNKNOWN),
        (OF_PURPOSE, {"trip.purpose": "repair"}, JUDGEMENT),
        # The row of a rest comes into force next year; until then there is none.
        (OF_PURPOSE, {"trip.purpose": "rest", "trip.paid": True}, NOT_MET),
    ],
    "no_ground": [
        (GROUNDS, {"records.grounds": []}, MET),
        (GROUNDS, {}, UNKNOWN),
        (GROUNDS, {"records.waived": ["crime"]}, UNKNOWN),
        (GROUNDS, {"records.grounds": ["crime"], "records.waived": []}, NOT_MET),
        (GROUNDS, {"records.grounds": ["crime"], "records.waived": ["crime"]}, MET),
        (GROUNDS, {"records.grounds": ["crime"], "records.waived": ["illness"]}, NOT_MET),
        (GROUNDS, {"records.grounds": ["crime"]}, UNKNOWN),
        # What cannot be waived stands, whatever is said of waivers.
        (GROUNDS, {"records.grounds": ["treason"]}, NOT_MET),
        (GROUNDS, {"records.grounds": ["treason"], "records.waived": ["treason"]}, NOT_MET),
        (GROUNDS, {"records.grounds": ["crime", "treason"]}, NOT_MET),
        (GROUNDS, {"records.grounds": ["illness"], "records.waived": []}, JUDGEMENT),
        (GROUNDS, {"records.grounds": ["illness"], "records.waived": ["illness"]}, MET),
        (GROUNDS, {"records.grounds": ["spying"], "records.waived": ["spying"]}, JUDGEMENT),
        (GROUNDS, {"records.grounds": ["illness", "crime"], "records.waived": []}, NOT_MET),
        (GROUNDS, {"records.grounds": ["for_immigrants"], "records.waived": []}, MET),
        # A code the table does not have is no bar by itself; a person must look at it.
        (GROUNDS, {"records.grounds": ["never_heard_of"], "records.waived": []}, JUDGEMENT),
    ],
    "judgement": [({"judgement": True}, {}, JUDGEMENT)],
}
ROWS = [(name, *row) for name, rows in SPECIFICATION.items() for row in rows]


@pytest.mark.parametrize(("operator", "test", "facts", "word"), ROWS)
def test_an_operator_comes_to_what_the_specification_says(
    operator: str, test: Any, facts: dict[str, Any], word: str, status_of: StatusOf
) -> None:
    assert operator in test
    assert status_of(test, facts, **LAW) == word


def test_every_operator_stands_in_the_specification() -> None:
    assert set(SPECIFICATION) == set(OPERATORS)


@pytest.mark.parametrize("operator", sorted(set(OPERATORS) - {"judgement"}))
def test_an_operator_on_facts_is_specified_for_met_not_met_and_unknown(operator: str) -> None:
    assert {word for _, _, word in SPECIFICATION[operator]} >= {MET, NOT_MET, UNKNOWN}


@pytest.mark.parametrize("finding", ["met", "not_met"])
def test_a_persons_finding_resolves_a_judgement_and_a_judged_ground(finding: str, status_of: StatusOf) -> None:
    assert status_of({"judgement": True}, finding=finding) == finding
    recorded = {"records.grounds": ["illness"], "records.waived": []}
    assert status_of(GROUNDS, recorded, finding, **LAW) == finding


def test_a_finding_does_not_lift_a_bright_line_ground(status_of: StatusOf) -> None:
    recorded = {"records.grounds": ["illness", "crime"], "records.waived": []}
    assert status_of(GROUNDS, recorded, "met", **LAW) == NOT_MET


def test_a_named_test_reads_as_the_test_it_names(status_of: StatusOf) -> None:
    for facts, word in (({"trip.paid": True}, MET), ({"trip.paid": False}, NOT_MET), ({}, UNKNOWN)):
        assert status_of({"ref": "paid"}, facts, **LAW) == word


@pytest.mark.parametrize(("on", "last_day"), [("2008-10-15", "2009-10-15"), ("2008-10-16", "2011-10-16")])
def test_a_dated_value_is_the_one_of_the_day_of_application(on: str, last_day: str, status_of: StatusOf) -> None:
    test = {"on_or_before": ["trip.ends_on", {"add": ["on", {"value": "stay"}]}]}
    assert status_of(test, {"trip.ends_on": last_day}, on=on, **LAW) == MET
    day_after = last_day[:-2] + f"{int(last_day[-2:]) + 1:02}"
    assert status_of(test, {"trip.ends_on": day_after}, on=on, **LAW) == NOT_MET


def test_a_row_in_an_entrys_test_reads_the_entrys_own_fields(status_of: StatusOf) -> None:
    tables = {"us.papers": {"rows": [{"id": "degree", "needs": {"is": [".valid", True]}}]}}
    test = {"every": {"of": "papers", "where": {"row": {"table": "us.papers", "key": ".kind", "test": "needs"}}}}
    assert status_of(test, {"papers": [GOOD]}, tables=tables) == MET
    assert status_of(test, {"papers": [GOOD, BAD]}, tables=tables) == NOT_MET
    assert status_of(test, {"papers": [GOOD, HALF]}, tables=tables) == UNKNOWN


WRONG: list[tuple[Any, str]] = [
    ("paid", "one operator"),
    ({"is": ["trip.paid", True], "not": PAID}, "one operator"),
    ({"equals": ["trip.paid", True]}, "no operator is called 'equals'"),
    ({"ref": "unpaid"}, "no named test is called 'unpaid'"),
    ({"ref": ["paid"]}, "no named test"),
    ({"ref": "circle"}, "refers to itself"),
    ({"all_of": PAID}, "a list of tests"),
    ({"is": ["trip.paid"]}, "a list of two"),
    ({"is": ["trip.payed", True]}, "no fact is called 'trip.payed'"),
    ({"is": [True, True]}, "the path of a fact"),
    ({"is": ["trip.paid", "yes"]}, "does not fit trip.paid"),
    ({"is": ["trip.days", "three"]}, "does not fit trip.days"),
    ({"is": ["trip.starts_on", "2027-02-29"]}, "does not fit trip.starts_on"),
    ({"is": ["trip.purpose", "theft"]}, "no option of trip.purpose"),
    ({"is": ["trip.purpose", ["sale"]]}, "does not fit trip.purpose"),
    ({"one_of": ["trip.purpose", ["sale", "theft"]]}, "no option of trip.purpose"),
    ({"one_of": ["trip.purpose", "sale"]}, "a list of values"),
    ({"one_of": ["trip.host", {"table": "us.moons"}]}, "no table is called 'us.moons'"),
    ({"is": ["traveller.skills", "weld"]}, "traveller.skills is a set"),
    ({"one_of": ["traveller.skills", ["weld"]]}, "traveller.skills is a set"),
    ({"includes": ["trip.purpose", "sale"]}, "trip.purpose is a code"),
    ({"empty": "trip.purpose"}, "trip.purpose is a code"),
    ({"some": {"of": "traveller.skills", "where": PAID}}, "traveller.skills is a set"),
    ({"some": {"of": "papers"}}, "{of: list fact, where: test}"),
    ({"is": [".kind", "degree"]}, "outside of `where`"),
    ({"is": ["papers[].kind", "degree"]}, "write '.kind' inside of `where`"),
    ({"at_least": ["trip.starts_on", 3]}, "expected a number; this is a day"),
    ({"before": ["trip.starts_on", 3]}, "expected a day; this is a number"),
    ({"before": ["trip.starts_on", {"date": "2027-02-29"}]}, "is no day"),
    ({"before": ["trip.starts_on", {"add": ["on", "3 years"]}]}, "not an ISO 8601 duration"),
    ({"before": ["trip.starts_on", {"value": "stay"}]}, "expected a day; this is a duration"),
    ({"before": ["trip.starts_on", {"value": "age"}]}, "no dated value is called 'age'"),
    ({"before": ["trip.starts_on", {"yesterday": 1}]}, "expected a fact's path"),
    ({"at_least": ["trip.purpose", 3]}, "trip.purpose is a code"),
    ({"row": {"table": "us.purposes", "key": "trip.purpose", "test": "wants"}}, "no column 'wants'"),
    ({"row": {"table": "us.purposes", "key": "trip.purpose"}}, "{table: name, key: fact, test: column}"),
    ({"no_ground": {"recorded": "records.grounds", "table": "us.grounds"}}, "{recorded: fact, waived: fact"),
    ({"judgement": False}, "judgement: true"),
]


@pytest.mark.parametrize(("test", "message"), WRONG)
def test_a_test_that_cannot_be_read_is_refused_with_its_place_and_cure(
    test: Any, message: str, build: Callable[..., Pack], write_requirement: Callable[..., Any]
) -> None:
    law = {**LAW, "tests": {**LAW["tests"], "circle": {"not": {"ref": "circle"}}}}
    pack = build([write_requirement("R", test)], "R", **law)
    with pytest.raises(PackError) as refusal:
        pack.on("2026-11-21")
    assert message in refusal.value.message
    assert refusal.value.path[0] in ("requirements", "tests", "tables")
