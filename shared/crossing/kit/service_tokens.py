"""The token by which a service calls others: from a file, or from the identity provider by the service's own secret."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from crossing.kit.http import Client, HTTPError
from crossing.kit.logging import log

#: Gives the token of a service, asked for each call, since tokens end. Raises ``NoToken``.
Token = Callable[[], Awaitable[str]]
_SECONDS: Final = 2.0
#: A token is replaced this long before it ends, so that it does not end on its way.
_BEFORE_ITS_END: Final = 30.0
#: How long a provider that gave none is left alone while the token at hand still holds.
_REST: Final = 5.0


class NoToken(ConnectionError):
    """The identity provider is away or gives this service no token; nothing was sent to whom it was for."""


def token_in(file: Path) -> Token:
    """The token in a file, read at each call."""

    async def read() -> str:
        return _content(file)

    return read


def _content(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip()


class ClientCredentials:
    """Tokens by client credentials (RFC 6749 §4.4), each kept until shortly before it ends.

    ``address`` is the provider's token endpoint; the secret in ``secret_file`` is read whenever a token is asked for.
    """

    def __init__(
        self,
        client: Client,
        address: str,
        client_id: str,
        secret_file: Path,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._address = address
        self._client_id = client_id
        self._secret_file = secret_file
        self._now = now
        self._token = ""
        self._ends_at = self._renew_at = 0.0
        self._asking = asyncio.Lock()

    async def __call__(self) -> str:
        """A token that holds; raises ``NoToken``."""
        async with self._asking:
            if self._now() >= self._renew_at:
                await self._renew()
        return self._token

    async def _renew(self) -> None:
        try:
            async with asyncio.timeout(_SECONDS):
                token, seconds = await self._ask()
        except (HTTPError, OSError, TimeoutError, ValueError, TypeError, KeyError) as error:
            log().warning("service_token.refused", error=type(error).__name__)
            if self._now() >= self._ends_at:
                raise NoToken from None
            self._renew_at = min(self._now() + _REST, self._ends_at)
            return
        self._token = token
        self._ends_at = self._now() + seconds
        self._renew_at = self._ends_at - _BEFORE_ITS_END

    async def _ask(self) -> tuple[str, float]:
        known_as = self._client_id, _content(self._secret_file)
        answer = await self._client.post(self._address, data={"grant_type": "client_credentials"}, auth=known_as)
        answer.raise_for_status()
        told = answer.json()
        return str(told["access_token"]), float(told["expires_in"])
