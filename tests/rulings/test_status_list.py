"""The status list: every bit in its place, small, signed, and no older than a port may rely on."""

import random
import zlib
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from tests.rulings.claims import claims, new_key, public

from crossing.kit.signed import base64url, sign
from crossing.rulings.status_list import pack_status, read_status_list
from crossing.rulings.token import TokenRefused, read_ruling, sign_ruling

KEY = new_key()
KEYS = public(KEY)
NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LIST = pack_status([False, True], NOW, KEY)


def reason_against(text: str, keys: Any = KEYS) -> str:
    with pytest.raises(TokenRefused) as refusal:
        read_status_list(text, keys)
    return refusal.value.reason


@settings(deadline=None)
@given(st.lists(st.booleans(), max_size=300))
def test_every_ruling_has_its_own_bit(bits: list[bool]) -> None:
    read = read_status_list(pack_status(bits, NOW, KEY), KEYS)
    assert [read.is_set(index) for index in range(len(bits))] == bits
    assert not any(read.is_set(index) for index in range(len(bits), len(bits) + 20))
    assert not read.is_set(-1)


def test_bits_stand_as_in_the_example_of_the_draft() -> None:
    """draft-ietf-oauth-status-list, section 4.1: sixteen bits make the bytes B9 A3, given there as eNrbuRgAAhcBXQ."""
    bits = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]
    content = orjson.loads(jws.deserialize_compact(pack_status(map(bool, bits), NOW, KEY), KEY).payload)
    packed = content["status_list"]["lst"]
    assert zlib.decompress(urlsafe_b64decode(packed + "==")) == bytes.fromhex("b9a3")
    assert content["status_list"] == {"bits": 1, "lst": "eNrbuRgAAhcBXQ"}
    assert content["iat"] == int(NOW.timestamp())
    assert content["exp"] - content["iat"] == 24 * 3600
    assert content["ttl"] == 15 * 60


@pytest.mark.parametrize(("share", "most_bytes"), [(0, 512), (0.01, 4_096), (0.5, 23_000)])
def test_a_hundred_thousand_rulings_stay_small(share: float, most_bytes: int) -> None:
    """With none, one in a hundred and, at worst, half of them ended early, at places that follow no pattern."""
    chance = random.Random(7)
    bits = [chance.random() < share for _ in range(100_000)]
    text = pack_status(bits, NOW, KEY)
    read = read_status_list(text, KEYS)
    print(f"{share:.0%} of 100,000 rulings: {len(text)} bytes")
    assert [read.is_set(index) for index in range(100_000)] == bits
    assert len(text) <= most_bytes


@pytest.mark.parametrize(
    ("age", "on_line", "off_line"),
    [
        (timedelta(0), True, True),
        (15 * MINUTE, True, True),
        (16 * MINUTE, False, True),
        (24 * HOUR, False, True),
        (24 * HOUR + MINUTE, False, False),
        (-14 * MINUTE, True, True),
        (-16 * MINUTE, False, False),
    ],
)
def test_a_list_is_relied_on_for_a_quarter_of_an_hour_on_line_and_a_day_off_line(
    age: timedelta, on_line: bool, off_line: bool
) -> None:
    read = read_status_list(LIST, KEYS)
    assert read.issued_at == NOW
    assert read.age(NOW + age) == age
    assert read.usable(NOW + age, on_line=True) is on_line
    assert read.usable(NOW + age, on_line=False) is off_line


def test_the_instant_of_a_list_is_kept_to_the_second() -> None:
    read = read_status_list(pack_status([], NOW + timedelta(microseconds=900_000), KEY), KEYS)
    assert read.issued_at == NOW


@settings(deadline=None)
@given(st.integers(0, len(LIST) - 1), st.sampled_from("Az09-_.= \n"))
def test_no_altered_list_is_accepted(place: int, letter: str) -> None:
    if LIST[place] != letter:
        assert reason_against(LIST[:place] + letter + LIST[place + 1 :])


def test_a_list_of_another_key_is_refused() -> None:
    other = new_key()
    assert reason_against(LIST, public(other)) == "unknown_key"
    other_under_our_name = type(other).import_key({**other.as_dict(private=True), "kid": KEY.kid})
    assert reason_against(pack_status([True], NOW, other_under_our_name)) == "bad_signature"


def test_a_list_is_no_ruling_and_a_ruling_is_no_list() -> None:
    """RFC 8725 §3.11: what is signed for one use may not serve for another."""
    assert reason_against(sign_ruling(claims(), KEY)) == "malformed"
    with pytest.raises(TokenRefused, match="malformed"):
        read_ruling(LIST, KEYS)


GOOD = {"iat": 1, "exp": 2, "status_list": {"bits": 1, "lst": base64url(zlib.compress(b"\0"))}}


@pytest.mark.parametrize(
    "content",
    [
        b" ",
        b"{",
        orjson.dumps([]),
        orjson.dumps({}),
        orjson.dumps({**GOOD, "iat": "1"}),
        orjson.dumps({**GOOD, "exp": 1e30}),
        orjson.dumps({**GOOD, "status_list": []}),
        orjson.dumps({**GOOD, "status_list": {"bits": 2, "lst": base64url(zlib.compress(b"\0"))}}),
        orjson.dumps({**GOOD, "status_list": {"bits": 1, "lst": "AAAA"}}),
        orjson.dumps({**GOOD, "status_list": {"bits": 1, "lst": base64url(zlib.compress(b"\0" * 3_000_000))}}),
    ],
)
def test_content_that_is_no_list_is_refused(content: bytes) -> None:
    assert reason_against(sign(content, "statuslist+jwt", KEY)) == "malformed"
