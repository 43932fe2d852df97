"""What a port trusts of the ruling service: its public keys and its status list, fetched ahead and kept.

With what is kept, rulings are verified while the ruling service cannot be reached, and after a restart without it.
"""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from admission.tables import ruling_trust
from crossing.kit.clock import Clock
from crossing.kit.database import format_instant, writing
from crossing.kit.http import Client, HTTPError
from crossing.kit.logging import log
from crossing.rulings.procedure import duration, load_procedure
from crossing.rulings.status_list import StatusList, read_status_list
from crossing.rulings.token import RulingClaims, TokenRefused, read_ruling

_SECONDS: Final = 2.0
_KINDS: Final = {"keys": "v1/jwks.json", "status_list": "v1/status-list"}


@dataclass(frozen=True)
class Reading:
    """What a token says and what is known of its ruling: ``refused`` is a reason not to honour it, if there is one.

    ``status_at`` is the instant of the status list that was looked into.
    """

    token: str
    claims: RulingClaims | None
    refused: str | None
    status_at: str | None = None


class Trust:
    """Keys and status list of the ruling service as this port knows them; ``client`` is its client, if there is one."""

    def __init__(self, engine: AsyncEngine, client: Client | None, clock: Clock) -> None:
        self._engine = engine
        self._client = client
        self._clock = clock
        self._keys = KeySet([])
        self._list: StatusList | None = None
        self._reached = False
        self._tried_at: datetime | None = None
        self._fetching = asyncio.Lock()

    async def load(self) -> None:
        """Take up what was kept before this start."""
        async with self._engine.connect() as connection:
            kept = {row.kind: row.content for row in await connection.execute(select(ruling_trust))}
        if "keys" in kept:
            self._accept(kept["keys"], kept.get("status_list"))

    def _accept(self, keys: str, status_list: str | None) -> None:
        key_set = KeySet.import_key_set(json.loads(keys))
        statuses = read_status_list(status_list, key_set) if status_list else None
        self._keys = key_set
        if statuses and (self._list is None or statuses.issued_at >= self._list.issued_at):
            self._list = statuses

    async def run(self) -> None:
        """Fetch anew for as long as the service runs; what cannot be fetched leaves what is kept as it is."""
        rests = load_procedure().content["status_list"]
        while True:
            await self.refresh()
            await asyncio.sleep(duration(rests["refresh" if self._reached else "retry"]).total_seconds())

    async def refresh(self) -> bool:
        """Fetch keys and list once and keep them; whether the ruling service was reached and what it sent is good."""
        if self._client is None:
            return False
        async with self._fetching:
            self._tried_at = self._clock()
            try:
                async with asyncio.timeout(_SECONDS):
                    texts = {kind: await self._fetch(path) for kind, path in _KINDS.items()}
                self._accept(texts["keys"], texts["status_list"])
            except (HTTPError, OSError, TimeoutError, TokenRefused, JoseError, ValueError) as error:
                if self._reached:
                    log().warning("rulings.unreachable", error=type(error).__name__)
                self._reached = False
                return False
            self._reached = True
            await self._keep(texts)
            return True

    async def _fetch(self, path: str) -> str:
        assert self._client is not None
        answer = await self._client.get(path)
        answer.raise_for_status()
        return answer.text

    async def _keep(self, texts: dict[str, str]) -> None:
        at = format_instant(self._clock())
        rows = [{"kind": kind, "content": content, "fetched_at": at} for kind, content in texts.items()]
        async with writing(self._engine) as connection:
            await connection.execute(delete(ruling_trust))
            await connection.execute(insert(ruling_trust), rows)

    async def read(self, token: str) -> Reading:
        """What a token says, by the keys at hand, and whether its ruling is in force by the list at hand.

        A port on line wants a fresh list and fetches one; a port off line relies on the one it has for as long as the
        procedure lets it.
        """
        now = self._clock()
        if not self._is_fresh(now) and not self._tried_lately(now):
            await self.refresh()
        try:
            claims = read_ruling(token, self._keys)
        except TokenRefused as refused:
            return Reading(token, None, refused.reason)
        statuses = self._list
        if statuses is None or not statuses.usable(now, on_line=False):
            return Reading(token, claims, "status_unknown", format_instant(statuses.issued_at) if statuses else None)
        reason = "not_in_force" if statuses.is_set(claims.index) else None
        return Reading(token, claims, reason, format_instant(statuses.issued_at))

    def _is_fresh(self, now: datetime) -> bool:
        return self._list is not None and self._list.usable(now, on_line=True)

    def _tried_lately(self, now: datetime) -> bool:
        """Whether an attempt has just failed, so that a queue of travellers does not wait for each."""
        retry: timedelta = duration(load_procedure().content["status_list"]["retry"])
        return self._tried_at is not None and not self._reached and timedelta() <= now - self._tried_at < retry


def age_seconds(status_at: str | None, at: str) -> int | None:
    """How old a status list was at an instant, in whole seconds."""
    if status_at is None:
        return None
    return max(0, int((datetime.fromisoformat(at) - datetime.fromisoformat(status_at)).total_seconds()))
