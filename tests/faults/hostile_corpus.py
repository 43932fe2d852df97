"""Bodies and headers that other services were broken by, for any operation that takes a body."""

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True)
class Hostile:
    """A request to try. One that is ``refused`` must be answered by a problem; any other, by no fault."""

    name: str
    body: bytes
    headers: Mapping[str, str | bytes] = field(default_factory=dict)
    refused: bool = True


_JSON: Final = "application/json"
#: Values that are no JSON, or none that everybody reads alike, where any value may stand.
VALUES: Final[Mapping[str, bytes]] = {
    "NaN": b"NaN",
    "-Infinity": b"-Infinity",
    "1e999": b"1e999",
    "5,000-digit integer": b"9" * 5_000,
    "lone high surrogate": b'"\\ud800"',
    "lone low surrogate": b'"a\\udc00"',
    "NUL": b'"x\\u0000y"',
    "raw control character": b'"x\x01y"',
    "not UTF-8": b'"\xff\xfe"',
    "overlong UTF-8": b'"\xc0\xaf"',
    "the same name twice": b'{"a": 1, "a": 2}',
    "arrays nested 100,000 deep": b"[" * 100_000 + b"]" * 100_000,
    "objects nested 3,000 deep": b'{"a":' * 3_000 + b"1" + b"}" * 3_000,
}
#: Texts that are good JSON, and harm who is careless with text.
TEXTS: Final[Mapping[str, str]] = {
    "bidirectional override": "\u202egro.live",
    "non-characters": "\uffff\ufdd0",
    "combining marks": "a" + "\u0301" * 3_000,
    "SQL": "'; DROP TABLE revisions; --",
    "template": "{{7*7}} ${7*7} %s %n",
    "CRLF": "x\r\nSet-Cookie: a=b",
    "formula": "=cmd|' /C calc'!A0",
    "path": "../../../../etc/passwd",
    "2^64": "18446744073709551616",
}
_WHOLE: Final[Mapping[str, bytes]] = {
    "not JSON": b"{oops",
    "half a body": b'{"a": {',
    "a text": b'"x"',
    "a list": b"[]",
    "null": b"null",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"a": 1}',
    "__proto__": b'{"__proto__": {"admin": true}}',
    "100,000 names": json.dumps({str(each): each for each in range(100_000)}).encode(),
    "2 MB": b'{"a": "' + b"x" * 2_000_000 + b'"}',
}
#: Sent to one operation of each service only, since each takes a while to send.
LARGE: Final = (
    Hostile("20 MB", b'{"a": "' + b"x" * 20_000_000 + b'"}'),
    Hostile("gzip bomb", gzip.compress(b'{"a": "' + b"x" * 50_000_000 + b'"}'), {"content-encoding": "gzip"}),
)
_HEADERS: Final[Mapping[str, tuple[Mapping[str, str | bytes], bool]]] = {
    "empty key": ({"Idempotency-Key": ""}, True),
    "key of 10 kB": ({"Idempotency-Key": "k" * 10_000}, True),
    "key that is not ASCII": ({"Idempotency-Key": "clé".encode()}, True),
    "XML": ({"content-type": "application/xml"}, True),
    "UTF-7": ({"content-type": f"{_JSON}; charset=utf-7"}, True),
    "a content type without end": ({"content-type": f"{_JSON}; a=" + "x" * 5_000}, False),
    "form without a boundary": ({"content-type": "multipart/form-data"}, True),
    "deflate": ({"content-encoding": "deflate"}, True),
    "a version that is none": ({"If-Match": '"' + "9" * 4_000 + '"'}, True),
    "a language that is none": ({"Accept-Language": b"*;q=1e999, \xff" + b",x" * 2_000}, False),
    "a request id that is none": ({"X-Request-ID": "a b" * 500}, False),
    "a trace that is none": ({"traceparent": "00-" + "0" * 400}, False),
    "a token that is none": ({"Authorization": "Bearer " + "." * 4_000}, True),
    "a token of no text": ({"Authorization": b"Bearer \xff\xfe"}, True),
}


def hostile(properties: Mapping[str, Any], media_type: str) -> Iterator[Hostile]:
    """The requests for an operation whose body has such properties (their schemas)."""
    names = [*properties][:3] or ["a"]
    kind = {"content-type": media_type}
    for name in names:
        lead = b"{" + json.dumps(name).encode() + b": "
        yield from (Hostile(f"{each} for {name}", lead + value + b"}", kind) for each, value in VALUES.items())
        for each, text in TEXTS.items():
            yield Hostile(f"{each} for {name}", json.dumps({name: text}).encode(), kind, refused=False)
    yield from (Hostile(name, body, kind) for name, body in _WHOLE.items())
    for name, (headers, refused) in _HEADERS.items():
        yield Hostile(name, b'{"a": 1}', {**kind, **headers}, refused)
