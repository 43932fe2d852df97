"""The jobs of this service, done by a worker inside it: deadlines, notices, reminders, messages and events."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.types import ASGIApp

from advance_ruling.follow_ups import REMINDER, TRACK_NOTICE
from advance_ruling.notices import Reminders, TrackNotices
from advance_ruling.rulings.running import ruling_jobs
from advance_ruling.settings import LETTERS, AdvanceRulingSettings
from crossing.kit.events import KIND as EVENT
from crossing.kit.events import EventSender
from crossing.kit.http import new_client
from crossing.kit.letters import Letters
from crossing.kit.mail import KIND as MAIL
from crossing.kit.mail import Carrier, FolderCarrier, MailSender, SmtpCarrier
from crossing.kit.worker import Handler, WakingLedger, Worker


@asynccontextmanager
async def working(
    app: FastAPI,
    settings: AdvanceRulingSettings,
    inside: Mapping[str, ASGIApp],
    service_token: Callable[[], str] | None,
) -> AsyncIterator[Worker]:
    """A worker for the service, which runs until the block ends when the settings say so; what it began it finishes.

    ``inside`` are receivers of events that run in this process, by name; ``service_token`` gives the token shown to
    them, otherwise that in the file of the settings. Jobs for which there is no way out (no mail server, no receiver of
    events) wait.
    """
    async with AsyncExitStack() as stack:
        handlers = _handlers(app, settings)
        token = service_token or _from_file(settings.service_token_file)
        if settings.event_addresses and token:
            clients = {
                name: await stack.enter_async_context(new_client(address, app=inside.get(name)))
                for name, address in settings.event_addresses.items()
            }
            handlers[EVENT] = EventSender(clients, token, app.state.clock)
        worker = Worker(app.state.engine, handlers, app.state.clock)
        app.state.ledger = WakingLedger(app.state.ledger, worker)
        if not settings.run_worker:
            yield worker
            return
        stop = asyncio.Event()
        running = asyncio.create_task(worker.run(stop))
        try:
            yield worker
        finally:
            stop.set()
            await running


def _handlers(app: FastAPI, settings: AdvanceRulingSettings) -> dict[str, Handler]:
    handlers: dict[str, Handler] = {
        **ruling_jobs(app),
        TRACK_NOTICE: TrackNotices(app),
        REMINDER: Reminders(app),
    }
    if carrier := _carrier(settings):
        handlers[MAIL] = MailSender(Letters(LETTERS), carrier, sender=settings.mail_sender)
    return handlers


def _from_file(path: Path | None) -> Callable[[], str] | None:
    """The token in a file, read at each call, since tokens end and are replaced."""
    return (lambda: path.read_text(encoding="ascii").strip()) if path else None


def _carrier(settings: AdvanceRulingSettings) -> Carrier | None:
    if settings.smtp_host:
        return SmtpCarrier(settings.smtp_host, settings.smtp_port, settings.smtp_security)
    return FolderCarrier(settings.mail_folder) if settings.mail_folder else None
