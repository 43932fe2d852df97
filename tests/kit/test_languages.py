"""A caller reads the language it prefers among the three (RFC 9110 §12.5.4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossing.kit.languages import negotiate


@pytest.mark.parametrize(
    ("asked", "given_language"),
    [
        (None, "en"),
        ("", "en"),
        ("fr", "fr"),
        ("FR", "fr"),
        ("fr-CA", "fr"),
        ("es-419", "es"),
        ("de", "en"),
        ("de, fr", "fr"),
        ("en;q=0.5, fr;q=0.8", "fr"),
        ("fr;q=0.8, es;q=0.8", "fr"),
        ("es;q=0.8, fr;q=0.8", "es"),
        ("en, fr", "en"),
        ("fr;q=0, es;q=0.1", "es"),
        ("fr;q=0", "en"),
        ("fr;q=x, es", "es"),
        ("*", "en"),
        ("fra", "en"),
        ("freedom", "en"),
        (" fr ; q = 0.9 ", "fr"),
        ("fr;q=nan, es;q=0.5", "es"),
        ("fr;q=1e999, es;q=0.5", "es"),
        ("en-GB;q=0.9, fr;q=1.0", "fr"),
    ],
)
def test_the_most_preferred_of_the_three_is_given(asked: str | None, given_language: str) -> None:
    assert negotiate(asked) == given_language


@given(st.text(max_size=500))
def test_whatever_is_asked_one_of_the_three_is_given(asked: str) -> None:
    assert negotiate(asked) in ("en", "fr", "es")
