"""Keyed hashes by which a person, a document or an address is found again. Pure; none of them can be read back."""

import hmac
from collections.abc import Mapping
from typing import Any

from crossing.rulings.person import plain


def subject_key(key: bytes, identity: Mapping[str, Any]) -> str:
    """Of name and birth date: alike however the name is written, and for who has one name only."""
    name = plain(f"{identity['surname']} {identity.get('given_names', '')}")
    return _keyed(key, "subject", name, identity["born_on"])


def document_key(key: bytes, document: Mapping[str, Any]) -> str:
    """Of a document's issuer and number, whatever blanks or dashes it is written with."""
    return _keyed(key, "document", document["issued_by"], plain(document["number"]))


def address_key(key: bytes, email: str) -> str:
    """Of an e-mail address."""
    return _keyed(key, "address", email.strip().lower())


def _keyed(key: bytes, *parts: str) -> str:
    return hmac.digest(key, "\x1f".join(("redress", *parts)).encode(), "sha256").hex()
