"""Canonical digests: SHA-256 over canonical JSON (RFC 8785)."""

import hashlib
import json
from typing import Any

import rfc8785

_PLAIN = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest_of(value: Any) -> str:
    """Digest of a JSON value: ``sha256:`` and 64 hexadecimal digits, the same for equal values in every spelling.

    Raises ``rfc8785.CanonicalizationError`` for what JSON cannot hold (NaN, integers beyond 2**53).
    """
    return _named(rfc8785.dumps(value))


def digest_of_plain(value: Any) -> str:
    """The same digest, found quickly, of a value whose names are ASCII and whose numbers are whole or short decimals.

    For such values the standard encoder writes what RFC 8785 prescribes: names sorted, no blanks, shortest escapes.
    """
    return _named(_PLAIN.encode(value).encode())


def _named(canonical: bytes) -> str:
    return "sha256:" + hashlib.sha256(canonical).hexdigest()
