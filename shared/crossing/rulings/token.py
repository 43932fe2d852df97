"""The token of a ruling: what its holder carries, and what a port can check without asking anyone (RFC 7515)."""

from dataclasses import dataclass


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
