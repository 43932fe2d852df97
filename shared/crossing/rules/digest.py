"""Canonical digests: SHA-256 over canonical JSON (RFC 8785)."""

import hashlib
from typing import Any, Final

import orjson
import rfc8785

_SORTED: Final = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_MARKS_AND_DIGITS: Final = b"{}[]:,-0123456789"


def digest_of(value: Any) -> str:
    """Digest of a JSON value: ``sha256:`` and 64 hexadecimal digits, the same for equal values in every spelling.

    Raises ``rfc8785.CanonicalizationError`` for what JSON cannot hold (NaN, integers beyond 2**53).
    """
    return "sha256:" + hashlib.sha256(canonical(value)).hexdigest()


def canonical(value: Any) -> bytes:
    """Canonical JSON (RFC 8785), by the fast writer wherever both write the same."""
    try:
        text = orjson.dumps(value, option=_SORTED)
    except orjson.JSONEncodeError:
        return rfc8785.dumps(value)
    return text if _is_plain(text) else rfc8785.dumps(value)


def _is_plain(text: bytes) -> bool:
    """Whether both writers surely write the same.

    They may differ in a fraction, in a null (which may have been NaN), and in names beyond U+DFFF, which one sorts by
    code point and the other by UTF-16. Outside of texts, plain JSON holds nothing but marks, digits, true and false.
    """
    if b"\\" in text or not (text.isascii() or max(text) < 0xEE):
        return False
    outside = b"".join(text.split(b'"')[::2]).translate(None, _MARKS_AND_DIGITS)
    return not outside.replace(b"true", b"").replace(b"false", b"")
