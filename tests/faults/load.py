"""Callers who do not give up: each request is repeated under its key until it is answered as done, or refused."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

import httpx

_TIMEOUT_SECONDS: Final = 10.0
_REST_SECONDS: Final = 0.02


@dataclass(frozen=True)
class Acknowledged:
    """A request that was answered as done, and its answer."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any
    status: int
    etag: str | None
    answer: bytes

    @property
    def key(self) -> str:
        """Its Idempotency-Key."""
        return self.headers["Idempotency-Key"]

    def json(self) -> Any:
        """What the answer says."""
        return json.loads(self.answer)


class _Stopped(Exception):
    """The load ends; what was begun is left as it is."""


class Load:
    """What so many callers did side by side, each on its journey again and again, resting ``pause`` seconds in between.

    ``acknowledged`` are the requests answered as done, ``refused`` the others that were answered, but for 503: there is
    no reason for any.
    """

    def __init__(
        self, address: str, token: str, journey: "Journey", *, callers: int = 12, pause: float = 0.02, seed: int = 1
    ) -> None:
        self.acknowledged: list[Acknowledged] = []
        self.refused: Counter[str] = Counter()
        self.unavailable: Counter[str] = Counter()
        self.malformed: Counter[str] = Counter()
        self.slowest_seconds = 0.0
        self.latest_at = 0.0
        """When a request was last answered as done, by the monotonic clock."""
        self._address = address
        self._token = token
        self._journey = journey
        self._callers = callers
        self._pause = pause
        self._seed = seed
        self._stop = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Load"]:
        """The callers at work until the block ends; then each finishes the request it is at."""
        limits = httpx.Limits(max_connections=self._callers, max_keepalive_connections=self._callers)
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        async with httpx.AsyncClient(
            base_url=self._address, headers=headers, timeout=_TIMEOUT_SECONDS, limits=limits
        ) as client:
            callers = [asyncio.create_task(self._call(client, number)) for number in range(self._callers)]
            try:
                yield self
            finally:
                self._stop.set()
                await asyncio.gather(*callers)

    async def answered(self, since: float | None = None, within: float = 30.0) -> float:
        """Wait for a request answered as done from now on; the seconds until then since a moment of the monotonic clock.

        Without end where none is within so many seconds.
        """
        now = time.monotonic()
        while self.latest_at < now:
            if time.monotonic() > now + within:
                return float("inf")
            await asyncio.sleep(0.005)
        return self.latest_at - (now if since is None else since)

    async def acknowledge(self, more: int, within: float = 60.0) -> None:
        """Wait until so many more requests were answered as done; raises ``TimeoutError``."""
        wanted = len(self.acknowledged) + more
        async with asyncio.timeout(within):
            while len(self.acknowledged) < wanted:
                await asyncio.sleep(0.005)

    async def _call(self, client: httpx.AsyncClient, number: int) -> None:
        caller = Caller(self, client, number, random.Random(f"{self._seed}-{number}"))
        try:
            while not self._stop.is_set():
                with suppress(_Refused):
                    await self._journey(caller)
        except _Stopped:
            return


class Caller:
    """One of the callers: asks, and asks again."""

    def __init__(self, load: Load, client: httpx.AsyncClient, number: int, chance: random.Random) -> None:
        self.number = number
        self.chance = chance
        self._load = load
        self._client = client
        self._asked = 0

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Acknowledged:
        """The answer to a request, repeated under its key until it is done; a keyword such as ``if_match`` is a header.

        A refusal is counted, and the journey ends there.
        """
        self._asked += 1
        named = {name.replace("_", "-").title(): value for name, value in headers.items()}
        named["Idempotency-Key"] = f"{self._load._seed}-{self.number}-{self._asked}"
        await asyncio.sleep(self.chance.uniform(0, 2 * self._load._pause))
        while not self._load._stop.is_set():
            answer = await self._try(method, path, body, named)
            if answer is not None and answer.status_code != 503:
                return self._done(answer, method, path, body, named)
            await asyncio.sleep(self.chance.uniform(0, 2 * _REST_SECONDS))
        raise _Stopped

    async def _try(self, method: str, path: str, body: Any, headers: dict[str, str]) -> httpx.Response | None:
        load, began = self._load, time.monotonic()
        try:
            answer = await self._client.request(method, path, json=body, headers=headers)
        except httpx.HTTPError as error:
            load.unavailable[type(error).__name__] += 1
            return None
        finally:
            load.slowest_seconds = max(load.slowest_seconds, time.monotonic() - began)
        if answer.status_code == 503:
            load.unavailable["503"] += 1
            kind = answer.headers.get("content-type", "none")
            if kind != "application/problem+json" or "retry-after" not in answer.headers:
                load.malformed[kind] += 1
        return answer

    def _done(self, answer: httpx.Response, method: str, path: str, body: Any, headers: dict[str, str]) -> Acknowledged:
        if not answer.is_success:
            self._load.refused[f"{answer.status_code} {method} {path.rpartition('/')[2]}"] += 1
            raise _Refused
        etag = answer.headers.get("etag")
        done = Acknowledged(method, path, headers, body, answer.status_code, etag, answer.content)
        self._load.acknowledged.append(done)
        self._load.latest_at = time.monotonic()
        return done


class _Refused(Exception):
    """A request was refused: this journey goes no further."""


Journey = Callable[[Caller], Awaitable[None]]
