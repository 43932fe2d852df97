"""A service that takes events, with its own database and issuer, served over HTTP by uvicorn on loopback."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp
from tests.conftest import MovingClock
from tests.kit.job_tables import Owing

from crossing.kit.identity import TokenChecker
from crossing.kit.inbox import Taker, events_router
from crossing.kit.issuer import AUDIENCE, ISSUER, DevelopmentIssuer
from crossing.kit.issuer_keys import IssuerKeys, read_key_set
from crossing.kit.service import service_app


def receiving_app(there: Owing, folder: Path, clock: MovingClock, takers: Mapping[str, Taker]) -> FastAPI:
    """The service."""
    app = service_app(
        "receiver",
        title="Receiver",
        version="1",
        description="Takes events.",
        deadline_seconds=30.0,
        max_body_bytes=16_384,
    )
    app.state.engine, app.state.ledger, app.state.clock = there.engine, there.ledger, clock
    keys = IssuerKeys(read_key_set(DevelopmentIssuer(folder).public_file))
    app.state.tokens = TokenChecker(keys, issuer=ISSUER, audience=AUDIENCE)
    app.include_router(events_router(takers))
    return app


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """The address of an application while it is served."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())
    async with asyncio.timeout(30):
        while not server.started:
            await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await serving
