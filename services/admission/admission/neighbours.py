"""The services that admission calls: where rulings come from, and who is told of what became of them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp

from admission.rulings.events import ADVANCE_RULINGS, REDRESS
from admission.rulings.trust import Trust
from admission.settings import AdmissionSettings
from crossing.kit.clock import Clock
from crossing.kit.events import KIND, EventSender
from crossing.kit.http import Client, new_client
from crossing.kit.identity import token_in
from crossing.kit.worker import WakingLedger, Worker


@asynccontextmanager
async def neighbours(
    app: FastAPI,
    settings: AdmissionSettings,
    clock: Clock,
    inside: Mapping[str, ASGIApp],
    service_token: Callable[[], str] | None,
) -> AsyncIterator[None]:
    """Keep what is trusted of the ruling service fresh, and deliver events where the settings say so.

    ``inside`` are neighbours that run in this process, by name; they are called without a network. ``service_token``
    gives the token that admission shows them; without it, that in the file of the settings.
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
            await stack.enter_async_context(_in_background(trust.run))
        token = service_token or (token_in(settings.service_token_file) if settings.service_token_file else None)
        if token:
            worker = app.state.worker = Worker(app.state.engine, {KIND: EventSender(clients, token, clock)}, clock)
            app.state.ledger = WakingLedger(app.state.ledger, worker)
            if settings.run_worker:
                await stack.enter_async_context(_in_background(worker.run))
        yield


@asynccontextmanager
async def _in_background(work: Callable[[asyncio.Event], Awaitable[None]]) -> AsyncIterator[None]:
    """Work that ends by itself once it is told to stop: what is cut off might leave a connection open."""
    stop = asyncio.Event()
    running = asyncio.ensure_future(work(stop))
    try:
        yield
    finally:
        stop.set()
        await running
