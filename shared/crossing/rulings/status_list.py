"""Which rulings are not to be honoured any more: one bit each, signed, small enough to be kept at every port.

Laid out as the one-bit list of the Token Status List (draft-ietf-oauth-status-list, sections 4 and 5.1): the lowest bit
of a byte first, zlib (RFC 1950), base64url.
"""

import zlib
from base64 import urlsafe_b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

import orjson
from joserfc.jwk import ECKey, KeySet

from crossing.casework.procedure import duration
from crossing.kit.signed import TokenRefused, base64url, sign, verify
from crossing.rulings.procedure import load_procedure

_KIND: Final = "statuslist+jwt"
#: Room for more than ten million rulings.
_LONGEST_TEXT: Final = 4_194_304
_MOST_BYTES: Final = 2_097_152


@dataclass(frozen=True)
class Lifetimes:
    """How long a list may be relied on, on line and off line."""

    on_line: timedelta
    off_line: timedelta


@cache
def lifetimes() -> Lifetimes:
    """The lifetimes that the procedure sets."""
    stated = load_procedure().content["status_list"]
    return Lifetimes(duration(stated["on_line"]), duration(stated["off_line"]))


@dataclass(frozen=True)
class StatusList:
    """A list as it was at ``issued_at``; nothing may be relied on in it after ``expires_at``."""

    bits: bytes
    issued_at: datetime
    expires_at: datetime

    def is_set(self, index: int) -> bool:
        """Whether the ruling at this index is suspended, revoked or superseded.

        A ruling younger than the list is not in it, and was in force when it was signed.
        """
        byte = index // 8
        return 0 <= byte < len(self.bits) and bool(self.bits[byte] >> index % 8 & 1)

    def age(self, now: datetime) -> timedelta:
        """How old the list is."""
        return now - self.issued_at

    def usable(self, now: datetime, on_line: bool) -> bool:
        """Whether a port may rely on the list: a port on line wants a fresher one. Clocks may differ by that much."""
        fresh = lifetimes().on_line
        return -fresh <= self.age(now) <= fresh if on_line else -fresh <= self.age(now) and now <= self.expires_at


def pack_status(bits: Iterable[bool], issued_at: datetime, key: ECKey) -> str:
    """The signed list; ``bits`` in the order of the rulings' indexes, set for each that is not to be honoured."""
    text = "".join("1" if bit else "0" for bit in bits)
    packed = int(text[::-1] or "0", 2).to_bytes((len(text) + 7) // 8, "little")
    since = int(issued_at.timestamp())
    content = {
        "iat": since,
        "exp": since + int(lifetimes().off_line.total_seconds()),
        "ttl": int(lifetimes().on_line.total_seconds()),
        "status_list": {"bits": 1, "lst": base64url(zlib.compress(packed, 9))},
    }
    return sign(orjson.dumps(content), _KIND, key)


def read_status_list(text: str, keys: KeySet) -> StatusList:
    """The list, when one of these keys signed it; raises ``TokenRefused``. Its age is for the port to judge."""
    try:
        content = orjson.loads(verify(text, _KIND, keys, longest=_LONGEST_TEXT))
        packed = content["status_list"]["lst"]
        decompressor = zlib.decompressobj()
        bits = decompressor.decompress(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), _MOST_BYTES)
        if content["status_list"]["bits"] != 1 or not decompressor.eof:
            raise TokenRefused("malformed")
        issued_at, expires_at = (datetime.fromtimestamp(content[each], UTC) for each in ("iat", "exp"))
    except (ValueError, KeyError, TypeError, OverflowError, zlib.error):
        raise TokenRefused("malformed") from None
    return StatusList(bits, issued_at, expires_at)
