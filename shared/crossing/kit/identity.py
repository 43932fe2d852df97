"""Who is calling: bearer tokens, checked by every service itself (RFC 6750, RFC 7519)."""

import hashlib
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from starlette.requests import Request

from crossing.kit.problems import NotAllowed, NotAuthenticated

ALGORITHMS: Final = ["ES256"]
_MOST_REMEMBERED = 10_000
_LONGEST_TOKEN = 4_096


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
            roles = frozenset(Role(role) for role in claims.get("roles", ()))
        except (JoseError, ValueError, TypeError, KeyError):
            raise _refused() from None
        return Caller(claims["sub"], roles, claims.get("port"), claims.get("terminal"), claims["exp"])


def _refused() -> NotAuthenticated:
    return NotAuthenticated(headers={"WWW-Authenticate": 'Bearer realm="crossing"'})


def caller_with(*roles: Role) -> Callable[[Request], Coroutine[Any, Any, Caller]]:
    """Dependency: the caller, who has at least one of the roles; raises ``NotAuthenticated`` or ``NotAllowed``."""

    async def authenticated_caller(request: Request) -> Caller:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            token = request.cookies.get("crossing_session", "")
        if not token:
            raise _refused()
        caller: Caller = request.app.state.tokens.check(token.strip())
        if not caller.roles.intersection(roles):
            raise NotAllowed
        return caller

    authenticated_caller.roles = frozenset(roles)  # type: ignore[attr-defined]
    return authenticated_caller


async def open_to_anyone(request: Request) -> None:
    """Dependency that declares a route open; requests are limited by address."""
    limiter = getattr(request.app.state, "limiter", None)
    if limiter:
        await limiter.admit(request)
