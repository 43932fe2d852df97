"""Serves the embedded suite on loopback."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import uvicorn

from crossing.embedded.demonstration import load_demonstration
from crossing.embedded.suite import create_suite
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.logging import configure_logging
from crossing.kit.serving import settle_memory

HOST = "127.0.0.1"


class _Server(uvicorn.Server):
    """Loads the demonstration data, once it listens, through the same addresses everybody uses."""

    def __init__(self, config: uvicorn.Config, data: Path, demonstration: bool) -> None:
        super().__init__(config)
        self._data = data
        self._demonstration = demonstration
        self._loading: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        settle_memory()
        address = f"http://{HOST}:{self.config.port}"
        print(f"Crossing is at {address}/", f"Officer's page: {address}/admission/", sep="\n", flush=True)
        print(f"API: {address}/admission/v1/docs", flush=True)
        if self._demonstration:
            self._loading = asyncio.create_task(self._load(address))

    async def _load(self, address: str) -> None:
        loaded = await load_demonstration(address, DevelopmentIssuer(self._data))
        print(f"Demonstration data: {loaded}", flush=True)


def serve(
    data: Path,
    port: int,
    *,
    demonstration: bool,
    log_level: str = "WARNING",
    elsewhere: Mapping[str, str] | None = None,
) -> None:
    """Serve the suite until it is told to stop; services ``elsewhere`` are those of another process, by address."""
    configure_logging(log_level)
    suite = create_suite(data, address=f"http://{HOST}:{port}", elsewhere=elsewhere)
    config = uvicorn.Config(
        suite,
        host=HOST,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # nothing stands before it, so nobody may speak for another address
        timeout_graceful_shutdown=5,
    )
    with suppress(KeyboardInterrupt):  # being told to stop is how it ends
        _Server(config, data, demonstration).run()
