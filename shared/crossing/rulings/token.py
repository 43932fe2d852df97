"""The token of a ruling: what its holder carries, and what a port can check without asking anyone (RFC 7515)."""

import zlib
from dataclasses import dataclass
from typing import Final

import orjson
from joserfc.jwk import ECKey, KeySet
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.types import StrictInt, StrictStr

from crossing.kit.signed import TokenRefused, sign, verify

__all__ = ["LONGEST_TOKEN", "RulingClaims", "TokenRefused", "TokenTooLong", "read_ruling", "sign_ruling"]

#: Characters that the largest QR code of level M holds (ISO/IEC 18004, version 40): a longer token could not be shown.
LONGEST_TOKEN: Final = 2_331
_KIND: Final = "ruling+jwt"
_LONGEST_CLAIMS: Final = 32_768


@dataclass(frozen=True)
class RulingClaims:
    """What a token says of a ruling.

    ``number`` and ``version`` name it, ``index`` is its place in the status list; ``salt`` is that of every hash in it.
    ``document`` and ``person`` are salted hashes of who holds it. ``valid_from`` and ``valid_until`` are ISO days, both
    included. ``settled`` are the ids of the requirements it decides. ``facts`` are the salted hashes of its material
    facts by path; ``bounds`` the values of those that may move within limits.
    """

    number: str
    version: int
    index: int
    salt: str
    document: str
    person: str
    into: str
    class_id: str
    valid_from: str
    valid_until: str
    pack_version: str
    pack_digest: str
    settled: tuple[str, ...]
    facts: dict[str, str]
    bounds: dict[str, object]


class TokenTooLong(ValueError):
    """Claims that make a token which no QR code of level M holds."""


class _Written(BaseModel):
    """The claims under the short names they have in a token."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True, serialize_by_alias=True)

    number: StrictStr = Field(alias="n")
    version: StrictInt = Field(alias="v", ge=1)
    index: StrictInt = Field(alias="i", ge=0)
    salt: StrictStr = Field(alias="s")
    document: StrictStr = Field(alias="d")
    person: StrictStr = Field(alias="p")
    into: StrictStr = Field(alias="to")
    class_id: StrictStr = Field(alias="c")
    valid_from: StrictStr = Field(alias="vf", pattern=r"^\d{4}-\d\d-\d\d$")
    valid_until: StrictStr = Field(alias="vu", pattern=r"^\d{4}-\d\d-\d\d$")
    pack_version: StrictStr = Field(alias="pv")
    pack_digest: StrictStr = Field(alias="pd")
    settled: tuple[StrictStr, ...] = Field(alias="r")
    facts: dict[StrictStr, StrictStr] = Field(alias="f")
    bounds: dict[StrictStr, object] = Field(alias="b")


def sign_ruling(claims: RulingClaims, key: ECKey) -> str:
    """The token of a ruling, signed with a private P-256 key; raises ``TokenTooLong``.

    Its claims are JSON under short names, made small by raw DEFLATE (RFC 1951), which is what lets one QR code hold
    them; the kind in its header, ``ruling+jwt``, stands for that.
    """
    written = orjson.dumps(_Written(**vars(claims)).model_dump(), option=orjson.OPT_SORT_KEYS)
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    token = sign(compressor.compress(written) + compressor.flush(), _KIND, key)
    if len(token) > LONGEST_TOKEN or len(written) > _LONGEST_CLAIMS:
        raise TokenTooLong(f"the token of {claims.number} has {len(token)} characters")
    return token


def read_ruling(token: str, keys: KeySet) -> RulingClaims:
    """What a token says, when one of these keys signed it; raises ``TokenRefused``.

    Whether the ruling is valid on a day, and whose it is, is for the port to say.
    """
    content = verify(token, _KIND, keys, longest=LONGEST_TOKEN)
    try:
        decompressor = zlib.decompressobj(-zlib.MAX_WBITS)
        written = decompressor.decompress(content, _LONGEST_CLAIMS)
        if not decompressor.eof or decompressor.unused_data:
            raise TokenRefused("malformed")
        return RulingClaims(**vars(_Written.model_validate_json(written, strict=True, by_alias=True, by_name=False)))
    except (zlib.error, ValidationError):
        raise TokenRefused("malformed") from None
