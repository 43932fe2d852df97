"""Officers at the desk, as a browser signs them in: by a cookie."""

from collections.abc import AsyncIterator

import httpx
import pytest
from tests.conftest import Desk

from crossing.kit.identity import Role


async def _signed_in(
    desk: Desk, role: Role, subject: str, port: str = "US-DETROIT"
) -> AsyncIterator[httpx.AsyncClient]:
    async with desk.client(None) as client:
        client.cookies.set(
            "crossing_session", desk.issuer.token(role, subject=subject, port_id=port, terminal_id="LANE-1")
        )
        client.headers["Accept-Language"] = "en"
        yield client


@pytest.fixture
async def officer(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async for client in _signed_in(desk, Role.OFFICER, "officer-1"):
        yield client


@pytest.fixture
async def second_officer(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async for client in _signed_in(desk, Role.OFFICER, "officer-2"):
        yield client


@pytest.fixture
async def supervisor(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async for client in _signed_in(desk, Role.SUPERVISOR, "supervisor-1"):
        yield client


@pytest.fixture
async def canadian_officer(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async for client in _signed_in(desk, Role.OFFICER, "officer-3", "CA-YUL"):
        yield client
