"""Documents as people upload them, and some as people should not."""

import io
import zipfile
import zlib
from functools import cache
from typing import Final

import typst

from crossing.kit.uploads import load_upload_rules

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
    """A document with an entry that says it unpacks to four bytes, and unpacks to 120 MB."""
    packing = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return with_packed(b"".join(packing.compress(b"A" * 1_000_000) for _ in range(120)) + packing.flush())


def packed(*, end: bytes, flush: int = zlib.Z_FINISH) -> bytes:
    """Four bytes packed, with another end than there should be."""
    packing = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packing.compress(b"AAAA") + packing.flush(flush) + end


def with_packed(packed: bytes) -> bytes:
    """A document with an entry that says it unpacks to AAAA, with the checksum of that, and holds other bytes."""
    made = bytearray(docx({"word/media/a.xml": b"AAAA"}, stored=True))
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


def many_entries() -> bytes:
    """A document with more entries than are looked at."""
    return docx({f"word/{number}.xml": b"" for number in range(load_upload_rules().archive.most_entries)})


def locked() -> bytes:
    """A document that asks for a password."""
    made = bytearray(docx())
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[made.index(magic) + flags] |= 1
    return bytes(made)
