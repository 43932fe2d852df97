"""The jobs of this service, done by a worker inside it: deadlines, messages, events, and what parts of it add."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Final

from fastapi import FastAPI
from starlette.types import ASGIApp

from crossing.casework.steps import DEADLINE
from crossing.casework.working import at_work, clients_of, event_sender, mail_handlers, token_of
from crossing.kit.events import KIND as EVENT
from crossing.kit.jobs import Job
from crossing.kit.ledger import Conflict
from crossing.kit.mail import KIND as MAIL
from crossing.kit.service_tokens import Token
from crossing.kit.worker import Handler
from redress.casework.deadlines import deadlines_of
from redress.casework.follow_ups import NEAR_DEADLINE, message
from redress.casework.steps import load_case
from redress.feedback.leave import PORT_NOTICE
from redress.feedback.port_notices import PortNotices
from redress.inquiries.mail import ACCESS_MAIL, SecretMail
from redress.inquiries.recovery import RECOVERY, Recoveries
from redress.remedies.deliver import Deliveries
from redress.remedies.following import PROBE, REMEDY, REVIEW
from redress.remedies.probe import Probes
from redress.remedies.review import Reviews
from redress.settings import LETTERS, RedressSettings

ADMISSION: Final = "admission"
ADVANCE_RULINGS: Final = "advance-rulings"


class NearDeadlines:
    """Tells a traveller that a deadline of theirs is near, unless it was moved or the case has moved on."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, job: Job) -> None:
        """Append the message; a repeat finds it waiting, or sends it again as mail does."""
        state = self._app.state
        async with state.engine.connect() as connection:
            case = await load_case(connection, job.payload["case_id"])
        if (case.latest.entered, case.latest.due_at) != (job.payload["entered"], job.payload["due_at"]):
            return
        if rows := message(state.settings, case, "reminder", state.clock(), key="near"):
            with suppress(Conflict):
                await state.ledger.append(rows, None)


#: Handlers of jobs by kind; parts with jobs of their own add to it.
HANDLERS: Final[dict[str, Callable[[FastAPI], Handler]]] = {
    DEADLINE: deadlines_of,
    NEAR_DEADLINE: NearDeadlines,
    RECOVERY: Recoveries,
    REMEDY: Deliveries,
    PROBE: Probes,
    REVIEW: Reviews,
    PORT_NOTICE: PortNotices,
}


@asynccontextmanager
async def working(
    app: FastAPI, settings: RedressSettings, inside: Mapping[str, ASGIApp], service_token: Token | None
) -> AsyncIterator[None]:
    """A worker for the service, which runs until the block ends when the settings say so; what it began it finishes.

    ``inside`` are services that run in this process, by name; they are called without a network. ``service_token``
    gives the token that they are shown; without it, that of the settings. Both stand beside the engine for
    whoever calls others: ``app.state.neighbours`` and ``app.state.service_token``. Jobs without a way out wait.
    """
    addresses = {ADMISSION: settings.admission_address, ADVANCE_RULINGS: settings.advance_rulings_address}
    async with AsyncExitStack() as stack:
        clients = app.state.neighbours = await clients_of(stack, app, addresses, inside)
        token = app.state.service_token = await token_of(stack, service_token, settings)
        handlers = {kind: make(app) for kind, make in HANDLERS.items()} | mail_handlers(settings, LETTERS)
        if MAIL in handlers:
            handlers[ACCESS_MAIL] = SecretMail(app, handlers[MAIL])
        if clients and token:
            handlers[EVENT] = event_sender(app, clients, token)
        await stack.enter_async_context(at_work(app, handlers, run=settings.run_worker))
        yield
