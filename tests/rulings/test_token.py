"""What a port may read from a token, and every token it must refuse."""

import hashlib
import hmac
import json
import zlib
from base64 import urlsafe_b64decode
from itertools import count
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, KeySet, OctKey
from tests.rulings.claims import ANY_CLAIMS, claims, new_key, public

from crossing.kit.signed import base64url
from crossing.rulings.token import LONGEST_TOKEN, RulingClaims, TokenRefused, TokenTooLong, read_ruling, sign_ruling

KEY = new_key()
KEYS = public(KEY)
TOKEN = sign_ruling(claims(), KEY)
HEADER, CONTENT, SIGNATURE = TOKEN.split(".")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def reason_against(token: str, keys: KeySet = KEYS) -> str:
    with pytest.raises(TokenRefused) as refusal:
        read_ruling(token, keys)
    return refusal.value.reason


def forged(header: Any, content: str = CONTENT, key: ECKey = KEY) -> str:
    """A token with any header, truly signed (RFC 7515 §5.1), by another hand than the one under test."""
    part = base64url(header if isinstance(header, bytes) else json.dumps(header, separators=(",", ":")).encode())
    signature = jws.default_registry.get_alg("ES256").sign(f"{part}.{content}".encode(), key)
    return f"{part}.{content}.{base64url(signature)}"


def signed(claims: Any) -> str:
    """A token with any claims, truly signed."""
    written = claims if isinstance(claims, bytes) else deflated(json.dumps(claims).encode())
    return forged(GOOD_HEADER, base64url(written))


def deflated(content: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(content) + compressor.flush()


GOOD_HEADER = {"alg": "ES256", "kid": KEY.kid, "typ": "ruling+jwt"}
GOOD_CLAIMS: dict[str, Any] = json.loads(zlib.decompress(urlsafe_b64decode(CONTENT + "=="), -15))


@settings(deadline=None)
@given(ANY_CLAIMS)
def test_what_was_signed_is_what_is_read(stated: RulingClaims) -> None:
    try:
        token = sign_ruling(stated, KEY)
    except TokenTooLong:
        assume(False)
    assert read_ruling(token, KEYS) == stated


def test_a_token_is_a_compact_jws_that_names_its_key_and_its_kind() -> None:
    assert jws.extract_compact(TOKEN.encode()).protected == GOOD_HEADER
    assert jws.deserialize_compact(TOKEN, KEYS, algorithms=["ES256"]).payload


def test_forging_for_these_tests_makes_tokens_that_read() -> None:
    assert read_ruling(forged(GOOD_HEADER), KEYS) == read_ruling(TOKEN, KEYS)
    assert read_ruling(signed(GOOD_CLAIMS), KEYS) == read_ruling(TOKEN, KEYS)


@settings(deadline=None)
@given(st.integers(0, len(TOKEN) - 1), st.sampled_from(LETTERS + ".= \n+/é\0"))
def test_no_altered_letter_is_accepted(place: int, letter: str) -> None:
    assume(TOKEN[place] != letter)
    assert reason_against(TOKEN[:place] + letter + TOKEN[place + 1 :])


def test_altered_claims_break_the_signature() -> None:
    for place in range(len(HEADER) + 1, len(HEADER) + len(CONTENT), 11):
        letter = "A" if TOKEN[place] != "A" else "B"
        assert reason_against(TOKEN[:place] + letter + TOKEN[place + 1 :]) == "bad_signature"


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES384", "ES512", "RS256", "es256", "", None, ["ES256"], 1])
def test_no_other_algorithm_is_accepted(algorithm: Any) -> None:
    assert reason_against(forged({**GOOD_HEADER, "alg": algorithm})) == "wrong_algorithm"


def test_no_token_without_a_signature_is_accepted() -> None:
    unsigned = base64url(json.dumps({**GOOD_HEADER, "alg": "none"}).encode())
    assert reason_against(f"{unsigned}.{CONTENT}.") == "wrong_algorithm"
    assert reason_against(f"{HEADER}.{CONTENT}.") == "malformed"
    assert reason_against(f"{HEADER}.{CONTENT}.{'A' * 86}") == "bad_signature"


def test_a_public_key_is_no_secret_of_a_keyed_hash() -> None:
    """The known confusion of RFC 8725 §2.1: HS256 with the published key as its secret."""
    header = base64url(json.dumps({**GOOD_HEADER, "alg": "HS256"}).encode())
    secret = KEY.as_pem(private=False)
    code = hmac.new(secret, f"{header}.{CONTENT}".encode(), hashlib.sha256).digest()
    for signature in (code, code + code):
        assert reason_against(f"{header}.{CONTENT}.{base64url(signature)}") == "wrong_algorithm"


@pytest.mark.parametrize("key_id", ["another", "", None, 7, [], {}])
def test_a_key_that_is_not_published_is_unknown(key_id: Any) -> None:
    assert reason_against(forged({**GOOD_HEADER, "kid": key_id})) == "unknown_key"


def test_a_header_without_a_key_is_refused_even_where_there_is_one_key_only() -> None:
    assert reason_against(forged({"alg": "ES256", "typ": "ruling+jwt"})) == "unknown_key"


def test_a_key_of_somebody_else_under_a_published_name_breaks_the_signature() -> None:
    assert reason_against(forged(GOOD_HEADER, key=new_key())) == "bad_signature"
    assert reason_against(TOKEN, public(new_key())) == "unknown_key"


@pytest.mark.parametrize(
    "other",
    [
        OctKey.generate_key(256, {"kid": KEY.kid}),
        ECKey.generate_key("P-384", {"kid": KEY.kid}),
    ],
)
def test_a_published_key_of_another_kind_cannot_be_meant(other: Any) -> None:
    assert reason_against(TOKEN, KeySet([other])) == "unknown_key"


@pytest.mark.parametrize(
    "more",
    [
        {"crit": ["exp"], "exp": 1},
        {"crit": []},
        {"b64": False},
        {"jwk": KEY.as_dict(private=False)},
        {"jku": "https://keys.test/"},
        {"typ": "statuslist+jwt"},
        {"typ": "JWT"},
        {"typ": None},
    ],
)
def test_a_header_that_says_more_or_another_kind_is_refused(more: dict[str, Any]) -> None:
    assert reason_against(forged({**GOOD_HEADER, **more})) == "malformed"


@pytest.mark.parametrize(
    "header",
    [
        json.dumps(GOOD_HEADER).encode(),
        json.dumps(dict(reversed(GOOD_HEADER.items())), separators=(",", ":")).encode(),
        b'{"alg":"none",' + json.dumps(GOOD_HEADER, separators=(",", ":")).encode()[1:],
        b"[]",
        b'"ES256"',
        b"{",
        b"\xff\xfe",
        b"[" * 1000,
    ],
    ids=count(),
)
def test_a_header_in_another_spelling_is_refused(header: bytes) -> None:
    assert reason_against(forged(header)) == "malformed"


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "...",
        HEADER,
        f"{HEADER}.{CONTENT}",
        f"{TOKEN}.",
        f"{TOKEN}.{SIGNATURE}",
        f".{TOKEN}",
        f"{TOKEN}A",
        f"{TOKEN}=",
        f"{TOKEN}==",
        f"{TOKEN} ",
        f" {TOKEN}",
        f"{TOKEN}\n",
        f"\ufeff{TOKEN}",
        f"{TOKEN}\0",
        f"{HEADER}. {CONTENT}.{SIGNATURE}",
        f"{HEADER}.{CONTENT}\n.{SIGNATURE}",
        f"{HEADER}..{SIGNATURE}",
        f"{HEADER}.{CONTENT}=.{SIGNATURE}",
        f"{HEADER}.{CONTENT}.{SIGNATURE[:-1]}",
        f"Bearer {TOKEN}",
        TOKEN.replace(".", "\u2024"),
        TOKEN[:-1] + "\u0661",
    ],
    ids=count(),
)
def test_nothing_before_within_or_after_a_token_is_overlooked(token: str) -> None:
    assert reason_against(token) == "malformed"


def test_a_second_spelling_of_the_same_signature_is_refused() -> None:
    """86 letters hold 516 bits for 512; RFC 4648 §3.5 wants the four left over to be zero."""
    last = LETTERS.index(SIGNATURE[-1])
    for spare in range(1, 16):
        assert reason_against(TOKEN[:-1] + LETTERS[last + spare]) == "malformed"


def test_a_token_longer_than_any_qr_code_is_not_even_read() -> None:
    assert reason_against(f"{HEADER}.{'A' * LONGEST_TOKEN}.{SIGNATURE}") == "malformed"
    assert reason_against("A" * 10_000_000) == "malformed"


def test_a_ruling_that_no_qr_code_could_hold_is_not_signed() -> None:
    with pytest.raises(TokenTooLong, match="US-TN-2026-000123"):
        sign_ruling(claims(facts={f"fact.{number}": f"{number:08}" for number in range(2_000)}), KEY)


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 0},
        {"v": "1"},
        {"v": 1.5},
        {"v": True},
        {"i": -1},
        {"vf": "01/12/2026"},
        {"r": "US-TN-01"},
        {"r": [1]},
        {"f": []},
        {"f": {"a": 1}},
        {"n": None},
        {"more": 1},
        {"number": "US-TN-2026-000001"},
    ],
)
def test_claims_that_are_not_those_of_a_ruling_are_refused(changes: dict[str, Any]) -> None:
    assert reason_against(signed({**GOOD_CLAIMS, **changes})) == "malformed"


@pytest.mark.parametrize("name", GOOD_CLAIMS)
def test_claims_that_leave_one_out_are_refused(name: str) -> None:
    assert reason_against(signed({key: value for key, value in GOOD_CLAIMS.items() if key != name})) == "malformed"


@pytest.mark.parametrize(
    "content",
    [
        b"{}",
        deflated(b"{}"),
        deflated(b"[]"),
        deflated(b"\xff"),
        deflated(json.dumps(GOOD_CLAIMS).encode())[:-1],
        deflated(json.dumps(GOOD_CLAIMS).encode()) + b"\0",
        zlib.compress(json.dumps(GOOD_CLAIMS).encode()),
        deflated(b" " * 1_000_000 + json.dumps(GOOD_CLAIMS).encode()),
    ],
    ids=count(),
)
def test_content_that_is_not_one_small_text_of_claims_is_refused(content: bytes) -> None:
    assert reason_against(signed(content)) == "malformed"


def test_a_refusal_says_nothing_of_what_the_token_held() -> None:
    with pytest.raises(TokenRefused) as refusal:
        read_ruling(forged(GOOD_HEADER, key=new_key()), KEYS)
    assert str(refusal.value) == "bad_signature"
