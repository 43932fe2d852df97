"""Facts as callers state them: what is accepted, and what is refused with its place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from crossing.facts.statement import flat, nested, statement_model
from crossing.packs.load import load_dictionary

DEFINITIONS = load_dictionary()["facts"]
Facts = statement_model(DEFINITIONS)


def stated(facts: dict[str, Any]) -> dict[str, Any]:
    return flat(Facts.model_validate(facts).model_dump(mode="json", exclude_none=True))


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ({"traveller": {"mood": "good"}}, ("traveller", "mood")),
        ({"weather": "fine"}, ("weather",)),
        ({"history": {"overstayed": "no"}}, ("history", "overstayed")),
        ({"history": {"overstayed": 0}}, ("history", "overstayed")),
        ({"visit": {"ends_on": "2027-02-29"}}, ("visit", "ends_on")),
        ({"visit": {"ends_on": "2027-2-9"}}, ("visit", "ends_on")),
        ({"visit": {"ends_on": "2027-02-09T00:00:00"}}, ("visit", "ends_on")),
        ({"visit": {"ends_on": 20270209}}, ("visit", "ends_on")),
        ({"traveller": {"citizenships": ["CA", "Kanada"]}}, ("traveller", "citizenships", 1)),
        ({"traveller": {"citizenships": ["ca"]}}, ("traveller", "citizenships", 0)),
        ({"traveller": {"citizenships": "CA"}}, ("traveller", "citizenships")),
        ({"arrival": {"mode": "broom"}}, ("arrival", "mode")),
        ({"ownership": {"share_percent": 101}}, ("ownership", "share_percent")),
        ({"ownership": {"share_percent": float("nan")}}, ("ownership", "share_percent")),
        ({"credentials": [{"kind": "degree", "grade": 1}]}, ("credentials", 0, "grade")),
        ({"credentials": {"kind": "degree"}}, ("credentials",)),
        ({"position": {"profession": "engineer; DROP TABLE"}}, ("position", "profession")),
    ],
)
def test_what_cannot_be_a_fact_is_refused_at_its_place(facts: dict[str, Any], place: tuple[Any, ...]) -> None:
    with pytest.raises(ValidationError) as refused:
        stated(facts)
    assert refused.value.errors()[0]["loc"][: len(place)] == place


def test_the_29th_of_february_of_a_leap_year_is_a_day() -> None:
    assert stated({"visit": {"ends_on": "2028-02-29"}}) == {"visit.ends_on": "2028-02-29"}


def test_sets_are_told_in_order_and_without_repeats() -> None:
    assert stated({"traveller": {"citizenships": ["US", "CA", "US"]}}) == {"traveller.citizenships": ["CA", "US"]}


def test_a_fact_given_as_null_is_not_stated() -> None:
    assert stated({"history": {"overstayed": None}, "visit": None}) == {}


def test_an_empty_list_is_a_statement_that_there_is_nothing() -> None:
    assert stated({"admissibility": {"recorded_grounds": []}, "credentials": []}) == {
        "admissibility.recorded_grounds": [],
        "credentials": [],
    }


def test_every_fact_of_the_dictionary_has_a_place_in_the_statement() -> None:
    schema = Facts.model_json_schema()
    names = str(schema)
    assert [path for path in DEFINITIONS if path.rpartition(".")[2].removesuffix("[]") not in names] == []


BOOLEANS = [path for path, each in DEFINITIONS.items() if each["type"] == "boolean" and "[]" not in path]
DATES = [path for path, each in DEFINITIONS.items() if each["type"] == "date" and "[]" not in path]


@given(
    st.dictionaries(st.sampled_from(BOOLEANS), st.booleans()),
    st.dictionaries(st.sampled_from(DATES), st.dates().map(lambda day: day.isoformat())),
)
def test_flat_and_nested_facts_are_the_same_facts(booleans: dict[str, bool], dates: dict[str, str]) -> None:
    facts = dict(sorted({**booleans, **dates}.items()))
    assert stated(nested(facts)) == facts
