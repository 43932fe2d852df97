"""Takes a file that somebody uploads as evidence, and checks that it is what it is said to be."""

import asyncio
import hashlib
import re
import unicodedata
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from crossing.kit.archives import ArchiveLimits, check_archive
from crossing.kit.middleware import Limits
from crossing.kit.problems import BodyTooLarge, FieldError, InvalidRequest
from crossing.kit.upload_problems import (
    FILE,
    MalformedUpload,
    UploadIsSomethingElse,
    UploadTooLarge,
    UploadTypeNotAccepted,
)
from crossing.packs.files import read_yaml

RULES: Final = Path(__file__).parent / "uploads.yaml"
#: What a form may bring beside the file and its fields: boundaries and headers of parts.
_AROUND: Final = 16_384
_TAIL: Final = 1_024
_START_OF_INDEX: Final = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF[\s\0]*\Z")
_INDEX: Final = re.compile(rb"\s*(xref\b|\d+\s+\d+\s+obj\b)")
_TEXTS: Final = {
    "missing": {"en": "is required", "fr": "est obligatoire", "es": "es obligatorio"},
    "empty": {"en": "is empty", "fr": "est vide", "es": "está vacío"},
    "type": {
        "en": "must be one of {types}",
        "fr": "doit être l’une des valeurs {types}",
        "es": "debe ser uno de {types}",
    },
    "large": {
        "en": "is larger than {most} bytes",
        "fr": "dépasse {most} octets",
        "es": "supera los {most} bytes",
    },
}


def form_with(fields: Mapping[str, Any], *, required: Sequence[str]) -> dict[str, Any]:
    """The body, in the OpenAPI description, of a route that takes a ``file`` with other fields (their schemas)."""
    properties = {"file": {"type": "string", "format": "binary"}, **fields}
    schema = {"type": "object", "required": ["file", *required], "properties": properties}
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


@dataclass(frozen=True)
class UploadType:
    """A type of file that is accepted: how it begins, and what it holds when it is an archive."""

    form: Literal["pdf", "image", "archive"]
    magic: bytes
    holds: tuple[str, ...]


@dataclass(frozen=True)
class UploadRules:
    """What may be uploaded: sizes in bytes, and types by media type."""

    most_bytes: int
    most_seconds: float
    most_name_characters: int
    most_fields: int
    most_field_bytes: int
    archive: ArchiveLimits
    types: Mapping[str, UploadType]

    @property
    def most_of_the_form(self) -> int:
        """The most bytes of a whole form."""
        return self.most_bytes + self.most_fields * self.most_field_bytes + _AROUND

    @property
    def limits(self) -> Limits:
        """The limits of a request with a file."""
        return Limits(self.most_seconds, self.most_of_the_form)


@dataclass(frozen=True)
class Upload:
    """A file that was checked, with the other fields of its form. ``name`` is text to show, never a path.

    ``size`` is in bytes; ``fields`` has the values of each field in their order.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    file: BinaryIO
    fields: Mapping[str, Sequence[str]]


@cache
def load_upload_rules(file: Path = RULES) -> UploadRules:
    """The rules in a YAML file."""
    read: dict[str, Any] = read_yaml(file)
    archive = read.pop("archive")
    names, magic = tuple(archive.pop("refused_names")), tuple(map(bytes.fromhex, archive.pop("refused_magic")))
    types = {
        media_type: UploadType(each["form"], bytes.fromhex(each["magic"]), tuple(each.get("holds", ())))
        for media_type, each in read.pop("types").items()
    }
    return UploadRules(archive=ArchiveLimits(refused_names=names, refused_magic=magic, **archive), types=types, **read)


@asynccontextmanager
async def upload_of(request: Request, rules: UploadRules) -> AsyncIterator[Upload]:
    """The file of a form (field ``file``), checked; it is there until the block ends.

    The form is read as it comes, a file beyond a megabyte to the disk, and no further than the limits of the request
    (``UploadRules.limits``, which the service sets for the last step of the route's address). Raises
    ``UploadTooLarge``, ``MalformedUpload``, ``UploadTypeNotAccepted``, ``UploadIsSomethingElse``, ``UploadIsUnsafe``,
    or ``InvalidRequest`` when there is no file in the form.
    """
    form = await _form_of(request, rules)
    try:
        sent = form.get("file")
        if not isinstance(sent, UploadFile):
            raise InvalidRequest(errors=[FieldError(FILE, _TEXTS["missing"])])
        fields = {name: [value for value in form.getlist(name) if isinstance(value, str)] for name in form}
        del fields["file"]
        yield await asyncio.to_thread(_check, sent, fields, rules)
    finally:
        await form.close()


async def _form_of(request: Request, rules: UploadRules) -> FormData:
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise MalformedUpload
    parser = MultiPartParser(
        request.headers,
        request.stream(),
        max_files=1,
        max_fields=rules.most_fields,
        max_part_size=rules.most_field_bytes,
    )
    try:
        return await parser.parse()
    except BodyTooLarge:
        raise _too_large(rules) from None
    except MultiPartException:
        raise MalformedUpload from None


def _check(sent: UploadFile, fields: Mapping[str, Sequence[str]], rules: UploadRules) -> Upload:
    file, size = sent.file, sent.size or 0
    if size == 0:
        raise InvalidRequest(errors=[FieldError(FILE, _TEXTS["empty"])])
    if size > rules.most_bytes:
        raise _too_large(rules)
    media_type = (sent.content_type or "").partition(";")[0].strip().lower()
    kind = rules.types.get(media_type)
    if kind is None:
        types = ", ".join(rules.types)
        raise UploadTypeNotAccepted(errors=[FieldError(FILE, _filled("type", types=types))])
    if file.read(len(kind.magic)) != kind.magic:
        raise UploadIsSomethingElse
    if kind.form == "pdf":
        _check_pdf(file, size)
    elif kind.form == "archive":
        check_archive(file, size, kind.holds, rules.archive)
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    name = plain_name(sent.filename or "", rules.most_name_characters)
    return Upload(name, media_type, size, digest, file, fields)


def _check_pdf(file: BinaryIO, size: int) -> None:
    """Check that a file ends as a PDF does and that its index is where it says (ISO 32000-2 §7.5.5)."""
    file.seek(max(0, size - _TAIL))
    ending = _START_OF_INDEX.search(file.read(_TAIL))
    if ending is None:
        raise UploadIsSomethingElse
    file.seek(min(int(ending[1]), size))
    if not _INDEX.match(file.read(64)):
        raise UploadIsSomethingElse


def plain_name(name: str, most: int) -> str:
    """A file's name as text: its last step, without characters that control or hide anything, at most so long."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(" " if character.isspace() else character for character in last)
    kept = "".join(character for character in shown if not unicodedata.category(character).startswith("C"))
    return " ".join(kept.split())[:most].rstrip()


def _too_large(rules: UploadRules) -> UploadTooLarge:
    return UploadTooLarge(errors=[FieldError(FILE, _filled("large", most=rules.most_bytes))])


def _filled(text: str, **parts: Any) -> dict[str, str]:
    return {language: told.format(**parts) for language, told in _TEXTS[text].items()}
