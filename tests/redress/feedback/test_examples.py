"""A decision leaves a worked example: nothing personal in it, and ready for the pack as it is."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from tests.redress.feedback.cases import ENGINEER, TECHNICIAN, examined

from crossing.facts.statement import flat
from crossing.packs.examples import read_examples
from crossing.packs.load import load_dictionary
from redress.feedback.examples import example_of
from redress.feedback.export import write_examples

CAUSE = "rule misread"


def example(examination: dict[str, Any] = TECHNICIAN, requirement: str = "US-B1-38") -> dict[str, Any]:
    made = example_of(examination, requirement, CAUSE)
    assert made
    return made


def test_an_example_expects_the_requirement_as_redress_decided_it() -> None:
    made = example()
    assert (made["into"], made["on"], made["seeking"]) == ("US", "2026-11-21", ["us.b1.usmca"])
    assert made["expect"] == {"met": ["US-B1-38"]}
    assert made["facts"]["equipment"]["manufactured_in"] == "CA"
    assert made["id"].startswith("RDX-US-B1-38-")
    assert "rule misread" in made["source"]


def test_nothing_that_the_dictionary_calls_personal_is_in_it_and_no_free_text() -> None:
    definitions = load_dictionary()["facts"]
    facts = TECHNICIAN["facts"] | {"traveller": {"citizenships": ["CA"], "born_on": "1979-09-30"}}
    facts |= {"credentials": [{"kind": "degree", "name": "Zoé Côté", "field": "presses", "country": "CA"}]}
    made = example(examined(facts=facts))
    stated = flat(made["facts"])
    assert not [path for path in stated if definitions.get(path, {}).get("personal")]
    assert made["facts"]["credentials"] == [{"kind": "degree", "country": "CA"}]
    for personal in ("Zoé Côté", "1979-09-30", TECHNICIAN["id"], "US-DETROIT"):
        assert personal not in str(made)


def test_a_withheld_fact_that_the_requirement_reads_is_named_for_the_author() -> None:
    made = example(ENGINEER, "US-TN-01")
    assert "traveller.citizenships" in made["source"]
    assert "traveller" not in made["facts"]
    assert "withheld" not in example()["source"]


def test_what_a_person_must_find_is_found_as_redress_found_it() -> None:
    made = example(examined(ENGINEER, findings={"US-TN-03": "met", "US-TN-13": "not_met"}), "US-TN-13")
    assert made["findings"] == {"US-TN-03": "met", "US-TN-13": "met"}
    assert "US-B1-38" not in example()["findings"]


def test_the_same_facts_make_the_same_example_and_others_another() -> None:
    other = examined(facts=TECHNICIAN["facts"] | {"equipment": {"manufactured_in": "MX"}})
    assert example()["id"] == example(examined(id="another", port_id="CA-YUL"))["id"]
    assert example()["id"] != example(other)["id"]


@pytest.mark.parametrize(("requirement", "day"), [("US-B1-999", "2026-11-21"), ("US-B1-38", "1950-01-01")])
def test_what_no_pack_had_in_force_leaves_none(requirement: str, day: str) -> None:
    assert example_of(examined(day=day), requirement, CAUSE) is None


def test_a_written_file_is_read_back_as_pack_files_are(tmp_path: Path) -> None:
    made = [example(), example(ENGINEER, "US-TN-13")]
    written = write_examples(made, tmp_path)
    assert list(written.items()) == [(tmp_path / "us" / "redress.examples.yaml", 2)]
    read = {each.id: each for each in read_examples(tmp_path / "us")}
    assert set(read) == {each["id"] for each in made}
    for each in made:
        again = read[each["id"]]
        assert (again.on, again.facts, again.findings, again.expect) == (
            each["on"],
            each["facts"],
            each["findings"],
            each["expect"],
        )


def test_a_country_without_examples_has_no_file(tmp_path: Path) -> None:
    assert write_examples([], tmp_path) == {}
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_plain_yaml_that_people_can_read(tmp_path: Path) -> None:
    ((file, _),) = write_examples([example()], tmp_path).items()
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# Worked examples")
    assert "!!" not in text
    assert YAML(typ="safe").load(text)["examples"][0]["expect"] == {"met": ["US-B1-38"]}
