"""The services that admission calls: where rulings come from, and who is told of what became of them."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from admission.rulings.events import ADVANCE_RULINGS, REDRESS
from admission.rulings.trust import Trust
from admission.settings import AdmissionSettings
from crossing.kit.clock import Clock
from crossing.kit.events import KIND, EventSender
from crossing.kit.http import Client, new_client
from crossing.kit.worker import WakingLedger, Worker


@asynccontextmanager
async def neighbours(
    app: FastAPI, settings: AdmissionSettings, clock: Clock, inside: Mapping[str, ASGIApp]
) -> AsyncIterator[None]:
    """Keep what is trusted of the ruling service fresh, and deliver events where the settings say so.

    ``inside`` are neighbours that run in this process, by name; they are called without a network.
    """
    addresses = {ADVANCE_RULINGS: settings.advance_rulings_address, REDRESS: settings.redress_events_address}
    async with AsyncExitStack() as stack:
        clients: dict[str, Client] = {
            name: await stack.enter_async_context(new_client(address, app=inside.get(name)))
            for name, address in addresses.items()
            if address
        }
        trust = Trust(app.state.engine, clients.get(ADVANCE_RULINGS), clock)
        await trust.load()
        app.state.trust = trust
        app.state.receivers = frozenset(clients)
        if ADVANCE_RULINGS in clients:
            await stack.enter_async_context(_in_background(trust.run()))
        if settings.run_worker and settings.service_token_file:
            await stack.enter_async_context(_worker(app, clients, settings.service_token_file, clock))
        yield


@asynccontextmanager
async def _worker(app: FastAPI, clients: Mapping[str, Client], token_file: Path, clock: Clock) -> AsyncIterator[None]:
    def token() -> str:
        return token_file.read_text(encoding="ascii").strip()

    worker = Worker(app.state.engine, {KIND: EventSender(clients, token, clock)}, clock)
    app.state.ledger = WakingLedger(app.state.ledger, worker)
    app.state.worker = worker
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    try:
        yield
    finally:
        stop.set()
        await running


@asynccontextmanager
async def _in_background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
