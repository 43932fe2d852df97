"""What an advance ruling settled is met; nothing else changes, and no ruling settles what is examined at every entry."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from crossing.facts.statement import flat
from crossing.packs.examples import read_examples
from crossing.packs.load import PACKS_FOLDER, load_pack
from crossing.rules import Pack, PackError, RequestError, determine, tell

Build = Callable[..., Pack]
Write = Callable[..., dict[str, Any]]

ON = "2026-11-21"
RULING = "US-TN-2026-17"
PAID = {"is": ["trip.paid", True]}
INSURED = {"is": ["trip.insured", True]}


@pytest.fixture(scope="module")
def pack(build: Build, write_requirement: Write) -> Pack:
    requirements = [
        write_requirement("PAID", PAID),
        write_requirement("INSURED", INSURED, kind="bright_line"),
        write_requirement("PERSON", {"judgement": True}, kind="judgement"),
        write_requirement("BAR", {"is": ["trip.purpose", "sale"]}),
        write_requirement("RULE", kind="provision"),
        write_requirement("FUTURE", PAID, in_force={"from": "2030-01-01"}),
    ]
    head = {"id": "us", "country": "US", "version": "1", "earliest": "2000-01-01", "never_ruled": ["us.gate"]}
    tree = {"all_of": ["PAID", "INSURED", "PERSON", {"section": "us.gate"}, "FUTURE"]}
    gate = {"all_of": [{"when": {"is": ["trip.host", "CA"]}, "then": {"any_of": ["BAR", {"all_of": []}]}}]}
    return build(requirements, tree, pack=head, sections={"us.gate": gate})


def told(pack: Pack, facts: Mapping[str, Any], language: str = "en", **more: Any) -> dict[str, dict[str, Any]]:
    answer = tell(determine(facts, pack, ON, **more), language)
    return {each["id"]: each for each in answer["classes"][0]["requirements"]}


@pytest.mark.parametrize("facts", [{}, {"trip.insured": True}, {"trip.insured": False}])
def test_what_is_settled_is_met_whatever_the_facts_say_of_it(pack: Pack, facts: dict[str, Any]) -> None:
    found = told(pack, facts, settled={"INSURED": RULING, "PERSON": RULING})
    assert {found[name]["status"] for name in ("INSURED", "PERSON")} == {"met"}
    assert found["INSURED"]["facts"] == {}


def test_the_reason_names_the_ruling_in_each_language(pack: Pack) -> None:
    said = {
        language: told(pack, {}, language, settled={"PAID": RULING})["PAID"]["reason"]
        for language in ("en", "fr", "es")
    }
    assert said["en"] == f"Advance ruling {RULING} settles this; it is not examined again."
    assert said["fr"].startswith(f"La décision anticipée {RULING}")
    assert said["es"].startswith(f"La resolución anticipada {RULING}")


def test_what_is_not_settled_is_examined_as_before(pack: Pack) -> None:
    before, after = told(pack, {}), told(pack, {}, settled={"PERSON": RULING})
    assert after["PERSON"] != before.pop("PERSON")
    assert {name: after[name] for name in before} == before


def test_a_class_settled_but_for_facts_asks_for_those_facts_only(pack: Pack) -> None:
    answer = tell(determine({}, pack, ON, settled={"INSURED": RULING, "PERSON": RULING}), "en")
    assert answer["outcome"] == "needs_facts"
    assert answer["classes"][0]["missing_facts"] == ["trip.paid"]
    assert [each["fact"] for each in answer["next_questions"]] == ["trip.paid"]
    done = determine({"trip.paid": True}, pack, ON, settled={"INSURED": RULING, "PERSON": RULING})
    assert done.outcome == "qualifies"


def test_a_finding_does_not_undo_what_a_ruling_settled(pack: Pack) -> None:
    made = determine({}, pack, ON, settled={"PERSON": RULING}, findings={"PERSON": "not_met"})
    assert made.compact["classes"][0]["requirements"]["PERSON"] == "M"


def test_the_digest_says_what_was_settled_and_by_which_ruling(pack: Pack) -> None:
    plain = determine({"trip.paid": True}, pack, ON)
    assert "settled" not in plain.compact
    assert determine({"trip.paid": True}, pack, ON, settled={}).digest == plain.digest
    settled = determine({"trip.paid": True}, pack, ON, settled={"PAID": RULING})
    assert settled.compact["settled"] == {"PAID": RULING}
    other = determine({"trip.paid": True}, pack, ON, settled={"PAID": "US-TN-2026-18"})
    assert len({plain.digest, settled.digest, other.digest}) == 3


@pytest.mark.parametrize("requirement", ["NONE", "RULE", "FUTURE", "BAR"])
def test_a_ruling_settles_no_other_than_what_it_may_decide(pack: Pack, requirement: str) -> None:
    """Unknown ids, provisions, what is not in force that day, and what is examined anew at every entry."""
    with pytest.raises(RequestError) as refused:
        determine({}, pack, ON, settled={requirement: RULING})
    assert refused.value.pointer == f"/settled/{requirement}"
    assert refused.value.key == "not_open_to_ruling"
    assert not pack.on(ON).may_be_ruled(requirement)


def test_a_pack_that_lists_a_section_it_does_not_have_is_refused(build: Build, write_requirement: Write) -> None:
    head = {"id": "us", "country": "US", "version": "1", "earliest": "2000-01-01", "never_ruled": ["us.gat"]}
    with pytest.raises(PackError, match=r"no section is called 'us\.gat'"):
        build([write_requirement("PAID", PAID)], "PAID", pack=head).on(ON)


@pytest.mark.parametrize("country", ["us", "ca"])
def test_settling_what_is_open_in_a_worked_case_leaves_only_what_is_never_ruled(country: str) -> None:
    """Over the real law: each worked case with everything settled that may be, except what the facts already decide."""
    pack = load_pack(country.upper())
    examined = 0
    for example in read_examples(PACKS_FOLDER / country):
        if example.overlays or "/" in example.id or example.on < pack.earliest:
            continue
        law, facts = pack.on(example.on), flat(example.facts)
        plain = determine(facts, pack, example.on, seeking=example.seeking, findings=example.findings)
        open_now = {
            name for each in plain.compact["classes"] for name, code in each["requirements"].items() if code in "UJ"
        }
        settled = {name: RULING for name in open_now if law.may_be_ruled(name)}
        after = determine(facts, pack, example.on, seeking=example.seeking, findings=example.findings, settled=settled)
        for each in after.compact["classes"]:
            assert all(each["requirements"][name] == "M" for name in settled if name in each["requirements"])
        assert {name for name in open_now if not law.may_be_ruled(name)}.isdisjoint(settled)
        tell(after, "fr")
        examined += 1
    assert examined > 20
