"""Redress with its staff list, beside an admission that answers what its records hold; one for each module."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router
from tests.conftest import MovingClock
from tests.redress.desk.files import RECORDS, STAFF, START

from crossing.embedded.suite import redress_settings
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.migrations import upgrade
from redress.app import create_app
from redress.settings import MIGRATIONS

SignedIn = Callable[..., httpx.AsyncClient]


class Records:
    """What admission would answer, and what it was asked. ``down`` has it answer nothing."""

    def __init__(self) -> None:
        self.told: dict[str, Any] = RECORDS
        self.asked: list[dict[str, Any]] = []
        self.down = False

    async def answer(self, request: Request) -> Response:
        """What is asked of admission's records."""
        self.asked.append(await request.json())
        return Response(status_code=503) if self.down else JSONResponse(self.told)


@pytest.fixture(scope="module")
def clock_of_module() -> MovingClock:
    """The clock of the module's service."""
    return MovingClock(START)


@pytest.fixture
def clock(clock_of_module: MovingClock) -> Iterator[MovingClock]:
    """The clock; wherever a test moves it, the next one finds it where it began."""
    clock_of_module.now = START
    yield clock_of_module
    clock_of_module.now = START


@pytest.fixture(scope="module")
def records() -> Records:
    """Admission's answer."""
    return Records()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the module's service keeps its files."""
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="module")
def issuer(folder: Path, clock_of_module: MovingClock) -> DevelopmentIssuer:
    """Who signs tokens."""
    return DevelopmentIssuer(folder, now=lambda: clock_of_module().timestamp())


@pytest.fixture(scope="module")
async def service(
    folder: Path, issuer: DevelopmentIssuer, clock_of_module: MovingClock, records: Records
) -> AsyncIterator[FastAPI]:
    """The service, whose worker does only what a test has it do; everybody of ``STAFF`` is on its list."""
    changes = {"request_deadline_seconds": 60.0, "run_worker": False, "admission_address": "http://admission.test"}
    settings = redress_settings(folder, issuer).model_copy(update=changes)
    await asyncio.to_thread(upgrade, MIGRATIONS, settings.database_url)
    admission = Starlette(routes=[Route("/v1/subject-records", records.answer, methods=["POST"])])

    async def token() -> str:
        return issuer.token(Role.SERVICE, subject="redress")

    app = create_app(settings, clock=clock_of_module, inside={"admission": admission}, service_token=token)
    async with app.router.lifespan_context(app):
        async with client_of(app, issuer, "test-supervisor", Role.SUPERVISOR) as supervisor:
            for subject, person in STAFF.items():
                answer = await listed(supervisor, subject, person)
                assert answer.status_code == 200, answer.text
        yield app


def client_of(app: FastAPI, issuer: DevelopmentIssuer, subject: str, role: Role) -> httpx.AsyncClient:
    """A client whose token outlives the months that tests let pass."""
    front = Router()
    front.mount("/redress", app)
    token = issuer.token(role, subject=subject, lifetime_seconds=800 * 86_400)
    transport = httpx.ASGITransport(app=front, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.AsyncClient(base_url="http://crossing.test", headers=headers, transport=transport)


@pytest.fixture
async def signed_in(service: FastAPI, issuer: DevelopmentIssuer, clock: MovingClock) -> AsyncIterator[SignedIn]:
    """Clients of the desk by subject."""
    opened: list[httpx.AsyncClient] = []

    def client(subject: str, role: Role = Role.CASEWORKER) -> httpx.AsyncClient:
        opened.append(client_of(service, issuer, subject, role))
        return opened[-1]

    yield client
    for each in opened:
        await each.aclose()


async def listed(client: httpx.AsyncClient, subject: str, person: dict[str, Any]) -> httpx.Response:
    """Put somebody on the staff list."""
    return await client.put(f"/redress/v1/staff/{subject}", json=person, headers={"If-Match": "*"})


@pytest.fixture
def clerk(signed_in: SignedIn) -> httpx.AsyncClient:
    """The case officer."""
    return signed_in("clerk")


@pytest.fixture
def ada(signed_in: SignedIn) -> httpx.AsyncClient:
    """An adjudicator who took no part in anything."""
    return signed_in("ada")


@pytest.fixture
def reviewer(signed_in: SignedIn) -> httpx.AsyncClient:
    """The reviewer of the body that owns the record."""
    return signed_in("reviewer")
