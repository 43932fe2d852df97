"""The jobs of this service, done by a worker inside it: deadlines, notices, reminders, messages and events."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp

from advance_ruling.follow_ups import REMINDER, TRACK_NOTICE
from advance_ruling.notices import Reminders, TrackNotices
from advance_ruling.rulings.running import ruling_jobs
from advance_ruling.settings import LETTERS, AdvanceRulingSettings
from crossing.casework.working import at_work, clients_of, event_sender, mail_handlers, token_of
from crossing.kit.events import KIND as EVENT
from crossing.kit.service_tokens import Token
from crossing.kit.worker import Handler


@asynccontextmanager
async def working(
    app: FastAPI, settings: AdvanceRulingSettings, inside: Mapping[str, ASGIApp], service_token: Token | None
) -> AsyncIterator[None]:
    """A worker for the service, which runs until the block ends when the settings say so; what it began it finishes.

    ``inside`` are services that run in this process, by name; they are called without a network. ``service_token``
    gives the token that they are shown; without it, that of the settings. Jobs for which there is no way
    out (no mail server, no receiver of events) wait.
    """
    async with AsyncExitStack() as stack:
        token = await token_of(stack, service_token, settings)
        handlers: dict[str, Handler] = {
            **ruling_jobs(app),
            TRACK_NOTICE: TrackNotices(app),
            REMINDER: Reminders(app),
            **mail_handlers(settings, LETTERS),
        }
        if settings.event_addresses and token:
            clients = await clients_of(stack, app, settings.event_addresses, inside)
            handlers[EVENT] = event_sender(app, clients, token)
        await stack.enter_async_context(at_work(app, handlers, run=settings.run_worker))
        yield
