"""Looks through a document that is a ZIP archive (APPNOTE 6.3) without trusting what it says of itself.

Sizes of the directory only tell what to refuse at once; each entry is unpacked, a little at a time and no further than
the limits, and must come out as long as the directory says.
"""

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from crossing.kit.upload_problems import UploadIsSomethingElse, unsafe

_CHUNK: Final = 65_536
_LOCAL_HEADER: Final = 30
_LOCAL_MAGIC: Final = b"PK\x03\x04"
_ENCRYPTED: Final = 0x1


@dataclass(frozen=True)
class ArchiveLimits:
    """How much an archive may hold; names and first bytes of entries that it may not."""

    most_entries: int
    most_unpacked_bytes: int
    most_ratio: int
    refused_names: tuple[str, ...]
    refused_magic: tuple[bytes, ...]


def check_archive(file: BinaryIO, size: int, holds: Sequence[str], limits: ArchiveLimits) -> None:
    """Check an archive of ``size`` bytes that must hold some entries.

    Raises ``UploadIsUnsafe`` for what unpacks to too much, is locked, or holds an archive or macros, and
    ``UploadIsSomethingElse`` for what is damaged, no such document, or lies about its sizes.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError):
        raise UploadIsSomethingElse from None
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or not set(holds) <= set(names):
        raise UploadIsSomethingElse
    most = min(limits.most_unpacked_bytes, size * limits.most_ratio)
    if len(entries) > limits.most_entries or sum(entry.file_size for entry in entries) > most:
        raise unsafe("unpacks")
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise unsafe("locked")
    if any(name.endswith(limits.refused_names) for name in names):
        raise unsafe("macros")
    for entry in entries:
        most -= _unpack(file, entry, most, limits)


def _unpack(file: BinaryIO, entry: zipfile.ZipInfo, most: int, limits: ArchiveLimits) -> int:
    """The size an entry has in truth, which must be the one it says."""
    if entry.header_offset < 0:
        raise UploadIsSomethingElse
    file.seek(entry.header_offset)
    header = file.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER or not header.startswith(_LOCAL_MAGIC):
        raise UploadIsSomethingElse
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    first = b""
    found, check = 0, 0
    for part in _parts(file, entry):
        if not first:
            first = part
        found += len(part)
        check = zlib.crc32(part, check)
        if found > most:
            raise unsafe("unpacks")
    if first.startswith(limits.refused_magic):
        raise unsafe("nested")
    if (found, check) != (entry.file_size, entry.CRC):
        raise UploadIsSomethingElse
    return found


def _parts(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    left = entry.compress_size
    if entry.compress_type == zipfile.ZIP_STORED:
        while left > 0 and (part := file.read(min(left, _CHUNK))):
            left -= len(part)
            yield part
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
        while left > 0 and not unpacking.eof and (packed := file.read(min(left, _CHUNK))):
            left -= len(packed)
            yield from _inflated(unpacking, packed)
        if left or unpacking.unused_data or not unpacking.eof:
            raise UploadIsSomethingElse
    else:
        raise UploadIsSomethingElse


def _inflated(unpacking: Any, packed: bytes) -> Iterator[bytes]:
    """What packed bytes hold, a part at a time; a full part may leave more behind, even where all bytes were taken."""
    full = True
    while full or packed:
        try:
            part: bytes = unpacking.decompress(packed, _CHUNK)
        except zlib.error:
            raise UploadIsSomethingElse from None
        packed, full = unpacking.unconsumed_tail, len(part) == _CHUNK
        yield part
