"""Three mistakes of one kind at one port: its officers are told, once, and admission keeps the notice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from tests.admission.desks import running_service
from tests.conftest import Desk, MovingClock
from tests.redress.feedback.decided import decide

from crossing.embedded.suite import redress_settings
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.migrations import upgrade
from crossing.kit.verify import verify_chains
from redress.app import create_app
from redress.covered import covered_rows, rows_without_entry
from redress.settings import MIGRATIONS

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def redress_beside(port: Desk, clock: MovingClock) -> AsyncIterator[FastAPI]:
    """Redress, which knows the admission service of a desk."""
    issuer = DevelopmentIssuer(port.data, now=lambda: clock().timestamp())
    address = {"admission_address": "http://crossing.test/admission", "run_worker": False}
    settings = redress_settings(port.data, issuer).model_copy(update=address)
    await asyncio.to_thread(upgrade, MIGRATIONS, settings.database_url)

    async def token() -> str:
        return issuer.token(Role.SERVICE, subject="redress")

    service = create_app(settings, clock=clock, inside={"admission": port.suite}, service_token=token)
    async with service.router.lifespan_context(service):
        yield service


@pytest.fixture
async def port(tmp_path: Path, clock: MovingClock) -> AsyncIterator[Desk]:
    """Admission, with a port in each country."""
    async with running_service(tmp_path, clock) as desk:
        yield desk


@pytest.fixture
async def redress(port: Desk, clock: MovingClock) -> AsyncIterator[FastAPI]:
    """Redress beside it."""
    async with redress_beside(port, clock) as service:
        yield service


async def notices(port: Desk, port_id: str = "US-DETROIT", language: str = "en") -> list[dict[str, Any]]:
    async with port.client(port=port_id) as officer:
        answer = await officer.get("/admission/v1/port-notices", headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["notices"]
    return found


async def decided(redress: FastAPI, times: int, **changes: Any) -> None:
    for _ in range(times):
        await decide(redress, **changes)
        await redress.state.worker.run_due()


async def test_the_third_of_a_kind_tells_the_port(redress: FastAPI, port: Desk) -> None:
    await decided(redress, 2)
    assert await notices(port) == []
    await decided(redress, 1, root_cause="RC6")
    (notice,) = await notices(port)
    assert (notice["requirement"], notice["block_after"]) == ("US-B1-38", "2026-11-28T15:00:00.000000Z")
    assert "us.b1.usmca" in notice["class_ids"]
    for part in ("3 decisions", "rule misread", "evidence asked for beyond the law", "made outside the United States"):
        assert part in notice["text"]
    assert "test-adjudicator" not in notice["text"]


@pytest.mark.parametrize(("language", "words"), [("fr", "règle mal interprétée"), ("es", "regla mal interpretada")])
async def test_the_notice_is_in_each_language(redress: FastAPI, port: Desk, language: str, words: str) -> None:
    await decided(redress, 3)
    (notice,) = await notices(port, language=language)
    assert words in notice["text"]


@pytest.mark.parametrize(
    ("other", "port_id"),
    [
        ({"port_id": "CA-YUL"}, "US-DETROIT"),
        ({"requirement": "US-B1-33"}, "US-DETROIT"),
        ({"root_cause": "RC3"}, "US-DETROIT"),
        ({"outcome": "upheld"}, "US-DETROIT"),
    ],
    ids=["another port", "another requirement", "a cause of which no port is told", "no correction"],
)
async def test_what_is_not_of_the_same_kind_does_not_count(
    redress: FastAPI, port: Desk, other: dict[str, Any], port_id: str
) -> None:
    await decided(redress, 2)
    await decided(redress, 1, **other)
    assert await notices(port, port_id) == []


async def test_what_is_older_than_90_days_does_not_count(redress: FastAPI, port: Desk, clock: MovingClock) -> None:
    await decided(redress, 2)
    clock.move(timedelta(days=90))
    await decided(redress, 1)
    assert await notices(port) == []


async def test_after_a_notice_it_takes_as_many_again(redress: FastAPI, port: Desk, clock: MovingClock) -> None:
    for expected in (0, 0, 1, 1, 1, 2):
        await decided(redress, 1)
        assert len(await notices(port)) == expected
        clock.move(timedelta(minutes=1))


async def test_a_notice_waits_while_admission_is_away_and_is_delivered_once(
    redress: FastAPI, port: Desk, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = httpx.AsyncClient(base_url="http://127.0.0.1:9")
    with monkeypatch.context() as patch:
        patch.setitem(redress.state.neighbours, "admission", away)
        await decided(redress, 3)
        assert await notices(port) == []
    await away.aclose()
    clock.move(timedelta(minutes=1))
    await redress.state.worker.run_due()
    await redress.state.worker.run_due()
    assert len(await notices(port)) == 1


async def test_a_notice_is_covered_by_the_audit_chain(redress: FastAPI, port: Desk) -> None:
    await decided(redress, 3)
    async with redress.state.engine.connect() as connection:
        _, faults = await verify_chains(connection, covered_rows, rows_without_entry)
    assert faults == []
