"""Idempotency keys: a repeat gets the first answer, a repeat with another body is refused.

The key is kept in the transaction of what it stands for, with the answer that was given; so an answer that was never
sent is found again, and a request that never committed leaves no key.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Integer, MetaData, String, Table, Text, text
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from crossing.kit.database import surely_kept
from crossing.kit.identity import Caller
from crossing.kit.ledger import Insert
from crossing.kit.problems import FieldError, IdempotencyKeyReused, InvalidRequest

TABLE = "idempotency_keys"
#: The header's entry in the OpenAPI description of whatever may be repeated.
IDEMPOTENCY_KEY: Final[dict[str, Any]] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "a repeat with the same key gets the first answer; with another body it is refused by 422",
}
_KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")
_TEXTS = {
    "en": "must be 1 to 255 printable ASCII characters without blanks",
    "fr": "doit compter de 1 à 255 caractères ASCII imprimables sans espace",
    "es": "debe tener de 1 a 255 caracteres ASCII imprimibles sin espacios",
}


def idempotency_table(metadata: MetaData) -> None:
    """Declare the table of keys."""
    Table(
        TABLE,
        metadata,
        Column("caller", String(128), primary_key=True),
        Column("key", String(255), primary_key=True),
        Column("request_digest", String(64), nullable=False),
        Column("status", Integer, nullable=False),
        Column("etag", String(32)),
        Column("location", String(255)),
        Column("body", Text, nullable=False),
        Column("at", String(27), nullable=False),
    )


@dataclass(frozen=True)
class Attempt:
    """One request with a key."""

    caller: str
    key: str
    request_digest: str

    def kept(self, response: Response, at: str) -> Insert:
        """The row that keeps the answer to this request."""
        return Insert(
            TABLE,
            {
                "caller": self.caller,
                "key": self.key,
                "request_digest": self.request_digest,
                "status": response.status_code,
                "etag": response.headers.get("etag"),
                "location": response.headers.get("location"),
                "body": bytes(response.body).decode(),
                "at": at,
            },
        )


async def attempt_of(request: Request, caller: Caller, content: bytes | None = None) -> Attempt | None:
    """The attempt a request is, when it names a key; raises ``InvalidRequest`` for a key that cannot be one.

    ``content`` stands for the body where that was read as it came, or differs each time as a form with a file does.
    """
    key = request.headers.get("idempotency-key")
    return None if key is None else await attempt_with(key, request, caller, content)


async def attempt_with(key: str, request: Request, caller: Caller, content: bytes | None = None) -> Attempt:
    """As ``attempt_of``, under a key that stands elsewhere."""
    if not _KEY.match(key):
        raise InvalidRequest(errors=[FieldError("/Idempotency-Key", _TEXTS)])
    parts = (
        request.method,
        request.scope["path"],
        request.headers.get("accept-language", ""),
        request.headers.get("if-match", ""),
    )
    body = await request.body() if content is None else content
    digest = hashlib.sha256("\n".join(parts).encode() + b"\n" + body).hexdigest()
    return Attempt(caller.subject, key, digest)


async def first_answer(connection: AsyncConnection, attempt: Attempt | None) -> Response | None:
    """The answer an earlier request with this key was given; ``IdempotencyKeyReused`` if it was another request."""
    if attempt is None:
        return None
    statement = text(f"SELECT * FROM {TABLE} WHERE caller = :caller AND key = :key")
    row = (await connection.execute(statement, {"caller": attempt.caller, "key": attempt.key})).one_or_none()
    if row is None:
        return None
    if row.request_digest != attempt.request_digest:
        raise IdempotencyKeyReused
    await surely_kept(connection)
    headers = {"ETag": row.etag, "Location": row.location, "Idempotency-Replayed": "true"}
    return Response(row.body, row.status, {name: value for name, value in headers.items() if value}, "application/json")
