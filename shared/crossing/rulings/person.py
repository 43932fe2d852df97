"""Whose ruling it is: salted hashes of a person and of a document, alike in whatever letters a name is written."""

import hashlib
import re
import unicodedata
from typing import Final

from crossing.kit.signed import base64url

#: Letters that lose no accent because they have none, as a zone prints them; the dotless ı is I in capitals already.
_TRANSLITERATED: Final = str.maketrans(
    {"Æ": "AE", "Œ": "OE", "Ø": "OE", "Ð": "D", "Đ": "D", "Ł": "L", "Þ": "TH", "Ħ": "H", "Ŋ": "N", "Ĳ": "IJ", "ẞ": "SS"}
)
_NEITHER_LETTER_NOR_DIGIT: Final = re.compile(r"[\W_]+")
_DIGRAPH: Final = re.compile("AE|OE|UE|AA")
_BYTES: Final = 16


def plain(text: str) -> str:
    """Letters and digits only, alike for a name in its own letters and as a zone prints it (Doc 9303-3 §6).

    A zone may print Ü as UE or as U, so that both are taken for U here; the text only has to be the same, not readable.
    """
    decomposed = unicodedata.normalize("NFKD", text.upper().translate(_TRANSLITERATED))
    return _DIGRAPH.sub(lambda found: found[0][0], _NEITHER_LETTER_NOR_DIGIT.sub("", decomposed))


def person_hash(salt: str, surname: str, given_names: str, born_on: str | None) -> str:
    """Salted hash of name and birth date (ISO day): the same for a renewed document. A person may have one name only.

    SHA-256, its first 16 bytes in base64url.
    """
    return salted(_BYTES, salt, "person", plain(f"{surname} {given_names}"), born_on or "")


def document_hash(salt: str, issued_by: str | None, number: str) -> str:
    """Salted hash of a document's issuer (alpha-2) and number, whatever blanks or dashes it is written with."""
    return salted(_BYTES, salt, "document", issued_by or "", plain(number))


def salted(size: int, *parts: str) -> str:
    """SHA-256 over parts that cannot run into one another, its first ``size`` bytes in base64url."""
    return base64url(hashlib.sha256("\x1f".join(parts).encode()).digest()[:size])
