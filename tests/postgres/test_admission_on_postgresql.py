"""Admission on PostgreSQL: the same examinations, the same audit chains, the same history of migrations."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from alembic import command
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text

from admission.app import create_app
from admission.covered import covered_rows, rows_without_entry
from admission.settings import MIGRATIONS, AdmissionSettings
from crossing.kit.identity import Role
from crossing.kit.issuer import AUDIENCE, ISSUER, DevelopmentIssuer
from crossing.kit.migrations import alembic_config, upgrade
from crossing.kit.verify import verify_chains

pytestmark = pytest.mark.anyio
EXAMPLES = Path(__file__).parents[2] / "examples"
PORT = {
    "id": "US-DETROIT",
    "country": "US",
    "kind": "class_a_port",
    "mode": "land",
    "name": "Ambassador Bridge, Detroit",
    "time_zone": "America/Detroit",
}
EXAMINATION = json.loads((EXAMPLES / "examination-tn-engineer.json").read_text(encoding="utf-8"))


@pytest.fixture
async def admission(database_url: str, tmp_path: Path) -> AsyncIterator[FastAPI]:
    """The admission service on that database."""
    issuer = DevelopmentIssuer(tmp_path)
    settings = AdmissionSettings(
        database_url=database_url,
        key_set_file=issuer.public_file,
        issuer=ISSUER,
        audience=AUDIENCE,
        identity_key=SecretStr("a key for tests"),
    )
    await asyncio.to_thread(upgrade, MIGRATIONS, database_url)
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


def client(app: FastAPI, folder: Path, role: Role = Role.OFFICER) -> httpx.AsyncClient:
    token = DevelopmentIssuer(folder).token(role, subject=f"test-{role}", port_id=PORT["id"], terminal_id="LANE-1")
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(
        base_url="http://admission.test", headers={"Authorization": f"Bearer {token}"}, transport=transport
    )


async def opened(officer: httpx.AsyncClient, key: str) -> httpx.Response:
    return await officer.post("/v1/examinations", json=EXAMINATION, headers={"Idempotency-Key": key})


@pytest.fixture
async def officer(admission: FastAPI, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """An officer at a port that is open."""
    async with client(admission, tmp_path, Role.SUPERVISOR) as supervisor:
        (await supervisor.post("/v1/ports", json=PORT)).raise_for_status()
    async with client(admission, tmp_path) as made:
        yield made


async def faults_of(admission: FastAPI) -> tuple[int, list[str]]:
    async with admission.state.engine.connect() as connection:
        read, faults = await verify_chains(connection, covered_rows, rows_without_entry)
    return read, [str(fault) for fault in faults]


async def test_an_examination_is_opened_decided_and_told_with_a_chain_that_verifies(
    admission: FastAPI, officer: httpx.AsyncClient
) -> None:
    first = await opened(officer, "one")
    decision = {"action": "admit", "class": "us.tn", "reason": "Everything is shown."}
    address = f"/v1/examinations/{first.json()['id']}"
    decided = await officer.post(f"{address}/decision", json=decision, headers={"If-Match": first.headers["etag"]})
    read = (await officer.get(address)).json()
    assert (first.status_code, decided.status_code) == (201, 200)
    assert read["state"] == "decided"
    assert read["decision"]["class"] == "us.tn"
    assert await faults_of(admission) == (3, [])


async def test_a_repeated_key_gives_the_first_answer_and_twenty_at_once_open_one(officer: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(opened(officer, "same") for _ in range(20)))
    listed = (await officer.get("/v1/examinations")).json()["examinations"]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(listed) == 1


async def test_of_twenty_decisions_at_once_one_is_recorded(officer: httpx.AsyncClient) -> None:
    first = await opened(officer, "one")
    address = f"/v1/examinations/{first.json()['id']}/decision"
    decision = {"action": "admit", "class": "us.tn", "reason": "Everything is shown."}
    headers = {"If-Match": first.headers["etag"]}
    answers = await asyncio.gather(*(officer.post(address, json=decision, headers=headers) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers)[0] == 200
    assert {answer.status_code for answer in answers} <= {200, 409, 412}
    assert [answer.status_code for answer in answers].count(200) == 1


async def test_many_officers_at_one_port_make_one_unbroken_chain(
    admission: FastAPI, officer: httpx.AsyncClient
) -> None:
    answers = await asyncio.gather(*(opened(officer, f"key-{number}") for number in range(40)))
    assert {answer.status_code for answer in answers} == {201}
    assert await faults_of(admission) == (41, [])


async def test_a_changed_row_is_found_and_its_entry_named(admission: FastAPI, officer: httpx.AsyncClient) -> None:
    await opened(officer, "one")
    async with admission.state.engine.begin() as connection:
        await connection.execute(text("UPDATE revisions SET findings = replace(findings, 'met', 'mex')"))
    _, faults = await faults_of(admission)
    assert len(faults) == 1
    assert faults[0].startswith("US-DETROIT entry 2: a row it covers was changed")


async def test_a_server_that_went_away_is_a_503_problem(admission: FastAPI, officer: httpx.AsyncClient) -> None:
    await opened(officer, "one")
    await admission.state.engine.dispose()
    admission.state.ledger._engine = _engine_to_nowhere()
    answer = await opened(officer, "two")
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/unavailable"


def _engine_to_nowhere() -> Any:
    from crossing.kit.database import create_engine

    return create_engine("postgresql+asyncpg://crossing@127.0.0.1:9/nowhere")


@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
async def test_the_history_goes_up_down_and_up_and_agrees_with_the_tables(
    engine: str, database_url: str, tmp_path: Path
) -> None:
    url = database_url if engine == "postgresql" else f"sqlite+aiosqlite:///{tmp_path / 'admission.sqlite'}"
    config = alembic_config(MIGRATIONS, url)

    def up_down_up() -> None:
        command.upgrade(config, "head")
        command.downgrade(config, "-1")
        command.upgrade(config, "head")
        command.check(config)

    # ``command.check`` raises when the tables and the history differ.
    await asyncio.to_thread(up_down_up)
    assert config.get_main_option("sqlalchemy.url") == url
