"""The services that admission calls: where rulings come from, and who is told of what became of them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp

from admission.rulings.events import ADVANCE_RULINGS, REDRESS
from admission.rulings.trust import Trust
from admission.settings import AdmissionSettings
from crossing.casework.working import at_work, clients_of, event_sender, token_of
from crossing.kit.background import in_background
from crossing.kit.clock import Clock
from crossing.kit.events import KIND
from crossing.kit.service_tokens import Token


@asynccontextmanager
async def neighbours(
    app: FastAPI,
    settings: AdmissionSettings,
    clock: Clock,
    inside: Mapping[str, ASGIApp],
    service_token: Token | None,
) -> AsyncIterator[None]:
    """Keep what is trusted of the ruling service fresh, and deliver events where the settings say so.

    ``inside`` are neighbours that run in this process, by name; they are called without a network. ``service_token``
    gives the token that admission shows them; without it, that of the settings.
    """
    addresses = {ADVANCE_RULINGS: settings.advance_rulings_address, REDRESS: settings.redress_events_address}
    async with AsyncExitStack() as stack:
        clients = await clients_of(stack, app, addresses, inside)
        trust = Trust(app.state.engine, clients.get(ADVANCE_RULINGS), clock)
        await trust.load()
        app.state.trust = trust
        app.state.metrics.watch("status list", trust.read_metrics)
        app.state.receivers = frozenset(clients)
        if ADVANCE_RULINGS in clients:
            await stack.enter_async_context(in_background(trust.run))
        if token := await token_of(stack, service_token, settings):
            handlers = {KIND: event_sender(app, clients, token)}
            await stack.enter_async_context(at_work(app, handlers, run=settings.run_worker))
        yield
