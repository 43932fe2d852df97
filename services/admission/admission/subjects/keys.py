"""By what a person is found in the lists: keyed hashes, alike in whatever letters a name is written."""

import hashlib
from dataclasses import dataclass

from crossing.rulings.person import plain


@dataclass(frozen=True)
class SubjectKeys:
    """The keys of a person and of the document shown, ``None`` where there is no document."""

    person: str
    document: str | None


def keys_of(
    secret: bytes,
    surname: str,
    given_names: str,
    born_on: str | None,
    issued_by: str | None,
    document_number: str | None,
) -> SubjectKeys:
    """The keys of a name with its birth date (ISO day), and of a document with its issuer (alpha-2).

    Citizenship is no part of either key, because a person may have two. Where the birth date is not known, the name
    is found only among those of whom it is not known either. A person may have one name only.
    """
    person = _keyed(secret, "subject", plain(f"{surname} {given_names}"), born_on or "")
    return SubjectKeys(person, document_key(secret, issued_by, document_number) if document_number else None)


def document_key(secret: bytes, issued_by: str | None, number: str) -> str:
    """The key of a document, whatever blanks or dashes its number is written with."""
    return _keyed(secret, issued_by or "", plain(number))


def _keyed(secret: bytes, *parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode(), key=secret, digest_size=32).hexdigest()
