"""Signed checkpoints of the audit chains, kept in other places than the database (docs/decisions/0014).

A chain shows an entry that was changed. It does not show that its end was cut off together with its head, or that all
of it was written anew by whoever owns the database: a checkpoint, which says how far the chains had come, does.
"""

import asyncio
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import obstore
import orjson
from joserfc.jwk import ECKey, KeySet
from obstore.store import ObjectStore
from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from crossing.kit.signed import TokenRefused, sign, verify
from crossing.kit.verify import Fault

_KIND: Final = "audit-checkpoint+jws"
_LONGEST: Final = 4_194_304
_AT_ONCE: Final = 500
_HEADS: Final = text("SELECT chain, seq, hash FROM chain_heads ORDER BY chain")
_LAST: Final = text("SELECT max(seq) FROM audit_entries WHERE chain = :chain")
_HASHES: Final = text("SELECT seq, hash FROM audit_entries WHERE chain = :chain AND seq IN :numbers").bindparams(
    bindparam("numbers", expanding=True)
)


@dataclass(frozen=True)
class Checkpoint:
    """How far the chains of a service had come at an instant: number and hash of the last entry of each."""

    service: str
    at: str
    heads: Mapping[str, tuple[int, str]]


def new_key(path: Path) -> Path:
    """Make a key (P-256) that signs checkpoints, in a file that its owner alone may read.

    Answers the file beside it with the public key, which whoever verifies needs (a JSON Web Key Set, RFC 7517). Raises
    ``FileExistsError`` where there is a key already.
    """
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(key.as_dict(private=True), file)
    public = path.with_name(f"{path.name}.public.json")
    public.write_text(json.dumps({"keys": [key.as_dict(private=False)]}), encoding="utf-8")
    return public


def read_key(path: Path) -> ECKey:
    """The private key in a file; raises ``OSError`` or ``ValueError``."""
    return ECKey.import_key(json.loads(path.read_text(encoding="utf-8")))


async def take(connection: AsyncConnection, service: str, at: str) -> Checkpoint:
    """How far the chains have come; ``at`` is now, as ``format_instant`` writes it."""
    heads = (await connection.execute(_HEADS)).all()
    return Checkpoint(service, at, {head.chain: (head.seq, head.hash) for head in heads})


async def keep(checkpoint: Checkpoint, key: ECKey, stores: Iterable[ObjectStore]) -> None:
    """Sign a checkpoint and put it into each store, never in an earlier one's place; raises what a store raises."""
    signed = sign(orjson.dumps(asdict(checkpoint)), _KIND, key).encode()
    name = f"{checkpoint.service}/{checkpoint.at}.jws"
    for store in stores:
        await obstore.put_async(store, name, signed, mode="create", use_multipart=False)


async def kept(store: ObjectStore, service: str, keys: KeySet) -> tuple[list[Checkpoint], list[str]]:
    """The checkpoints of a service in a store, and the names of those that none of these keys signed."""
    names = await asyncio.to_thread(_listed, store, service)
    found, refused = [], []
    for name in sorted(names):
        content = bytes(await (await obstore.get_async(store, name)).bytes_async())
        try:
            stated = orjson.loads(verify(content.decode("latin-1"), _KIND, keys, longest=_LONGEST))
        except TokenRefused:
            refused.append(name)
            continue
        heads = {chain: (seq, link) for chain, (seq, link) in stated["heads"].items()}
        found.append(Checkpoint(stated["service"], stated["at"], heads))
    return [each for each in found if each.service == service], refused


def _listed(store: ObjectStore, service: str) -> list[str]:
    return [each["path"] for batch in obstore.list(store, prefix=f"{service}/") for each in batch]


async def against(connection: AsyncConnection, checkpoints: Iterable[Checkpoint]) -> list[Fault]:
    """What in the chains is not as it was at checkpoints: of each what is missing, and the first difference."""
    stated: dict[str, dict[int, tuple[str, str]]] = defaultdict(dict)
    for checkpoint in checkpoints:
        for chain, (seq, link) in checkpoint.heads.items():
            stated[chain].setdefault(seq, (link, checkpoint.at))
    return [fault for chain, links in stated.items() for fault in await _against(connection, chain, links)]


async def _against(connection: AsyncConnection, chain: str, links: Mapping[int, tuple[str, str]]) -> list[Fault]:
    last = (await connection.execute(_LAST, {"chain": chain})).scalar() or 0
    faults = []
    furthest = max(links)
    if furthest > last:
        behind = f"is missing: the chain is {furthest - last} entries behind its checkpoint of {links[furthest][1]}"
        faults.append(Fault(chain, furthest, behind))
    numbers = sorted(each for each in links if each <= last)
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        found = await connection.execute(_HASHES, {"chain": chain, "numbers": some})
        hashes = {row.seq: row.hash for row in found}
        for seq in some:
            link, at = links[seq]
            if hashes.get(seq) != link:
                return [*faults, Fault(chain, seq, f"is not what stood there at the checkpoint of {at}")]
    return faults
