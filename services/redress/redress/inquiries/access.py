"""Who opens an inquiry: its number with the secret, by HTTP Basic (RFC 7617), and never in an address."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any, Final

from fastapi.security import HTTPBasic
from sqlalchemy import select
from starlette.requests import Request

from crossing.kit.identity import Caller
from crossing.kit.limiter import address_of
from crossing.kit.problems import Problem
from redress.inquiries.access_secret import access_digest, is_whole, typed
from redress.tables import accesses

_LONGEST: Final = 512


class WrongNumberOrSecret(Problem):
    """No inquiry has this number with this secret; which of the two is wrong is not said."""

    slug, status = "wrong-number-or-secret", 401
    titles = {
        "en": "The number and the secret do not belong together",
        "fr": "Le numéro et le code secret ne vont pas ensemble",
        "es": "El número y el código secreto no se corresponden",
    }


@dataclass(frozen=True)
class Access:
    """A right to open an inquiry: as whom (``applicant`` or ``representative``), by which of its secrets."""

    case_id: str
    number: int
    party: str

    @property
    def caller(self) -> Caller:
        """How this access is named in the records: by case and part, never by a person's name."""
        return Caller(f"inquiry/{self.case_id}/{self.number}", frozenset(), None, None, 0)


class InquiryAccess(HTTPBasic):
    """Dependency: the access that was shown; raises ``WrongNumberOrSecret``, or ``Locked`` after too many misses.

    An absent number and a wrong secret cost the same: one keyed hash and one look-up that finds nothing.
    """

    def __init__(self) -> None:
        super().__init__(auto_error=False, scheme_name="HTTPBasic")

    async def __call__(self, request: Request) -> Access:  # type: ignore[override]
        header = request.headers.get("authorization")
        if header is None:
            raise wrong_number_or_secret()  # a browser asks first, to hear which scheme is wanted
        number, secret = _shown(header)
        keys = f"address/{address_of(request)}", f"number/{number}"
        misses = request.app.state.misses
        misses.require_open(*keys)
        digest = access_digest(request.app.state.identity_key, number, secret)
        async with request.app.state.engine.connect() as connection:
            found: Any = (await connection.execute(select(accesses).where(accesses.c.digest == digest))).one_or_none()
        if found is None:
            # Whoever mistypes a secret has its check character wrong; that locks the address, never the inquiry.
            misses.count(*(keys if is_whole(secret) else keys[:1]))
            raise wrong_number_or_secret()
        return Access(found.case_id, found.number, found.party)


def wrong_number_or_secret() -> WrongNumberOrSecret:
    """The problem, with the challenge that a 401 has (RFC 9110 §11.6.1)."""
    return WrongNumberOrSecret(headers={"WWW-Authenticate": 'Basic realm="redress", charset="UTF-8"'})


def _shown(header: str) -> tuple[str, str]:
    """Number and secret of a header, as they are looked up; two that nobody has, where it is no such header."""
    scheme, _, told = header.partition(" ")
    if scheme.lower() != "basic" or len(told) > _LONGEST:
        return "", ""
    try:
        number, _, secret = base64.b64decode(told.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return typed(number), typed(secret)
