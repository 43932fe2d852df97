"""Canonical digests: SHA-256 over canonical JSON (RFC 8785)."""

import hashlib
from typing import Any

import rfc8785


def digest_of(value: Any) -> str:
    """Digest of a JSON value: ``sha256:`` and 64 hexadecimal digits, the same for equal values in every spelling.

    Raises ``rfc8785.CanonicalizationError`` for what JSON cannot hold (NaN, integers beyond 2**53).
    """
    return "sha256:" + hashlib.sha256(rfc8785.dumps(value)).hexdigest()
