"""Serves one service by uvicorn: its public path, an address for probes beside it, and an end that loses no request."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from types import FrameType
from typing import Any, Final

import uvicorn
import uvloop
from fastapi import FastAPI
from starlette.routing import Mount, Router

from crossing.kit.inside import inside_app

_FINISHING_SECONDS: Final = 10
_COLLECTOR_THRESHOLDS: Final = (50_000, 20, 50)


def settle_memory() -> None:
    """Leave what lives as long as the process out of each later collection."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTOR_THRESHOLDS)


def serve(
    app: FastAPI, prefix: str, *, host: str, port: int, inside_port: int = 0, trusted_proxies: str = "127.0.0.1"
) -> None:
    """Serve a service under ``prefix`` until it is told to stop; with ``inside_port`` its health and metrics beside it.

    SIGTERM makes it unready at once and ends it after the drain time of its settings; SIGINT, or a second SIGTERM,
    ends it as soon as what runs is finished.
    """

    published = uvicorn.Config(
        Router(routes=[Mount(prefix, app)]),
        host=host,
        port=port,
        proxy_headers=True,
        forwarded_allow_ips=trusted_proxies,
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_FINISHING_SECONDS,
    )
    with suppress(KeyboardInterrupt):  # being told to stop is how it ends
        uvloop.run(_serve(app, _Draining(published, app, inside_port)))


async def _serve(app: FastAPI, server: "_Draining") -> None:
    # Entered here, not by the server, which would print where it failed, and with what.
    async with app.router.lifespan_context(app):
        await server.serve()


@asynccontextmanager
async def served_inside(app: FastAPI, host: str, port: int) -> AsyncIterator[None]:
    """Serve health and metrics of a service while the block runs; port 0 is none."""
    if not port:
        yield
        return
    inside = uvicorn.Config(
        inside_app(app), host=host, port=port, lifespan="off", log_level="warning", access_log=False
    )
    beside = _Beside(inside)
    serving = asyncio.create_task(beside.serve())
    try:
        yield
    finally:
        beside.should_exit = True
        await serving


class _Draining(uvicorn.Server):
    """Says for a while that it is not ready, then stops taking requests; probes are answered until it has ended."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, inside_port: int) -> None:
        super().__init__(config)
        self._app = app
        self._inside_port = inside_port
        self._beside = AsyncExitStack()

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        settle_memory()
        if self.started:
            await self._beside.enter_async_context(served_inside(self._app, self.config.host, self._inside_port))

    async def shutdown(self, sockets: list[Any] | None = None) -> None:
        await super().shutdown(sockets)
        await self._beside.aclose()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if sig != signal.SIGTERM or getattr(self._app.state, "draining", False) or not self.started:
            super().handle_exit(sig, frame)
            return
        self._app.state.draining = True
        asyncio.get_running_loop().call_later(self._app.state.settings.drain_seconds, self._end)

    def _end(self) -> None:
        self.should_exit = True


class _Beside(uvicorn.Server):
    """A second listener, which ends with the first and takes no signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
