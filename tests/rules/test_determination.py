"""A determination is reproducible, ranks what was sought, and takes from a person only what is a person's to find."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from crossing.facts.statement import flat
from crossing.rules import Determination, Pack, RequestError, UnknownClass, determine, tell

Build = Callable[..., Pack]
Write = Callable[..., dict[str, Any]]
Answer = Callable[..., dict[str, Any]]

ON = "2026-11-21"
PAID = {"is": ["trip.paid", True]}
INSURED = {"is": ["trip.insured", True]}


@pytest.fixture(scope="module")
def pack(build: Build, write_requirement: Write) -> Pack:
    requirements = [
        write_requirement("FACT", PAID, kind="bright_line"),
        write_requirement("PERSON", {"judgement": True}, kind="judgement"),
        write_requirement("BOTH", {"all_of": [INSURED, {"judgement": True}]}, kind="mixed"),
        write_requirement("RULE", kind="provision"),
    ]
    return build(requirements, {"all_of": ["FACT", "PERSON", "BOTH"]})


@pytest.fixture(scope="module")
def three_classes(build: Build, write_requirement: Write, write_class: Write) -> Pack:
    requirements = [
        write_requirement("PAID", PAID),
        write_requirement("PERSON", {"judgement": True}),
        write_requirement("INSURED", INSURED),
        write_requirement("UNPAID", {"not": PAID}),
    ]
    classes = [
        write_class("us.fails", {"all_of": ["UNPAID"]}),
        write_class("us.open", {"all_of": ["PAID", "INSURED"]}),
        write_class("us.judged", {"all_of": ["PAID", "PERSON"]}),
        write_class("us.judged.second", {"all_of": ["PAID", "PERSON"]}),
        write_class("us.fine", {"all_of": ["PAID"]}),
        write_class("us.future", {"all_of": ["PAID"]}, in_force={"from": "2030-01-01"}),
    ]
    return build(requirements, classes)


def shuffled(value: Any, chance: random.Random) -> Any:
    """The same facts with keys and the values of sets in another order."""
    if isinstance(value, dict):
        return {key: shuffled(value[key], chance) for key in chance.sample(list(value), len(value))}
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return chance.sample(value, len(value))
    return [shuffled(each, chance) for each in value] if isinstance(value, list) else value


STATEMENT = {
    "trip": {"paid": True, "days": 12, "share": 33.3, "starts_on": "2026-12-01"},
    "traveller": {"citizenships": ["CA", "FR", "US"], "skills": ["cook", "weld"]},
    "papers": [{"kind": "degree", "valid": True}, {"kind": "licence"}],
}


@pytest.mark.parametrize("seed", range(8))
def test_the_digest_does_not_depend_on_the_order_of_keys_and_sets(seed: int, pack: Pack) -> None:
    same_facts = shuffled(STATEMENT, random.Random(seed))
    assert determine(flat(same_facts), pack, ON).digest == determine(flat(STATEMENT), pack, ON).digest


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_same_case_gives_the_same_bytes_every_time(
    language: str, build: Build, write_requirement: Write, answer: Answer
) -> None:
    def bytes_of_a_fresh_pack() -> bytes:
        fresh = build(
            [write_requirement("FACT", PAID), write_requirement("MORE", INSURED)], {"all_of": ["FACT", "MORE"]}
        )
        return json.dumps(answer(fresh, {"trip.paid": True}, language)).encode()

    assert bytes_of_a_fresh_pack() == bytes_of_a_fresh_pack()


@pytest.mark.parametrize(
    ("facts", "findings", "on"),
    [
        ({"trip.paid": False}, {}, ON),
        ({"trip.paid": True, "trip.insured": True}, {}, ON),
        ({}, {}, ON),
        ({"trip.paid": True}, {"PERSON": "met"}, ON),
        ({"trip.paid": True}, {}, "2026-11-22"),
    ],
)
def test_another_fact_finding_or_day_gives_another_digest(
    facts: dict[str, Any], findings: dict[str, str], on: str, pack: Pack
) -> None:
    first = determine({"trip.paid": True}, pack, ON)
    assert determine(facts, pack, on, findings=findings).digest != first.digest


def test_a_change_of_law_gives_another_digest_of_pack_and_determination(build: Build, write_requirement: Write) -> None:
    before = build([write_requirement("R", PAID)], "R")
    after = build([write_requirement("R", PAID, citation="section 2")], "R")
    assert before.digest != after.digest
    assert determine({}, before, ON).digest != determine({}, after, ON).digest


def test_the_digest_is_sha256_of_what_is_stored(pack: Pack) -> None:
    determination = determine({"trip.paid": True}, pack, ON, findings={"PERSON": "met"})
    assert determination.digest.startswith("sha256:")
    assert len(determination.digest) == len("sha256:") + 64
    assert determination.compact["facts"] == {"trip.paid": True}
    assert determination.compact["findings"] == {"PERSON": "met"}
    assert determination.compact["pack"] == {"id": "us", "version": "1", "digest": pack.digest}
    told = {each["class"]: each["requirements"] for each in determination.compact["classes"]}
    assert told == {"us.a": {"FACT": "M", "PERSON": "M", "BOTH": "U"}}


# What only a person finds.


def test_nothing_but_a_finding_resolves_a_judgement(pack: Pack) -> None:
    facts = {"trip.paid": True, "trip.insured": True}
    assert determine(facts, pack, ON).outcome == "needs_judgement"
    assert determine(facts, pack, ON, findings={"PERSON": "met"}).outcome == "needs_judgement"
    assert determine(facts, pack, ON, findings={"PERSON": "met", "BOTH": "met"}).outcome == "qualifies"
    assert determine(facts, pack, ON, findings={"PERSON": "not_met", "BOTH": "met"}).outcome == "does_not_qualify"


def test_a_finding_does_not_replace_a_fact(pack: Pack) -> None:
    both_found = {"PERSON": "met", "BOTH": "met"}
    assert (
        determine({"trip.paid": True, "trip.insured": False}, pack, ON, findings=both_found).outcome
        == "does_not_qualify"
    )
    assert determine({"trip.paid": True}, pack, ON, findings=both_found).outcome == "needs_facts"


@pytest.mark.parametrize("name", ["FACT", "RULE", "NOBODY"])
def test_a_finding_on_what_no_person_judges_is_refused_with_its_place(name: str, pack: Pack) -> None:
    with pytest.raises(RequestError) as refusal:
        determine({}, pack, ON, findings={name: "met"})
    assert refusal.value.pointer == f"/findings/{name}"
    assert set(refusal.value.texts) == {"en", "fr", "es"}


def test_a_finding_that_is_neither_met_nor_not_met_is_refused_with_its_place(pack: Pack) -> None:
    with pytest.raises(RequestError) as refusal:
        determine({}, pack, ON, findings={"PERSON": "maybe"})
    assert refusal.value.pointer == "/findings/PERSON"


# Classes sought.


def test_a_class_that_does_not_exist_is_refused_naming_those_in_force(three_classes: Pack) -> None:
    with pytest.raises(UnknownClass) as refusal:
        determine({}, three_classes, ON, seeking=["us.fine", "us.moon"])
    assert refusal.value.pointer == "/seeking/1"
    for text in refusal.value.texts.values():
        assert "us.fine" in text
        assert "us.judged.second" in text
        assert "us.future" not in text


def test_a_class_that_is_not_yet_in_force_does_not_exist(three_classes: Pack) -> None:
    with pytest.raises(UnknownClass):
        determine({}, three_classes, "2029-12-31", seeking=["us.future"])
    assert determine({"trip.paid": True}, three_classes, "2030-01-01", seeking=["us.future"]).outcome == "qualifies"


def test_a_day_before_the_packs_first_is_refused_naming_the_first(pack: Pack) -> None:
    with pytest.raises(RequestError) as refusal:
        determine({}, pack, "1999-12-31")
    assert refusal.value.pointer == "/on"
    assert all("2000-01-01" in text for text in refusal.value.texts.values())
    assert determine({}, pack, "2000-01-01").outcome == "needs_facts"


def classes_of(determination: Determination) -> list[str]:
    return [each.id for each, _ in determination.classes]


def test_seeking_the_first_part_of_an_id_seeks_every_class_below_it(three_classes: Pack) -> None:
    sought = determine({}, three_classes, ON, seeking=["us.judged"])
    assert classes_of(sought) == ["us.judged", "us.judged.second"]
    with pytest.raises(UnknownClass):
        determine({}, three_classes, ON, seeking=["us.jud"])


def test_seeking_nothing_seeks_every_class_in_force(three_classes: Pack) -> None:
    sought = set(classes_of(determine({}, three_classes, ON)))
    assert sought == {"us.fails", "us.open", "us.judged", "us.judged.second", "us.fine"}


def test_what_qualifies_comes_first_then_judgement_then_missing_facts_then_failure(three_classes: Pack) -> None:
    determination = determine({"trip.paid": True}, three_classes, ON)
    assert classes_of(determination) == ["us.fine", "us.judged", "us.judged.second", "us.open", "us.fails"]
    assert determination.outcome == "qualifies"
    assert [each["status"] for each in tell(determination, "en")["classes"]] == [
        "qualifies",
        "needs_judgement",
        "needs_judgement",
        "needs_facts",
        "does_not_qualify",
    ]


def test_the_questions_and_documents_are_those_of_the_best_class(three_classes: Pack) -> None:
    told = tell(determine({"trip.paid": True}, three_classes, ON, seeking=["us.fails", "us.open"]), "en")
    assert told["outcome"] == "needs_facts"
    assert [each["fact"] for each in told["next_questions"]] == ["trip.insured"]
    assert told["documents"] == [{"id": "paper", "text": "a paper (en)"}]


def test_a_day_without_any_class_is_answered_and_referred(
    build: Build, write_requirement: Write, write_class: Write
) -> None:
    later = write_class("us.future", "R", in_force={"from": "2030-01-01"})
    told = tell(determine({}, build([write_requirement("R", PAID)], [later]), ON), "en")
    assert told["classes"] == []
    assert told["recommended"] == {"action": "refer", "class": None, "until": None}


# Law in force.


def test_a_requirement_that_is_not_in_force_does_not_exist(
    build: Build, write_requirement: Write, answer: Answer
) -> None:
    old = write_requirement("OLD", INSURED, in_force={"from": "2000-01-01", "until": "2020-12-31"})
    pack = build([old, write_requirement("NOW", PAID)], {"all_of": ["OLD", "NOW"]})
    last_day, after = (answer(pack, {"trip.paid": True}, on=on) for on in ("2020-12-31", "2021-01-01"))
    assert last_day["outcome"] == "needs_facts"
    assert after["outcome"] == "qualifies"
    assert [each["id"] for each in after["classes"][0]["requirements"]] == ["NOW"]


def test_each_version_of_a_requirement_runs_until_the_day_before_the_next(
    build: Build, write_requirement: Write, write_text: Callable[[str], Any], answer: Answer
) -> None:
    raw = write_requirement(
        "R", PAID, citation=[{"from": "2000-01-01", "en": "old"}, {"from": "2020-07-01", "en": "new"}]
    )
    del raw["test"], raw["text"]
    raw["versions"] = [
        {"from": "2000-01-01", "text": write_text("paid"), "test": PAID},
        {"from": "2010-05-01", "text": write_text("insured"), "test": INSURED},
    ]
    pack = build([raw], "R")
    seen = {}
    for on in ("2010-04-30", "2010-05-01", "2020-06-30", "2020-07-01"):
        (told,) = answer(pack, {"trip.paid": True, "trip.insured": False}, "fr", on=on)["classes"][0]["requirements"]
        seen[on] = (told["text"], told["status"], told["citation"])
    assert seen == {
        "2010-04-30": ("paid (fr)", "met", "old"),
        "2010-05-01": ("insured (fr)", "not_met", "old"),
        "2020-06-30": ("insured (fr)", "not_met", "old"),
        "2020-07-01": ("insured (fr)", "not_met", "new"),
    }


def test_a_dated_citation_of_a_wording_nobody_read_marks_the_requirement_while_it_stands(
    build: Build, write_requirement: Write
) -> None:
    unread = {"from": "2000-01-01", "en": "old", "verified": False, "unverified_note": "the old Act was not read"}
    pack = build([write_requirement("R", PAID, citation=[unread, {"from": "2002-06-28", "en": "new"}])], "R")
    marks = {}
    for on in ("2002-06-27", "2002-06-28"):
        requirement = pack.on(on).requirement("R")
        assert requirement
        marks[on] = (requirement.citation["fr"], requirement.verified, requirement.unverified_note)
    assert marks == {"2002-06-27": ("old", False, "the old Act was not read"), "2002-06-28": ("new", True, None)}
