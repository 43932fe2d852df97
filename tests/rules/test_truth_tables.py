"""Met, not met, unknown and judgement combine as strong Kleene logic says, with judgement after unknown."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from crossing.rules.status import ALL, ANY, JUDGEMENT, MET, NOT, NOT_MET, UNKNOWN

StatusOf = Callable[..., str]

WORDS = {"met": MET, "not_met": NOT_MET, "unknown": UNKNOWN, "judgement": JUDGEMENT}

ALL_OF = """
            met        not_met  unknown  judgement
met         met        not_met  unknown  judgement
not_met     not_met    not_met  not_met  not_met
unknown     unknown    not_met  unknown  unknown
judgement   judgement  not_met  unknown  judgement
"""
ANY_OF = """
            met  not_met    unknown  judgement
met         met  met        met      met
not_met     met  not_met    unknown  judgement
unknown     met  unknown    unknown  unknown
judgement   met  judgement  unknown  judgement
"""
TRIPLES = list(product(WORDS.values(), repeat=3))
NOT_OF = {"met": "not_met", "not_met": "met", "unknown": "unknown", "judgement": "judgement"}

#: A test that comes to each word, and the facts that bring it there.
FIRST = {
    "met": ({"is": ["trip.paid", True]}, {"trip.paid": True}),
    "not_met": ({"is": ["trip.paid", True]}, {"trip.paid": False}),
    "unknown": ({"is": ["trip.paid", True]}, {}),
    "judgement": ({"judgement": True}, {}),
}
SECOND = {
    "met": ({"is": ["trip.purpose", "sale"]}, {"trip.purpose": "sale"}),
    "not_met": ({"is": ["trip.purpose", "sale"]}, {"trip.purpose": "rest"}),
    "unknown": ({"is": ["trip.purpose", "sale"]}, {}),
    "judgement": ({"judgement": True}, {}),
}


def cells(table: str) -> list[tuple[str, str, str]]:
    """Rows of a table as left word, right word, result."""
    header, *rows = [line.split() for line in table.strip().splitlines()]
    return [(left, right, result) for left, *results in rows for right, result in zip(header, results, strict=True)]


def combine(status_of: StatusOf, operator: str, left: str, right: str) -> str:
    first, facts = FIRST[left]
    second, more = SECOND[right]
    return status_of({operator: [first, second]}, {**facts, **more})


@pytest.mark.parametrize(("left", "right", "result"), cells(ALL_OF))
def test_all_of_two_tests_is_what_the_table_says(left: str, right: str, result: str, status_of: StatusOf) -> None:
    assert combine(status_of, "all_of", left, right) == result
    assert ALL[WORDS[left] | WORDS[right]] == WORDS[result]


@pytest.mark.parametrize(("left", "right", "result"), cells(ANY_OF))
def test_any_of_two_tests_is_what_the_table_says(left: str, right: str, result: str, status_of: StatusOf) -> None:
    assert combine(status_of, "any_of", left, right) == result
    assert ANY[WORDS[left] | WORDS[right]] == WORDS[result]


@pytest.mark.parametrize(("word", "result"), list(NOT_OF.items()))
def test_not_turns_met_and_not_met_round_and_leaves_the_open_words(word: str, result: str, status_of: StatusOf) -> None:
    test, facts = FIRST[word]
    assert status_of({"not": test}, facts) == result


def test_all_of_nothing_is_met(status_of: StatusOf) -> None:
    assert status_of({"all_of": []}) == "met"


def test_any_of_nothing_is_not_met(status_of: StatusOf) -> None:
    assert status_of({"any_of": []}) == "not_met"


@pytest.mark.parametrize("unknowns", [1, 5, 50])
def test_one_false_test_settles_all_of_however_much_is_unknown(unknowns: int, status_of: StatusOf) -> None:
    unknown: list[Any] = [{"is": ["trip.insured", True]}] * unknowns
    assert status_of({"all_of": [*unknown, {"is": ["trip.paid", True]}]}, {"trip.paid": False}) == "not_met"


@pytest.mark.parametrize("unknowns", [1, 5, 50])
def test_one_true_test_settles_any_of_however_much_is_unknown(unknowns: int, status_of: StatusOf) -> None:
    unknown: list[Any] = [{"is": ["trip.insured", True]}] * unknowns
    assert status_of({"any_of": [*unknown, {"is": ["trip.paid", True]}]}, {"trip.paid": True}) == "met"


@pytest.mark.parametrize(("one", "two", "three"), TRIPLES)
def test_de_morgan_holds_for_three_words(one: int, two: int, three: int) -> None:
    assert NOT[ALL[one | two | three]] == ANY[NOT[one] | NOT[two] | NOT[three]]
    assert NOT[ANY[one | two | three]] == ALL[NOT[one] | NOT[two] | NOT[three]]


@pytest.mark.parametrize(("one", "two", "three"), TRIPLES)
def test_grouping_and_order_do_not_matter(one: int, two: int, three: int) -> None:
    for table in (ALL, ANY):
        assert table[table[one | two] | three] == table[one | table[two | three]] == table[three | two | one]


@pytest.mark.parametrize("word", list(WORDS.values()))
def test_saying_something_twice_or_denying_it_twice_changes_nothing(word: int) -> None:
    assert ALL[word | word] == ANY[word | word] == NOT[NOT[word]] == word
    assert ALL[word | MET] == ANY[word | NOT_MET] == word
