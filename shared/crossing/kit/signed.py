"""Signed texts: compact JWS, ES256 only, one spelling (RFC 7515, RFC 7518 §3.4)."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, Final, Literal

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet

_ALGORITHM: Final = "ES256"
_ES256: Final = jws.default_registry.get_alg(_ALGORITHM)
_COMPACT: Final = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)")
#: The letters of two numbers of 32 bytes (RFC 7518 §3.4).
_SIGNATURE_LETTERS: Final = 86

Reason = Literal["malformed", "wrong_algorithm", "unknown_key", "bad_signature"]


class TokenRefused(Exception):
    """A signed text that cannot be relied on; ``reason`` says why, in a word that records keep."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


def sign(content: bytes, kind: str, key: ECKey) -> str:
    """A content signed with a private P-256 key; ``kind`` is the ``typ`` of its header (RFC 7515 §4.1.9)."""
    return jws.serialize_compact(_header(key.kid or key.thumbprint(), kind), content, key, algorithms=[_ALGORITHM])


def verify(text: str, kind: str, keys: KeySet, *, longest: int) -> bytes:
    """What was signed, by one of these keys and as this kind; nothing is read from it before its signature holds.

    Raises ``TokenRefused`` for a text longer than ``longest`` characters, one that is not exactly what ``sign`` writes,
    another algorithm, a key that is not there, and a signature that does not hold.
    """
    parts = _COMPACT.fullmatch(text) if len(text) <= longest else None
    if parts is None:
        raise TokenRefused("malformed")
    header_part, content_part, signature_part = parts.groups()
    key = _key_of(_decoded(header_part), kind, keys)
    if len(signature_part) != _SIGNATURE_LETTERS:
        raise TokenRefused("malformed")
    content, signature = _decoded(content_part), _decoded(signature_part)
    if not _ES256.verify(f"{header_part}.{content_part}".encode(), signature, key):
        raise TokenRefused("bad_signature")
    return content


def _key_of(header: bytes, kind: str, keys: KeySet) -> Key:
    """The key that a header names; the header must be the very bytes that ``sign`` writes: no ``crit``, no more."""
    try:
        stated: Any = orjson.loads(header)
    except ValueError:
        raise TokenRefused("malformed") from None
    if not isinstance(stated, dict):
        raise TokenRefused("malformed")
    if stated.get("alg") != _ALGORITHM:
        raise TokenRefused("wrong_algorithm")
    key = next((each for each in keys if each.kid == stated.get("kid")), None)
    if key is None or key.kid is None:
        raise TokenRefused("unknown_key")
    if header != orjson.dumps(_header(key.kid, kind)):
        raise TokenRefused("malformed")
    try:
        _ES256.check_key(key)
    except JoseError:
        raise TokenRefused("unknown_key") from None
    return key


def _header(key_id: str, kind: str) -> dict[str, Any]:
    return {"alg": _ALGORITHM, "kid": key_id, "typ": kind}


def base64url(content: bytes) -> str:
    """Base64url without padding (RFC 4648 §5)."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(part: str) -> bytes:
    """The bytes of a part in the only spelling that they have: spare bits must be zero (RFC 4648 §3.5)."""
    try:
        content = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        raise TokenRefused("malformed") from None
    if base64url(content) != part:
        raise TokenRefused("malformed")
    return content
