"""Entity tags: which version a caller has read (RFC 9110 §8.8.3 and §13.1.1)."""

from starlette.requests import Request

from crossing.kit.problems import PreconditionRequired, StaleVersion


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
