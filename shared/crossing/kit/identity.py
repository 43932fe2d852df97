"""Who is calling: bearer tokens, checked by every service itself (RFC 6750, RFC 7519)."""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from fastapi.security import HTTPBearer
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from starlette.requests import Request

from crossing.kit.issuer_keys import IssuerKeys
from crossing.kit.problems import NotAllowed, NotAuthenticated

ALGORITHMS: Final = ["ES256"]
#: Where a browser keeps its token.
SESSION_COOKIE: Final = "crossing_session"
_MOST_REMEMBERED = 10_000
_LONGEST_TOKEN = 4_096
#: How far the issuer's clock may be ahead of ours; a token ends by ours alone.
_SKEW_SECONDS = 30
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


class TokenChecker:
    """Checks tokens, and remembers a checked one by its digest until it expires: only checking costs."""

    def __init__(self, keys: IssuerKeys, *, issuer: str, audience: str, now: Callable[[], float] = time.time) -> None:
        self._keys = keys
        self._trusted = keys.keys
        self._now = now
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(now()),
            leeway=_SKEW_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        self._remembered: dict[bytes, Caller] = {}

    def check(self, token: str) -> Caller:
        """The caller a token stands for, by the keys at hand; raises ``NotAuthenticated``."""
        try:
            return self._caller(token)
        except InvalidKeyIdError:
            raise _refused() from None

    async def admit(self, token: str) -> Caller:
        """The caller a token stands for; for a key not seen yet the issuer is asked. Raises ``NotAuthenticated``."""
        try:
            return self._caller(token)
        except InvalidKeyIdError:
            await self._keys.refresh()
        return self.check(token)

    def _caller(self, token: str) -> Caller:
        if self._trusted is not self._keys.keys:
            self._trusted = self._keys.keys
            self._remembered.clear()
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
            claims = jwt.decode(token, self._trusted, algorithms=ALGORITHMS).claims
            self._claims.validate(claims)
            return _caller_of(claims)
        except InvalidKeyIdError:
            raise
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
        caller: Caller = await request.app.state.tokens.admit(token.strip())
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
