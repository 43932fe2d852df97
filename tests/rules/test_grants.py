"""What admission in a class would give, and what the engine advises."""

from collections.abc import Callable
from typing import Any

import pytest

from crossing.rules import Pack

Build = Callable[..., Pack]
Write = Callable[..., dict[str, Any]]
Answer = Callable[..., dict[str, Any]]

PAID = {"is": ["trip.paid", True]}
VALUES = {
    "stay": {
        "dated": [
            {"from": "2000-01-01", "until": "2008-10-15", "value": "P1Y"},
            {"from": "2008-10-16", "value": "P3Y"},
        ]
    }
}


@pytest.fixture(scope="module")
def granting(build: Build, write_requirement: Write, write_class: Write) -> Callable[..., Pack]:
    """A pack whose one class asks for payment and grants what is given here."""

    def made(*, tree: Any = "R", requirements: Any = (), tables: Any = None, **grants: Any) -> Pack:
        each = write_class("us.a", tree, grants={"class": "A", **grants})
        law = [write_requirement("R", PAID), *requirements]
        return build(law, [each], values=VALUES, tables=tables or {})

    return made


def granted(answer: Answer, pack: Pack, facts: dict[str, Any], **more: Any) -> dict[str, Any]:
    grants: dict[str, Any] = answer(pack, {"trip.paid": True, **facts}, **more)["classes"][0]["grants"]
    return grants


UNTIL = {"earliest": [{"add": ["on", {"value": "stay"}]}, "trip.ends_on"]}


@pytest.mark.parametrize(
    ("on", "ends_on", "until"),
    [
        ("2026-11-21", "2027-03-01", "2027-03-01"),  # the visit ends first
        ("2026-11-21", "2031-03-01", "2029-11-21"),  # the longest stay ends first
        ("2026-11-21", "2029-11-21", "2029-11-21"),
        ("2008-10-15", "2031-03-01", "2009-10-15"),  # when the longest stay was a year
        ("2028-02-29", "2040-01-01", "2031-02-28"),  # 2031 has no 29 February
    ],
)
def test_the_stay_ends_on_the_earliest_of_its_ceilings(
    on: str, ends_on: str, until: str, granting: Callable[..., Pack], answer: Answer
) -> None:
    grants = granted(answer, granting(until=UNTIL), {"trip.ends_on": ends_on}, on=on)
    assert grants["until"] == until
    days = [ceiling["until"] for ceiling in grants["ceilings"]]
    assert days == sorted(days)
    assert ends_on in days
    assert grants["depends_on"] == []


def test_a_ceiling_that_is_unknown_is_named_as_what_the_stay_depends_on(
    granting: Callable[..., Pack], answer: Answer
) -> None:
    grants = granted(answer, granting(until=UNTIL), {})
    assert grants["until"] == "2029-11-21"
    assert grants["depends_on"] == ["trip.ends_on"]


@pytest.mark.parametrize(
    ("facts", "until", "depends_on"),
    [
        ({"trip.purpose": "repair"}, "2028-11-21", []),
        ({"trip.purpose": "sale"}, "2027-05-21", []),
        ({}, None, ["trip.purpose"]),
    ],
)
def test_a_conditioned_ceiling_holds_only_when_its_condition_is_met(
    facts: dict[str, Any], until: str | None, depends_on: list[str], granting: Callable[..., Pack], answer: Answer
) -> None:
    repair = {"is": ["trip.purpose", "repair"]}
    ceilings = [
        {"when": repair, "then": {"add": ["on", "P2Y"]}},
        {"when": {"not": repair}, "then": {"add": ["on", "P6M"]}},
    ]
    grants = granted(answer, granting(until={"earliest": ceilings}), facts)
    assert grants["until"] == until
    assert grants["depends_on"] == depends_on


@pytest.fixture(scope="module")
def fee_table(write_text: Callable[[str], Any]) -> dict[str, Any]:
    def row(name: str, amounts: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        return {
            "id": name,
            "text": write_text(name),
            "currency": "USD",
            "payer": "applicant",
            "amounts": amounts,
        } | more

    return {
        "us.fees": {
            "rows": [
                row(
                    "slip",
                    [
                        {"from": "2000-01-01", "until": "2025-09-29", "amount": "6.00", "citation": "old"},
                        {"from": "2025-09-30", "amount": "30.00", "citation": {"en": "new"}, "verified": False},
                    ],
                    verified=True,
                ),
                row(
                    "by_land",
                    [{"from": "2000-01-01", "amount": "1.00", "citation": "c"}],
                    when={"is": ["trip.host", "CA"]},
                ),
                row(
                    "abolished",
                    [{"from": "2000-01-01", "amount": "9.00", "citation": "c"}],
                    in_force={"from": "2000-01-01", "until": "2010-12-31"},
                ),
            ]
        }
    }


@pytest.mark.parametrize(
    ("on", "facts", "fees"),
    [
        ("2025-09-29", {}, {"slip": "6.00"}),
        ("2025-09-30", {}, {"slip": "30.00"}),
        ("2025-09-30", {"trip.host": "CA"}, {"slip": "30.00", "by_land": "1.00"}),
        ("2025-09-30", {"trip.host": "US"}, {"slip": "30.00"}),
        ("2010-12-31", {}, {"slip": "6.00", "abolished": "9.00"}),
        ("2011-01-01", {}, {"slip": "6.00"}),
    ],
)
def test_a_fee_is_owed_in_the_days_amount_when_its_condition_is_met(
    on: str, facts: dict[str, Any], fees: dict[str, str], granting: Callable[..., Pack], fee_table: Any, answer: Answer
) -> None:
    pack = granting(tables=fee_table, fees={"table": "us.fees", "rows": ["slip", "by_land", "abolished"]})
    owed = granted(answer, pack, facts, on=on)["fees"]
    assert {fee["id"]: fee["amount"] for fee in owed} == fees


def test_a_fee_shows_text_currency_payer_citation_and_whether_it_was_verified(
    granting: Callable[..., Pack], fee_table: Any, answer: Answer
) -> None:
    pack = granting(tables=fee_table, fees={"table": "us.fees", "rows": ["slip"]})
    assert granted(answer, pack, {}, language="fr")["fees"] == [
        {
            "id": "slip",
            "text": "slip (fr)",
            "amount": "30.00",
            "currency": "USD",
            "payer": "applicant",
            "citation": "new",
            "verified": False,
        }
    ]


def test_the_first_status_document_whose_condition_holds_is_given(
    granting: Callable[..., Pack], answer: Answer
) -> None:
    pack = granting(status_document=[{"when": {"is": ["trip.purpose", "repair"]}, "then": "paper"}])
    assert granted(answer, pack, {"trip.purpose": "repair"})["status_document"] == "a paper (en)"
    assert granted(answer, pack, {"trip.purpose": "sale"})["status_document"] is None


def test_a_class_that_is_out_of_the_question_grants_nothing(granting: Callable[..., Pack], answer: Answer) -> None:
    told = answer(granting(until=UNTIL), {"trip.paid": False})
    assert told["classes"][0]["grants"] == {}


# Advice.


@pytest.mark.parametrize(("on", "code"), [("2022-12-14", "T23"), ("2022-12-15", "T36")])
def test_a_class_is_named_and_granted_under_the_code_of_the_day(
    on: str, code: str, build: Build, write_requirement: Write, write_class: Write, answer: Answer
) -> None:
    dated = [{"from": "2000-01-01", "value": "T23"}, {"from": "2022-12-15", "value": "T36"}]
    each = write_class("us.a", "R", code=dated, grants={"class": dated})
    told = answer(build([write_requirement("R", PAID)], [each]), {"trip.paid": True}, on=on)["classes"][0]
    assert (told["code"], told["grants"]["class"]) == (code, code)


def test_admission_is_advised_with_class_and_last_day(granting: Callable[..., Pack], answer: Answer) -> None:
    told = answer(granting(until=UNTIL), {"trip.paid": True, "trip.ends_on": "2027-01-15"})
    assert told["recommended"] == {"action": "admit", "class": "us.a", "until": "2027-01-15"}


@pytest.mark.parametrize("facts", [{}, {"trip.paid": True}])
def test_everything_open_is_referred(
    facts: dict[str, Any], build: Build, write_requirement: Write, answer: Answer
) -> None:
    judged = write_requirement("J", {"judgement": True})
    pack = build([write_requirement("R", PAID), judged], {"all_of": ["R", "J"]})
    assert answer(pack, facts)["recommended"]["action"] == "refer"


@pytest.mark.parametrize(
    ("paid", "insured", "action"), [(False, True, "refuse"), (True, False, "refer"), (False, False, "refuse")]
)
def test_a_failure_is_advised_as_the_outcomes_of_what_failed_say(
    paid: bool, insured: bool, action: str, build: Build, write_requirement: Write, answer: Answer
) -> None:
    paper = write_requirement("PAPER", {"is": ["trip.insured", True]}, on_fail="OUT-REFER")
    pack = build([write_requirement("R", PAID), paper], {"all_of": ["R", "PAPER"]})
    told = answer(pack, {"trip.paid": paid, "trip.insured": insured})
    assert told["outcome"] == "does_not_qualify"
    assert told["recommended"]["action"] == action


def test_nobody_is_refused_without_a_requirement_that_failed(
    build: Build, write_requirement: Write, answer: Answer
) -> None:
    closed = {"any_of": [{"route": {"is": ["trip.purpose", "sale"]}, "then": "R"}]}
    told = answer(build([write_requirement("R", PAID)], closed), {"trip.purpose": "rest"})
    assert told["outcome"] == "does_not_qualify"
    assert told["recommended"]["action"] == "refer"


def test_a_way_that_fails_before_its_condition_is_known_shows_what_failed(
    build: Build, write_requirement: Write, answer: Answer
) -> None:
    way = {"any_of": [{"route": {"is": ["trip.purpose", "sale"]}, "then": "R"}]}
    told = answer(build([write_requirement("R", PAID)], way), {"trip.paid": False})
    assert told["recommended"]["action"] == "refuse"
    assert [(each["id"], each["status"]) for each in told["classes"][0]["requirements"]] == [("R", "not_met")]


def test_a_way_that_fails_while_another_is_open_is_no_reason_to_refuse(
    build: Build, write_requirement: Write, answer: Answer
) -> None:
    either = {"any_of": ["R", "OTHER"]}
    paper = write_requirement("PAPER", {"is": ["trip.insured", True]}, on_fail="OUT-REFER")
    other = write_requirement("OTHER", {"is": ["trip.purpose", "sale"]})
    pack = build([write_requirement("R", PAID), other, paper], {"all_of": [either, "PAPER"]})
    told = answer(pack, {"trip.paid": False, "trip.insured": False})
    assert told["outcome"] == "does_not_qualify"
    assert told["recommended"]["action"] == "refer"
    told = answer(pack, {"trip.paid": False, "trip.insured": False, "trip.purpose": "rest"})
    assert told["recommended"]["action"] == "refuse"
