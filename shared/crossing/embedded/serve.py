"""Serves the embedded suite on loopback."""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path

import uvicorn

from crossing.embedded.demonstration import load_demonstration
from crossing.embedded.suite import create_suite
from crossing.gateway.presets import embedded as embedded_gateway
from crossing.gateway.process import RunningGateway, free_port, running_gateway
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.logging import configure_logging
from crossing.kit.serving import settle_memory

HOST = "127.0.0.1"


class _Server(uvicorn.Server):
    """Loads the demonstration data, once it listens, through the same addresses everybody uses."""

    def __init__(
        self, config: uvicorn.Config, data: Path, address: str, demonstration: bool, gateway: RunningGateway | None
    ) -> None:
        super().__init__(config)
        self._data = data
        self._address = address
        self._gateway = gateway
        self._demonstration = demonstration
        self._loading: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        settle_memory()
        address, gateway = self._address, self._gateway
        if gateway:
            await asyncio.to_thread(gateway.wait_until_answered, "/admission/v1/readyz")
        print(f"Crossing is at {address}/", f"Officer's page: {address}/admission/", sep="\n", flush=True)
        print(f"API: {address}/admission/v1/docs", flush=True)
        if gateway:
            print(f"Behind the gateway: http://{HOST}:{self.config.port}/", flush=True)
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
    gateway: bool = False,
) -> None:
    """Serve the suite until it is told to stop; services ``elsewhere`` are those of another process, by address.

    With ``gateway`` the real one takes the port, and the suite listens behind it; raises ``GatewayDoesNotStart``.
    """
    configure_logging(log_level)
    address = f"http://{HOST}:{port}"
    suite = create_suite(data, address=address, elsewhere=elsewhere)
    config = uvicorn.Config(
        suite,
        host=HOST,
        port=free_port() if gateway else port,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Where nothing stands before it, nobody may speak for another address.
        proxy_headers=gateway,
        forwarded_allow_ips=HOST,
        timeout_graceful_shutdown=5,
    )
    with suppress(KeyboardInterrupt), _gateway_before(config.port, port, data) if gateway else nullcontext() as before:
        _Server(config, data, address, demonstration, before).run()  # being told to stop is how it ends


def _gateway_before(behind: int, port: int, data: Path) -> AbstractContextManager[RunningGateway]:
    options = replace(embedded_gateway(port, behind, data), admin_port=free_port())
    return running_gateway(options, data / "gateway")
