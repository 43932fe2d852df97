"""A body is read as any JSON reader reads it, and refused where two readers could differ (RFC 8259, RFC 7493)."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossing.kit.problems import MalformedBody
from crossing.kit.strict_json import parse

TEXTS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**300), 10**300)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=25,
)


@given(VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_an_ordinary_value_is_read_as_json_loads_reads_it(value: Any, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert parse(text.encode()) == json.loads(text) == value


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_whatever_arrives_is_read_as_json_loads_reads_it_or_refused(body: bytes) -> None:
    try:
        found = parse(body)
    except MalformedBody:
        return
    expected = json.loads(body)
    assert found == expected
    assert not any(isinstance(part, float) and not math.isfinite(part) for part in _parts(found))


def _parts(value: Any) -> list[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [value, *(part for each in inner for part in _parts(each))]


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (rb'"\\u0000"', "\\u0000"),
        (rb'"a \\ud800 b"', "a \\ud800 b"),
        (rb'"\ud83d\ude00"', "😀"),
        (b'"' + b"7" * 1_000 + b'"', "7" * 1_000),
        (b'{"a": {"b": 1}, "c": {"b": 2}}', {"a": {"b": 1}, "c": {"b": 2}}),
        (b"[" * 32 + b"]" * 32, json.loads("[" * 32 + "]" * 32)),
        (b" \r\n\t1 ", 1),
        (b"-0", 0),
        (b"1e-999", 0.0),
        (b"9" * 400, int("9" * 400)),
    ],
)
def test_what_only_looks_suspicious_is_accepted(body: bytes, value: Any) -> None:
    assert parse(body) == value


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"{'a': 1}", "not JSON"),
        (b"[1,]", "not JSON"),
        (b"01", "not JSON"),
        (b'"\x01"', "not JSON"),
        (b"\xef\xbb\xbf1", "not JSON"),
        (b'"\xff"', "not UTF-8"),
        (b'"\xed\xa0\x80"', "not UTF-8"),
        (b'"\xc0\xaf"', "not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
        (b"NaN", "NaN or Infinity"),
        (b"[-Infinity]", "NaN or Infinity"),
        (b"1e999", "too large"),
        (b"-1e999", "too large"),
        (b"9" * 401, "too large"),
        (b"-" + b"9" * 5_000, "too large"),
        (b'{"a": 1, "a": 1}', "twice"),
        (b'[{"b": {"a": 1, "c": 2, "a": 3}}]', "twice"),
        (rb'{"a": 1, "\u0061": 2}', "twice"),
        (rb'"\ud800"', "half a character"),
        (rb'{"\udc00": 1}', "half a character"),
        (rb'[["\ude00\ud83d"]]', "half a character"),
        (rb'"\u0000"', "NUL"),
        (rb'{"a\u0000": 1}', "NUL"),
        (b"[" * 33 + b"]" * 33, "nested deeper"),
        (b"[" * 100_000 + b"]" * 100_000, "nested deeper"),
        (b'{"a":' * 3_000 + b"1" + b"}" * 3_000, "nested deeper"),
        (json.dumps({str(number): 0 for number in range(2_001)}).encode(), "more than 2000 fields"),
        (json.dumps([{"a": 0}] * 2_001).encode(), "more than 2000 fields"),
    ],
)
def test_what_two_readers_could_understand_differently_is_refused_with_the_reason(body: bytes, said: str) -> None:
    with pytest.raises(MalformedBody) as refusal:
        parse(body)
    assert refusal.value.texts is not None
    assert said in refusal.value.texts["en"]
    assert refusal.value.texts.keys() == {"en", "fr", "es"}
