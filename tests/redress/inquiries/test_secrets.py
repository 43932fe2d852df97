"""Numbers and secrets: long enough, told apart by ear, and a slip of the pen shows."""

from hypothesis import given, settings
from hypothesis import strategies as st

from redress.inquiries.access_secret import (
    LETTERS,
    access_digest,
    is_whole,
    new_control_number,
    new_salt,
    secret_of,
    typed,
)

KEY = b"a key of the tests"
SALTS = st.integers(min_value=0, max_value=2**128 - 1).map(lambda number: f"{number:032x}")


def test_a_secret_has_at_least_a_hundred_bits_and_letters_that_cannot_be_confused() -> None:
    secret = secret_of(KEY, new_salt())
    assert len(LETTERS) ** (len(secret) - 1) >= 2**100
    assert set("01ILO") & set(LETTERS) == set()
    assert set(secret) <= set(LETTERS)


def test_no_two_are_alike_and_neither_salt_nor_key_alone_gives_one() -> None:
    salts = [new_salt() for _ in range(500)]
    secrets = {secret_of(KEY, salt) for salt in salts}
    assert len(secrets) == len(set(salts)) == 500
    assert secret_of(b"another key", salts[0]) not in secrets
    assert len({new_control_number() for _ in range(500)}) == 500


def test_every_letter_comes_up_about_as_often() -> None:
    letters = "".join(secret_of(KEY, new_salt())[:-1] for _ in range(600))
    counts = [letters.count(letter) for letter in LETTERS]
    expected = len(letters) / len(LETTERS)
    assert all(0.7 * expected < count < 1.3 * expected for count in counts)


@given(salt=SALTS, place=st.integers(0, 21), other=st.sampled_from(LETTERS))
@settings(max_examples=200, deadline=None)
def test_one_wrong_letter_shows(salt: str, place: int, other: str) -> None:
    secret = secret_of(KEY, salt)
    slip = secret[:place] + other + secret[place + 1 :]
    assert is_whole(slip) == (slip == secret)


@given(salt=SALTS, place=st.integers(0, 20))
@settings(max_examples=200, deadline=None)
def test_two_letters_swapped_show(salt: str, place: int) -> None:
    secret = secret_of(KEY, salt)
    swapped = secret[:place] + secret[place + 1] + secret[place] + secret[place + 2 :]
    assert is_whole(swapped) == (swapped == secret)


def test_a_secret_is_read_however_it_is_typed() -> None:
    secret = secret_of(KEY, new_salt())
    by_hand = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)).lower()
    assert typed(by_hand) == secret
    assert typed(by_hand.replace(" ", "-")) == secret
    assert not is_whole("")
    assert not is_whole("É" * 22)


def test_a_secret_opens_its_own_number_only() -> None:
    secret = secret_of(KEY, new_salt())
    assert access_digest(KEY, "ABCDEFGH2", secret) != access_digest(KEY, "ABCDEFGH3", secret)
    assert access_digest(KEY, "AB", "C" + secret) != access_digest(KEY, "ABC", secret)
