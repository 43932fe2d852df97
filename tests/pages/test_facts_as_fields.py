"""What a fact writes into a form is read from it again."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admission.pages.facts_as_fields import NoneAndSome, read_fact, write_fact
from crossing.packs.load import load_dictionary

FACTS = load_dictionary()["facts"]
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Z")), min_size=1, max_size=20)
SCALARS = {
    "boolean": st.booleans(),
    "date": st.dates().map(lambda day: day.isoformat()),
    "country": st.sampled_from(["CA", "US", "MX", "FR"]),
    "integer": st.integers(0, 1_000_000),
    "percent": st.integers(0, 100) | st.sampled_from([0.5, 12.25, 99.9]),
    "text": WORDS,
}
ENTRIES = {
    path.removesuffix("[]"): {
        each.partition("[].")[2]: about for each, about in FACTS.items() if each.startswith(f"{path}[]")
    }
    for path in (path for path, about in FACTS.items() if about["type"] == "list")
}


def scalar(about: dict[str, Any]) -> st.SearchStrategy[Any]:
    if about.get("options"):
        return st.sampled_from(sorted(about["options"]))
    return SCALARS.get(about["type"], st.sampled_from(["engineer", "2A1-I"]))


def value_of(path: str) -> st.SearchStrategy[Any]:
    about = FACTS[path]
    if about["type"] == "set":
        return st.lists(scalar({**about, "type": about["of"]}), unique=True, max_size=4).map(sorted)
    if about["type"] == "list":
        fields = {field: scalar(each) for field, each in ENTRIES[path].items()}
        entry = st.fixed_dictionaries({}, optional=fields).filter(bool)
        return st.lists(entry, max_size=3)
    return scalar(about)


STATED = st.sampled_from([path for path in FACTS if "[]" not in path]).flatmap(
    lambda path: st.tuples(st.just(path), value_of(path))
)


@given(STATED)
def test_a_value_comes_back(stated: tuple[str, Any]) -> None:
    path, value = stated
    assert read_fact(path, write_fact(path, value, FACTS), FACTS) == value


@pytest.mark.parametrize("path", [path for path in FACTS if "[]" not in path])
def test_an_empty_form_states_nothing(path: str) -> None:
    assert read_fact(path, {}, FACTS) is None
    assert read_fact(path, {f"facts.{path}": [""]}, FACTS) is None


@pytest.mark.parametrize(
    ("path", "typed", "value"),
    [
        ("ownership.share_percent", "12,5", 12.5),
        ("ownership.share_percent", " 50 ", 50),
        ("ownership.share_percent", "half", "half"),
        ("ownership.share_percent", "1e9", "1e9"),
        ("ownership.share_percent", "nan", "nan"),
        ("academic.days_at_institution", "-3", -3),
        ("history.overstayed", "maybe", "maybe"),
        ("traveller.citizenships", "CA, FR;US", ["CA", "FR", "US"]),
    ],
)
def test_what_was_typed_is_read_as_people_write(path: str, typed: str, value: Any) -> None:
    """What cannot be a value stays as it is, for the schema to refuse."""
    assert read_fact(path, {f"facts.{path}": [typed]}, FACTS) == value


@pytest.mark.parametrize("path", ["visit.activities", "credentials"])
def test_none_and_some_is_a_contradiction(path: str) -> None:
    fields = {f"facts.{path}.none": ["on"], f"facts.{path}": ["sales"], f"facts.{path}.0.kind": ["degree"]}
    with pytest.raises(NoneAndSome):
        read_fact(path, fields, FACTS)
