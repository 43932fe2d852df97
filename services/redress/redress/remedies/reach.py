"""Reach the services that apply remedies; whoever is away is asked again, without the attempt being counted."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from fastapi import FastAPI

from crossing.casework.procedure import duration
from crossing.kit.breaker import Breaker, CircuitOpen
from crossing.kit.http import HTTPError, Response
from crossing.kit.jobs import NotYet
from crossing.redress.remedies import load_remedies

#: How long one call may take: a client of an application in this process knows no timeout of its own.
_SECONDS: Final = 10.0
_AWAY: Final = (HTTPError, OSError, TimeoutError, CircuitOpen)
_SERVER_ERRORS: Final = 500
_NOT_OURS: Final = (401, 403)


class NotAccepted(Exception):
    """The service does not take this service for what it is; a repeat may find it set right."""


class Reach:
    """Calls of one service's job handlers to its neighbours, with its token."""

    def __init__(self, app: FastAPI) -> None:
        self._state = app.state
        self._rest = duration(load_remedies()["ask_again_after"])
        self._breakers: dict[str, Breaker] = {}
        app.state.breakers.append(self._breakers)

    async def ask(
        self, name: str, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """The answer of a neighbour, whatever it says about the request.

        Raises ``NotYet`` while it is away or cannot answer, and ``NotAccepted`` when it refuses our token.
        """
        token = self._state.service_token
        if token is None or name not in self._state.neighbours:
            raise NotYet(self._rest)
        async with self._calling(name):
            sent = {"Authorization": f"Bearer {await token()}", **(headers or {})}
            answer: Response = await self._state.neighbours[name].request(method, path, json=body, headers=sent)
            if answer.status_code >= _SERVER_ERRORS:
                raise ConnectionError
        if answer.status_code in _NOT_OURS:
            raise NotAccepted
        return answer

    @asynccontextmanager
    async def _calling(self, name: str) -> AsyncIterator[None]:
        breaker = self._breakers.setdefault(name, Breaker(self._state.clock, rest=self._rest))
        try:
            async with breaker.call(), asyncio.timeout(_SECONDS):
                yield
        except _AWAY:
            raise NotYet(self._rest) from None
