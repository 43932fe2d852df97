"""Entity tags: which version a caller has read (RFC 9110 §8.8.3 and §13.1.1)."""

from typing import Any, Final

from starlette.requests import Request

from crossing.kit.problems import PreconditionRequired, StaleVersion

#: The header's entry in the OpenAPI description of an update.
IF_MATCH: Final[dict[str, Any]] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "examples": ["*"]},
    "description": "ETag of the version that was read; without it an update is refused by 428, when stale by 412",
}


def etag(version: int) -> str:
    """The entity tag of a version."""
    return f'"{version}"'


def require_match(request: Request, version: int) -> None:
    """Let an update of ``version`` pass; raises ``PreconditionRequired``, or ``StaleVersion`` with the current ETag."""
    condition = request.headers.get("if-match")
    if condition is None:
        raise PreconditionRequired
    tags = {tag.strip() for tag in condition.split(",")}
    if "*" not in tags and etag(version) not in tags:
        raise StaleVersion(headers={"ETag": etag(version)})
