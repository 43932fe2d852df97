"""The runner of worked examples tells what is wrong with an example itself."""

from dataclasses import replace
from typing import Any

import pytest

from crossing.packs import examples
from crossing.packs.examples import Example, read_examples, run_examples
from crossing.packs.load import PACKS_FOLDER


@pytest.fixture(scope="module")
def right() -> Example:
    (example,) = [each for each in read_examples(PACKS_FOLDER / "us") if each.id == "US-CASE-12"]
    return example


def told(monkeypatch: pytest.MonkeyPatch, *wrong: Example) -> dict[str, list[str]]:
    monkeypatch.setattr(examples, "read_examples", lambda folder: wrong if folder.name == "us" else ())
    return run_examples().differences


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({"overlays": ["moon"]}, "no overlay is called 'moon'"),
        ({"into": "CA"}, "into CA does not stand in the pack of US"),
        ({"seeking": ["us.moon"]}, "/seeking/0 is no class of admission in force on that day"),
        ({"findings": {"US-TN-01": "met"}}, "/findings/US-TN-01 is no requirement in force on that day"),
        ({"findings": {"US-TN-13": "perhaps"}}, "/findings/US-TN-13 is neither met nor not_met"),
        ({"on": "1993-12-31"}, "/on is before 1994-01-01"),
        ({"facts": {"visit": {"ends_on": "2027-02-29"}}}, "facts/visit/ends_on: "),
        ({"expect": {"classes": {"us.tn": "needs_facts"}}}, "class us.tn: expected needs_facts, found qualifies"),
        ({"expect": {"missing": ["visas"]}}, "missing: expected ['visas'], found []"),
        ({"expect": {"judgement": ["US-TN-13"]}}, "judgement: expected ['US-TN-13'], found []"),
        ({"expect": {"outcomes": ["US-OUT-06"]}}, "outcomes: expected ['US-OUT-06'], found []"),
        ({"expect": {"met": ["US-TN-99"]}}, "met: expected ['US-TN-99'], found []"),
    ],
)
def test_an_example_that_cannot_be_run_or_does_not_hold_is_told_with_the_reason(
    change: dict[str, Any], difference: str, right: Example, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((name, differences),) = told(monkeypatch, replace(right, **change)).items()
    assert name == "us/tn.examples.yaml US-CASE-12"
    assert differences[0].startswith(difference)


def test_what_is_in_the_way_is_told_with_its_reason(right: Example, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = {**right.facts, "traveller": {"citizenships": ["FR"]}}
    ((_, differences),) = told(monkeypatch, replace(right, facts=facts)).items()
    assert any("US-TN-01 is not_met: " in line and "France" in line for line in differences)


def test_two_examples_of_one_id_are_told(right: Example, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, right, right) == {
        "us/tn.examples.yaml US-CASE-12": ["two examples have this id; rename one"]
    }


def test_an_example_that_holds_is_not_told(right: Example, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, right) == {}
