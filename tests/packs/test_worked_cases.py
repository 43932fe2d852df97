"""The worked cases that stand beside the packs, and the runner that holds the law against them."""

from typing import Any

import pytest

from crossing.packs import examples
from crossing.packs.examples import Example, laid_over, read_examples, run_examples
from crossing.packs.load import COUNTRIES_WITH_PACKS, PACKS_FOLDER

IN_SCOPE = [f"{country}-CASE-{number:02}" for country in COUNTRIES_WITH_PACKS for number in range(1, 26)]


def all_examples() -> list[Example]:
    return [each for folder in COUNTRIES_WITH_PACKS.values() for each in read_examples(PACKS_FOLDER / folder)]


def test_every_worked_case_comes_out_as_its_text_says() -> None:
    report = run_examples()
    assert report.differences == {}
    assert report.run == len(all_examples())


@pytest.mark.parametrize("case", IN_SCOPE)
def test_every_case_in_scope_is_there(case: str) -> None:
    assert [each.id for each in all_examples() if each.id == case or each.id.startswith((f"{case}/", f"{case}-"))]


def test_no_example_has_the_id_of_another() -> None:
    identifiers = [each.id for each in all_examples()]
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize(
    ("expect", "difference"),
    [
        ({"outcome": "does_not_qualify"}, "outcome: expected does_not_qualify, found qualifies"),
        ({"not_met": ["US-TN-01"]}, "not_met: expected ['US-TN-01'], found []"),
        ({"action": "refuse"}, "action: expected refuse, found admit"),
        ({"until": "2026-11-10"}, "until: expected 2026-11-10"),
        ({"fees": {}}, "fees: expected {}"),
        ({"outcmoe": "qualifies"}, "expect has unknown keys: outcmoe"),
    ],
)
def test_a_wrong_expectation_is_told_with_its_difference(
    monkeypatch: pytest.MonkeyPatch, expect: dict[str, Any], difference: str
) -> None:
    (right,) = [each for each in all_examples() if each.id == "US-CASE-12"]
    wrong = Example(**{**vars(right), "expect": expect})
    monkeypatch.setattr(examples, "read_examples", lambda folder: [wrong] if folder.name == "us" else [])
    ((_, told),) = run_examples().differences.items()
    assert any(line.startswith(difference) for line in told)


def test_an_example_with_a_fact_that_does_not_exist_is_told_where(monkeypatch: pytest.MonkeyPatch) -> None:
    (right,) = [each for each in all_examples() if each.id == "US-CASE-12"]
    wrong = Example(**{**vars(right), "facts": {"traveller": {"mood": "good"}}})
    monkeypatch.setattr(examples, "read_examples", lambda folder: [wrong] if folder.name == "us" else [])
    ((_, told),) = run_examples().differences.items()
    assert told[0].startswith("facts/traveller/mood")


def test_a_variant_is_laid_over_its_case_map_by_map() -> None:
    base = {"a": {"b": 1, "c": 2}, "d": [1, 2], "e": 5}
    changes = {"a": {"b": 9}, "d": [3], "e": None}
    assert laid_over(base, changes) == {"a": {"b": 9, "c": 2}, "d": [3]}
    assert base == {"a": {"b": 1, "c": 2}, "d": [1, 2], "e": 5}
