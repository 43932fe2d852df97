"""Facts as callers state them: what is accepted, and what is refused with its place."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from crossing.facts.statement import flat, nested, statement_model
from crossing.packs.load import load_dictionary, load_pack
from crossing.rules import determine, digest_of

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
        ({"ownership": {"share_percent": -0.5}}, ("ownership", "share_percent")),
        ({"ownership": {"share_percent": float("nan")}}, ("ownership", "share_percent")),
        ({"ownership": {"share_percent": float("inf")}}, ("ownership", "share_percent")),
        ({"ownership": {"share_percent": 0.00001}}, ("ownership", "share_percent")),
        ({"ownership": {"share_percent": True}}, ("ownership", "share_percent")),
        ({"ownership": {"share_percent": "50"}}, ("ownership", "share_percent")),
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


@pytest.mark.parametrize(("share", "spelling"), [(50, "50"), (50.0, "50"), (33.3333, "33.3333"), (0.0001, "0.0001")])
def test_a_share_has_one_spelling(share: float, spelling: str) -> None:
    facts = stated({"ownership": {"share_percent": share}})
    assert json.dumps(facts) == f'{{"ownership.share_percent": {spelling}}}'


def of_type(kind: str, definition: Any) -> Any:
    """Values that a fact of a type may have, as they are stored: sets in order and without repeats."""
    if kind == "set":
        entries = of_type(definition["of"], definition)
        return st.lists(entries, max_size=3, unique=True).map(sorted)
    options = definition.get("options")
    return {
        "boolean": st.booleans(),
        "date": st.dates().map(lambda day: day.isoformat()),
        "country": st.sampled_from(["CA", "US", "MX", "FR", "XK"]),
        "code": st.sampled_from(list(options)) if options else st.sampled_from(["engineer", "9B1-I", "36.1a"]),
        "text": st.sampled_from(["E-2", "génie civil", "a/b ~1", "a\u2028b \x7fc"]),
        "integer": st.integers(0, 1_000_000),
        "percent": st.one_of(st.integers(0, 100), st.integers(0, 999_999).map(lambda share: share / 10_000)),
    }[kind]


def strategies(prefix: str) -> dict[str, Any]:
    inside = [path for path in DEFINITIONS if path.startswith(prefix) and "[]" not in path[len(prefix) :]]
    return {path: value_of(path) for path in inside}


def value_of(path: str) -> Any:
    definition = DEFINITIONS[path]
    if definition["type"] != "list":
        return of_type(definition["type"], definition)
    fields = {name.partition("[].")[2]: each for name, each in strategies(f"{path}[].").items()}
    return st.lists(st.fixed_dictionaries({}, optional=fields), max_size=3)


ANY_FACTS = st.lists(st.sampled_from(list(strategies(""))), unique=True, max_size=12).flatmap(
    lambda paths: st.fixed_dictionaries({path: value_of(path) for path in paths})
)


@settings(max_examples=50, deadline=None)
@given(ANY_FACTS)
def test_every_statement_comes_back_from_storage_as_it_was_stated(facts: dict[str, Any]) -> None:
    assert stated(nested(facts)) == facts


@settings(max_examples=50, deadline=None)
@given(ANY_FACTS)
def test_the_digest_of_a_determination_is_that_of_its_canonical_json(facts: dict[str, Any]) -> None:
    determination = determine(stated(nested(facts)), load_pack("US"), "2026-11-21", seeking=["us.tn"])
    assert determination.digest == digest_of(determination.compact)
