"""Documents as people upload them, and some as people should not."""

import io
import zipfile
import zlib
from functools import cache
from typing import Final

import typst

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PNG: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def pdf(text: str = "Offer letter") -> bytes:
    """A PDF."""
    document: bytes = typst.compile(text.encode())
    return document


def docx(extra: dict[str, bytes] | None = None, *, stored: bool = False) -> bytes:
    """A document of a word processor, with entries beside those it needs."""
    made = io.BytesIO()
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document>" + "".join(f"<p>{number}</p>" for number in range(500)))
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return made.getvalue()


@cache
def bomb_that_lies() -> bytes:
    """A document with an entry that says it unpacks to four bytes, with the checksum of those, and holds 120 MB."""
    made = bytearray(docx({"word/media/a.xml": b"AAAA"}, stored=True))
    packing = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = b"".join(packing.compress(b"A" * 1_000_000) for _ in range(120)) + packing.flush()
    name = b"word/media/a.xml"
    header = made.rindex(b"PK\x03\x04", 0, made.index(name))
    start = header + 30 + len(name)
    grown = len(packed) - 4
    made[start : start + 4] = packed
    for at, width, value in ((header + 8, 2, zipfile.ZIP_DEFLATED), (header + 18, 4, len(packed))):
        made[at : at + width] = value.to_bytes(width, "little")
    entry = made.rindex(b"PK\x01\x02", 0, made.rindex(name))
    for at, width, value in ((entry + 10, 2, zipfile.ZIP_DEFLATED), (entry + 20, 4, len(packed))):
        made[at : at + width] = value.to_bytes(width, "little")
    end = made.rindex(b"PK\x05\x06")
    first_entry = int.from_bytes(made[end + 16 : end + 20], "little") + grown
    made[end + 16 : end + 20] = first_entry.to_bytes(4, "little")
    return bytes(made)
