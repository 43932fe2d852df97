"""Redress with its staff list, beside an admission that answers what its records hold."""

import asyncio
from collections.abc import AsyncIterator, Callable
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
from tests.redress.desk.files import RECORDS, STAFF

from crossing.embedded.suite import redress_settings
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.migrations import upgrade
from redress.app import create_app
from redress.settings import MIGRATIONS

SignedIn = Callable[..., httpx.AsyncClient]


class Records:
    """What admission would answer, and what it was asked. ``down`` makes it unreachable."""

    def __init__(self) -> None:
        self.told: dict[str, Any] = RECORDS
        self.asked: list[dict[str, Any]] = []
        self.down = False

    async def answer(self, request: Request) -> Response:
        self.asked.append(await request.json())
        return Response(status_code=503) if self.down else JSONResponse(self.told)


@pytest.fixture
def records() -> Records:
    """Admission's answer."""
    return Records()


@pytest.fixture
async def service(tmp_path: Path, clock: MovingClock, records: Records) -> AsyncIterator[FastAPI]:
    """The service, whose worker does only what a test has it do."""
    issuer = DevelopmentIssuer(tmp_path, now=lambda: clock().timestamp())
    changes = {"request_deadline_seconds": 60.0, "run_worker": False, "admission_address": "http://admission.test"}
    settings = redress_settings(tmp_path, issuer).model_copy(update=changes)
    await asyncio.to_thread(upgrade, MIGRATIONS, settings.database_url)
    admission = Starlette(routes=[Route("/v1/subject-records", records.answer, methods=["POST"])])
    token = issuer.token(Role.SERVICE, subject="redress")
    app = create_app(settings, clock=clock, inside={"admission": admission}, service_token=lambda: token)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def signed_in(service: FastAPI, tmp_path: Path, clock: MovingClock) -> AsyncIterator[SignedIn]:
    """Clients of the desk by subject; everybody of ``STAFF`` is on the list."""
    issuer = DevelopmentIssuer(tmp_path, now=lambda: clock().timestamp())
    front = Router()
    front.mount("/redress", service)
    opened: list[httpx.AsyncClient] = []

    def client(subject: str, role: Role = Role.CASEWORKER) -> httpx.AsyncClient:
        token = issuer.token(role, subject=subject, lifetime_seconds=800 * 86_400)
        transport = httpx.ASGITransport(app=front, raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {token}"}
        opened.append(httpx.AsyncClient(base_url="http://crossing.test", headers=headers, transport=transport))
        return opened[-1]

    for subject, person in STAFF.items():
        answer = await listed(client("test-supervisor", Role.SUPERVISOR), subject, person)
        assert answer.status_code in (200, 201), answer.text
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
