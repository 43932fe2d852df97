"""Documents of a case: the row that lists one, and the file given back as it was sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from starlette.responses import Response

from crossing.kit.database import format_instant
from crossing.kit.uploads import Upload
from crossing.kit.vault import Vault

#: A document is shown by the reader's own programs, never by a page of ours.
_AS_FILE: Final = "default-src 'none'; sandbox"


def document_row(upload: Upload, number: int, kind: str, *, at: datetime, by: str) -> dict[str, Any]:
    """The columns that list a document; those that say whose it is are the service's to add."""
    return {
        "number": number,
        "kind": kind,
        "name": upload.name,
        "media_type": upload.media_type,
        "size": upload.size,
        "sha256": upload.sha256,
        "added_at": format_instant(at),
        "added_by": by,
    }


async def give_file(vault: Vault, row: Mapping[str, Any]) -> Response:
    """A document as it was sent; raises ``NotFound``, or ``EvidenceDamaged`` when it is not what it was."""
    headers = {
        "Content-Disposition": f'attachment; filename="document-{row["number"]}"',
        "Content-Security-Policy": _AS_FILE,
    }
    return Response(await vault.read(row["sha256"]), 200, headers, row["media_type"])
