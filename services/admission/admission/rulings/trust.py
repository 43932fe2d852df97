"""What a port trusts of the ruling service: its public keys and its status list, fetched ahead and kept.

With what is kept, rulings are verified while the ruling service cannot be reached, and after a restart without it.
"""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from prometheus_client.metrics_core import Metric
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from admission.tables import ruling_trust
from crossing.casework.procedure import duration
from crossing.kit.clock import Clock
from crossing.kit.database import format_instant, writing
from crossing.kit.http import Client, HTTPError
from crossing.kit.logging import log
from crossing.kit.metrics import gauge
from crossing.rulings.procedure import load_procedure
from crossing.rulings.status_list import StatusList, read_status_list
from crossing.rulings.token import RulingClaims, TokenRefused, read_ruling

_SECONDS: Final = 1.0
#: How long a traveller waits while the port asks for a fresh list; the look in the background takes its time.
_AT_THE_DESK_SECONDS: Final = 0.2
#: What may stand in the way of fetching, reading and keeping; the port goes on with what it has.
_OUT_OF_REACH: Final = (HTTPError, OSError, TimeoutError, TokenRefused, JoseError, ValueError, SQLAlchemyError)
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
        self._failed_at: datetime | None = None
        self._fetching = asyncio.Lock()
        self._attempts = 0
        self._lost = asyncio.Event()

    async def load(self) -> None:
        """Take up what was kept before this start."""
        async with self._engine.connect() as connection:
            kept = {row.kind: row.content for row in await connection.execute(select(ruling_trust))}
        if kept:
            try:
                self._keys, self._list = _checked(kept)
            except _OUT_OF_REACH as error:  # without it the port still works, as one that never heard of the service
                log().error("rulings.kept_trust_unreadable", error=type(error).__name__)

    async def run(self, stop: asyncio.Event) -> None:
        """Fetch anew until ``stop`` is set; what cannot be fetched leaves what is kept as it is.

        Once the service was found out of reach, by whomever, it is tried again after the shorter rest.
        """
        rests = load_procedure().content["status_list"]
        while not stop.is_set():
            await self.refresh()
            self._lost.clear()
            rest = duration(rests["refresh" if self._reached else "retry"])
            waits = [asyncio.create_task(each.wait()) for each in (stop, self._lost)]
            try:
                await asyncio.wait(waits, timeout=rest.total_seconds(), return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()

    async def refresh(self) -> bool:
        """Fetch keys and list once and keep them; whether the ruling service was reached and what it sent is good.

        Who asks while they are fetched waits for what comes of that.
        """
        if self._client is None:
            return False
        attempts = self._attempts
        async with self._fetching:
            if attempts != self._attempts:
                return self._reached
            self._attempts += 1
            try:
                async with asyncio.timeout(_SECONDS):
                    texts = {kind: await self._fetch(path) for kind, path in _KINDS.items()}
                keys, statuses = _checked(texts)
                await self._keep(texts)
            except _OUT_OF_REACH as error:
                if self._reached:
                    log().warning("rulings.unreachable", error=type(error).__name__)
                self._reached, self._failed_at = False, self._clock()
                self._lost.set()
                return False
            # It is kept by now: whatever is relied on is also there after a restart.
            self._keys, self._list = keys, statuses
            self._reached, self._failed_at = True, None
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
        if not self._is_fresh(now) and not self._failed_lately(now):
            await self._refresh_while_somebody_waits()
        try:
            claims = read_ruling(token, self._keys)
        except TokenRefused as refused:
            return Reading(token, None, refused.reason)
        statuses = self._list
        if statuses is None or not statuses.usable(now, on_line=False):
            return Reading(token, claims, "status_unknown", format_instant(statuses.issued_at) if statuses else None)
        reason = "not_in_force" if statuses.is_set(claims.index) else None
        return Reading(token, claims, reason, format_instant(statuses.issued_at))

    async def _refresh_while_somebody_waits(self) -> None:
        try:
            async with asyncio.timeout(_AT_THE_DESK_SECONDS):
                await self.refresh()
        except TimeoutError:
            self._reached, self._failed_at = False, self._clock()
            self._lost.set()

    async def read_metrics(self) -> Iterable[Metric]:
        """How old the status list at hand is; nothing where there is none."""
        ages = [((), (self._clock() - self._list.issued_at).total_seconds())] if self._list else []
        return [gauge("crossing_status_list_age_seconds", "Age of the status list that rulings are held to.", (), ages)]

    def _is_fresh(self, now: datetime) -> bool:
        return self._list is not None and self._list.usable(now, on_line=True)

    def _failed_lately(self, now: datetime) -> bool:
        """Whether an attempt has just failed, so that a queue of travellers does not wait for each.

        The next attempt is made in the background, and fails or not before this time is over.
        """
        retry: timedelta = duration(load_procedure().content["status_list"]["retry"])
        return self._failed_at is not None and timedelta() <= now - self._failed_at < 2 * retry


def _checked(texts: Mapping[str, str]) -> tuple[KeySet, StatusList]:
    """The keys, and the list that one of them signed; raises what reading them raises."""
    keys = KeySet.import_key_set(json.loads(texts["keys"]))
    return keys, read_status_list(texts["status_list"], keys)


def age_seconds(status_at: str | None, at: str) -> int | None:
    """How old a status list was at an instant, in whole seconds."""
    if status_at is None:
        return None
    return max(0, int((datetime.fromisoformat(at) - datetime.fromisoformat(status_at)).total_seconds()))
