"""``healthz`` says that the process lives, ``readyz`` that it can take a decision, and which check fails if not."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from tests.admission.desks import running_service, service_of
from tests.admission.rows import select
from tests.conftest import Desk, MovingClock

from crossing.packs import COUNTRIES_WITH_PACKS

pytestmark = pytest.mark.anyio


def not_ok(answer: httpx.Response) -> dict[str, str]:
    """The checks that fail, with what they say."""
    return {name: said for name, said in answer.json()["checks"].items() if said != "ok"}


@pytest.mark.parametrize("address", ["/admission/healthz", "/admission/v1/healthz"])
async def test_a_service_that_runs_is_alive(anyone: httpx.AsyncClient, address: str) -> None:
    answer = await anyone.get(address)
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


@pytest.mark.parametrize("address", ["/admission/readyz", "/admission/v1/readyz"])
async def test_a_service_with_everything_it_needs_is_ready(anyone: httpx.AsyncClient, address: str) -> None:
    answer = await anyone.get(address)
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": dict.fromkeys(("serving", "database", "migrations", "keys", "packs"), "ok"),
    }


async def test_a_database_behind_its_history_is_not_ready(tmp_path: Path, clock: MovingClock) -> None:
    async with running_service(tmp_path, clock) as desk, desk.client(None) as anyone:
        with closing(sqlite3.connect(tmp_path / "admission.sqlite")) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = '0001'")
        answer = await anyone.get("/admission/readyz")
        assert answer.status_code == 503
        assert not_ok(answer) == {"migrations": "failed"}
        assert (await anyone.get("/admission/healthz")).status_code == 200


async def test_a_database_that_a_later_release_migrated_serves_this_one(tmp_path: Path, clock: MovingClock) -> None:
    async with running_service(tmp_path, clock) as desk, desk.client(None) as anyone:
        with closing(sqlite3.connect(tmp_path / "admission.sqlite")) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        assert (await anyone.get("/admission/readyz")).status_code == 200


async def test_a_database_that_takes_no_write_is_not_ready_though_it_answers(
    tmp_path: Path, clock: MovingClock
) -> None:
    async with running_service(tmp_path, clock) as desk, desk.client(None) as anyone:
        with closing(sqlite3.connect(tmp_path / "admission.sqlite")) as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
        limit = {"pages": pages}

        def hold_to_limit(connection: Any, *_: object) -> None:  # the limit is one of each connection
            connection.cursor().execute(f"PRAGMA max_page_count = {limit['pages']}")

        event.listen(service_of(desk).state.engine.sync_engine, "checkout", hold_to_limit)
        answer = await anyone.get("/admission/readyz")
        assert (answer.status_code, answer.json()["checks"]["migrations"]) == (503, "ok")
        assert answer.json()["checks"]["database"] == "OperationalError"
        limit["pages"] = pages * 100
        assert (await anyone.get("/admission/readyz")).status_code == 200


async def test_a_database_that_cannot_be_opened_is_not_ready(fresh_desk: Desk) -> None:
    class Away:
        def connect(self, **_: object) -> None:
            raise OSError("the disk is gone")

        execution_options = connect

    state = service_of(fresh_desk).state
    state.engine, engine = Away(), state.engine
    async with fresh_desk.client(None) as anyone:
        answer = await anyone.get("/admission/readyz")
    state.engine = engine
    assert answer.status_code == 503
    assert not_ok(answer) == {"database": "OSError", "migrations": "OSError"}
    assert "disk is gone" not in answer.text


async def test_the_packs_that_decide_are_kept_beside_the_records_once(tmp_path: Path, clock: MovingClock) -> None:
    for _ in range(2):
        async with running_service(tmp_path, clock):
            pass
    kept = select(tmp_path, "SELECT pack_id, digest FROM rule_packs ORDER BY pack_id")
    assert [row[0] for row in kept] == sorted(folder for folder in COUNTRIES_WITH_PACKS.values())
    assert all(row[1].startswith("sha256:") for row in kept)
