"""The public keys of the identity issuer: read from a file, or fetched from its address and kept in memory (RFC 7517).

Whoever is signed in stays so while the issuer is away: keys are asked for anew, never given up for want of an answer.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from crossing.kit.background import in_background
from crossing.kit.http import Client, HTTPError, new_client, read_at_most
from crossing.kit.logging import log

#: Of one attempt, well within the deadline of a request that waits for it.
_SECONDS: Final = 2.0
_LONGEST_ANSWER: Final = 65_536
#: Between two attempts, whoever asks for them: tokens of keys that do not exist are made by anybody.
_LEAST_REST: Final = 10.0
#: Between two looks of our own, so that a key withdrawn by the issuer ends though no new one is used.
_REST: Final = 300.0
_OUT_OF_REACH: Final = (HTTPError, OSError, TimeoutError, JoseError, ValueError, TypeError, KeyError, AttributeError)


class IssuerKeys:
    """The keys as they are known now, in ``keys``; another object stands there as soon as the issuer changed them."""

    def __init__(
        self, keys: KeySet, client: Client | None = None, address: str = "", now: Callable[[], float] = time.monotonic
    ) -> None:
        self.keys = keys
        self._client = client
        self._address = address
        self._now = now
        self._asked_at: float | None = None
        self._reached = False
        self._asking = asyncio.Lock()

    async def run(self, stop: asyncio.Event) -> None:
        """Ask for the keys now and then until ``stop`` is set: often while the issuer is away."""
        while not stop.is_set():
            await self.refresh()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _REST if self._reached else _LEAST_REST)

    async def refresh(self) -> None:
        """Fetch the keys, unless that was tried within ten seconds; who comes while they are fetched waits for them.

        What cannot be fetched or read leaves the keys as they are.
        """
        if self._client is None:
            return
        async with self._asking:
            if self._asked_at is not None and self._now() - self._asked_at < _LEAST_REST:
                return
            self._asked_at = self._now()
            try:
                async with asyncio.timeout(_SECONDS):
                    fetched = usable_keys(json.loads(await read_at_most(self._client, self._address, _LONGEST_ANSWER)))
            except _OUT_OF_REACH as error:
                log().warning("issuer_keys.unreachable", error=type(error).__name__)
                self._reached = False
                return
            self._reached = True
            if fetched.as_dict() != self.keys.as_dict():
                self.keys = fetched
                log().info("issuer_keys.changed", keys=len(fetched.keys))


@asynccontextmanager
async def open_issuer_keys(file: Path | None, address: str | None) -> AsyncIterator[IssuerKeys]:
    """The keys in a file, or at an address, or in the file until the address answers; kept fresh until the block ends.

    An issuer that is away does not keep a service from starting: there are no keys then until it is back.
    """
    kept = read_key_set(file) if file else KeySet([])
    if address is None:
        yield IssuerKeys(kept)
        return
    async with new_client(address) as client:
        keys = IssuerKeys(kept, client, address)
        await keys.refresh()
        async with in_background(keys.run):
            yield keys


def read_key_set(path: Path) -> KeySet:
    """The public keys in a JSON Web Key Set file."""
    return usable_keys(json.loads(path.read_text()))


def usable_keys(document: Mapping[str, Any]) -> KeySet:
    """The keys that tokens may be signed with: on the curve P-256, for signatures. An issuer also publishes others.

    Raises an error of ``joserfc`` or of the wrong shape, and ``MissingKeyError`` when there is none.
    """
    chosen = [
        key
        for key in document["keys"]
        if key.get("kty") == "EC" and key.get("crv") == "P-256" and key.get("use", "sig") == "sig"
    ]
    return KeySet.import_key_set({"keys": chosen})
