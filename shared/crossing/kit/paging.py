"""Keyset paging: a page continues after the last row of the one before, however many came meanwhile."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query, Response
from starlette.requests import Request

from crossing.kit.problems import FieldError, InvalidRequest

Limit = Annotated[int, Query(ge=1, le=200, description="entries on a page")]
Cursor = Annotated[str | None, Query(max_length=512, description="`next` of the page before")]

_TEXTS = {
    "en": "is not a cursor that a page of this list gave",
    "fr": "n’est pas un curseur donné par une page de cette liste",
    "es": "no es un cursor que haya dado una página de esta lista",
}


def encode_cursor(key: Sequence[str]) -> str:
    """A cursor that stands for the sort key of a page's last row."""
    return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None, size: int) -> list[str] | None:
    """The sort key a cursor stands for; raises ``InvalidRequest`` for what no page gave."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        key = None
    if not isinstance(key, list) or len(key) != size or not all(_is_plain(part) for part in key):
        raise InvalidRequest(errors=[FieldError("/cursor", _TEXTS)])
    return key


def _is_plain(part: Any) -> bool:
    return isinstance(part, str) and part.isprintable()


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """Name the next page in the ``Link`` header (RFC 8288)."""
    if cursor:
        following = request.url.include_query_params(cursor=cursor)
        response.headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
