"""Canonical digests: SHA-256 over canonical JSON (RFC 8785)."""

import hashlib
import re
from typing import Any, Final

import orjson
import rfc8785

_SORTED: Final = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
#: Where a fast writer and RFC 8785 may differ: a fraction, a null (which may have been NaN), a name beyond U+DFFF,
#: which sorts by code point here and by UTF-16 there.
_DOUBTFUL: Final = re.compile(rb"(?:^|[\[,:])(?:-?\d+[.eE]|null)|[\xee-\xff]")


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
    return rfc8785.dumps(value) if _DOUBTFUL.search(text) else text
