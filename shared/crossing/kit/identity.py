"""Who is calling: bearer tokens, checked by every service itself (RFC 6750, RFC 7519)."""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from fastapi.security import HTTPBearer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from starlette.requests import Request

from crossing.kit.problems import NotAllowed, NotAuthenticated

ALGORITHMS: Final = ["ES256"]
#: Where a browser keeps its token.
SESSION_COOKIE: Final = "crossing_session"
_MOST_REMEMBERED = 10_000
_LONGEST_TOKEN = 4_096
#: As long as the columns that keep them.
_LONGEST_NAMES: Final = {"sub": 128, "port": 16, "terminal": 32}


class Role(StrEnum):
    """What a person or a service may be."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    ADJUDICATOR = "adjudicator"
    CASEWORKER = "caseworker"
    ANALYST = "analyst"
    APPLICANT = "applicant"
    SERVICE = "service"


@dataclass(frozen=True)
class Caller:
    """An authenticated caller. ``port_id`` and ``terminal_id`` are where an officer's session stands."""

    subject: str
    roles: frozenset[Role]
    port_id: str | None
    terminal_id: str | None
    expires_at: int


def token_in(file: Path) -> Callable[[], str]:
    """The token in a file, read at each call, since tokens end and are replaced."""
    return lambda: file.read_text(encoding="ascii").strip()


class TokenChecker:
    """Checks tokens, and remembers a checked one by its digest until it expires: only checking costs."""

    def __init__(self, keys: KeySet, *, issuer: str, audience: str, now: Callable[[], float] = time.time) -> None:
        self._keys = keys
        self._now = now
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(now()),
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        self._remembered: dict[bytes, Caller] = {}

    def check(self, token: str) -> Caller:
        """The caller a token stands for; raises ``NotAuthenticated``."""
        digest = hashlib.sha256(token.encode()).digest()
        caller = self._remembered.get(digest)
        if caller is None:
            caller = self._decode(token)
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[digest] = caller
        if caller.expires_at <= self._now():
            raise _refused()
        return caller

    def _decode(self, token: str) -> Caller:
        try:
            if len(token) > _LONGEST_TOKEN:
                raise ValueError
            claims = jwt.decode(token, self._keys, algorithms=ALGORITHMS).claims
            self._claims.validate(claims)
            return _caller_of(claims)
        except (JoseError, ValueError, TypeError, KeyError):
            raise _refused() from None


def _caller_of(claims: Mapping[str, Any]) -> Caller:
    """The caller that checked claims name; raises ``ValueError`` for a name that cannot be one of ours."""
    names = {claim: claims.get(claim) for claim in _LONGEST_NAMES}
    roles = claims.get("roles") or []
    for claim, name in names.items():
        if name is not None and (not isinstance(name, str) or len(name) > _LONGEST_NAMES[claim]):
            raise ValueError
    if not isinstance(roles, list):
        raise ValueError
    return Caller(claims["sub"], frozenset(map(Role, roles)), names["port"], names["terminal"], claims["exp"])


def _refused() -> NotAuthenticated:
    return NotAuthenticated(headers={"WWW-Authenticate": 'Bearer realm="crossing"'})


class CallerWith(HTTPBearer):
    """Dependency: the caller, who has at least one of the roles; raises ``NotAuthenticated`` or ``NotAllowed``.

    It is a scheme of FastAPI's, so that the OpenAPI description says that a route wants a token.
    """

    def __init__(self, roles: frozenset[Role]) -> None:
        super().__init__(auto_error=False, bearerFormat="JWT", scheme_name="HTTPBearer")
        self.roles = roles

    async def __call__(self, request: Request) -> Caller:  # type: ignore[override]
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            token = request.cookies.get(SESSION_COOKIE, "")
        if not token:
            raise _refused()
        caller: Caller = request.app.state.tokens.check(token.strip())
        if not caller.roles.intersection(self.roles):
            raise NotAllowed
        return caller


def caller_with(*roles: Role) -> CallerWith:
    """Dependency: the caller, who has at least one of the roles."""
    return CallerWith(frozenset(roles))


async def open_to_anyone(request: Request) -> None:
    """Dependency that declares a route open; requests are limited by address."""
    limiter = getattr(request.app.state, "limiter", None)
    if limiter:
        await limiter.admit(request)
