"""The jobs of a service, done by a worker inside it: deadlines, messages, events, and what is its own."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.types import ASGIApp

from crossing.casework.settings import MailSettings, WorkSettings
from crossing.kit.background import in_background
from crossing.kit.events import EventSender
from crossing.kit.http import Client, new_client
from crossing.kit.letters import Letters
from crossing.kit.mail import KIND as MAIL
from crossing.kit.mail import Carrier, FolderCarrier, MailSender, SmtpCarrier
from crossing.kit.service_tokens import ClientCredentials, Token, token_in
from crossing.kit.traced_jobs import traced_handlers
from crossing.kit.traces import trace_calls
from crossing.kit.worker import Handler, WakingLedger, Worker


@asynccontextmanager
async def at_work(app: FastAPI, handlers: Mapping[str, Handler], *, run: bool) -> AsyncIterator[None]:
    """A worker for a running service, in ``app.state.worker``: it runs until the block ends, if it is to ``run``.

    Jobs that no handler takes wait. What was begun is finished.
    """
    traced = traced_handlers(handlers, app.state.tracing)
    worker = app.state.worker = Worker(app.state.engine, traced, app.state.clock)
    app.state.ledger = WakingLedger(app.state.ledger, worker)
    if not run:
        yield
        return
    async with in_background(worker.run):
        yield


async def clients_of(
    stack: AsyncExitStack, app: FastAPI, addresses: Mapping[str, str | None], inside: Mapping[str, ASGIApp]
) -> dict[str, Client]:
    """Clients of other services by name, which live as long as ``stack``; those ``inside`` need no network."""
    return {
        name: await stack.enter_async_context(_client(app, name, address, inside.get(name)))
        for name, address in addresses.items()
        if address
    }


def _client(app: FastAPI, neighbour: str, address: str, inside: ASGIApp | None) -> Client:
    client = new_client(address, app=inside)
    trace_calls(client, neighbour, app.state.tracing)
    return client


def event_sender(app: FastAPI, clients: Mapping[str, Client], token: Token) -> EventSender:
    """The handler that delivers the events of a running service."""
    sender = EventSender(clients, token, app.state.clock)
    app.state.breakers.append(sender.breakers)
    return sender


async def token_of(stack: AsyncExitStack, service_token: Token | None, settings: WorkSettings) -> Token | None:
    """What gives a service's token: what it was given, or what its settings name; it lives as long as ``stack``."""
    if service_token:
        return service_token
    if settings.service_token_file:
        return token_in(settings.service_token_file)
    if settings.token_address and settings.client_id and settings.client_secret_file:
        client = await stack.enter_async_context(new_client(settings.token_address))
        return ClientCredentials(client, settings.token_address, settings.client_id, settings.client_secret_file)
    return None


def mail_handlers(settings: MailSettings, letters: Path) -> dict[str, Handler]:
    """The handler of messages, where the settings name a way out; without one they wait."""
    carrier = _carrier(settings)
    return {MAIL: MailSender(Letters(letters), carrier, sender=settings.mail_sender)} if carrier else {}


def _carrier(settings: MailSettings) -> Carrier | None:
    if settings.smtp_host:
        return SmtpCarrier(settings.smtp_host, settings.smtp_port, settings.smtp_security)
    return FolderCarrier(settings.mail_folder) if settings.mail_folder else None
