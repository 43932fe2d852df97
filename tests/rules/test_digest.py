"""Canonical JSON: whatever is digested has one spelling, that of RFC 8785."""

import math
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from crossing.rules import digest_of
from crossing.rules.digest import canonical

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(_TEXTS, inner),
    max_leaves=20,
)


@given(_VALUES)
def test_every_value_is_written_as_the_standard_writes_it(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_the_standards_own_example() -> None:
    """RFC 8785 §3.2.2 and 3.2.3, in short: numbers, controls, and names sorted by UTF-16 units."""
    value = {
        "\ufb33": 1,
        "\U0001f600": 2,
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3],
        "s": '\u20ac$\u000f\nA"\\',
    }
    written = canonical(value).decode()
    assert written == (
        '{"numbers":[333333333.3333333,1e+30,4.5,0.002],"s":"\u20ac$\\u000f\\nA\\"\\\\","\U0001f600":2,"\ufb33":1}'
    )


def test_equal_values_have_one_digest_however_they_are_spelled() -> None:
    assert digest_of({"a": 1, "b": [True]}) == digest_of({"b": [True], "a": 1})


@pytest.mark.parametrize("value", [math.nan, math.inf, [math.nan], {"a": -math.inf}, 2**53, {1: "a"}, "\ud800"])
def test_what_json_cannot_hold_has_no_digest(value: Any) -> None:
    with pytest.raises((rfc8785.CanonicalizationError, UnicodeError)):
        digest_of(value)
