"""What the doctor finds on PostgreSQL: the role, its rights, partitions, durability, and another service's database."""

import asyncio
import os
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from tests.doctor.installations import admission, said

from crossing.doctor import database_checks, role_checks
from crossing.doctor.finding import Check

pytestmark = pytest.mark.anyio


class Server:
    """Statements as the superuser of a server, in a database with the roles that it should have."""

    def __init__(self, address: str, name: str) -> None:
        self.name = name
        self._at = f"{address.rpartition('@')[2]}/{name}"
        self._superuser = f"postgresql://{address}/{name}"

    def url(self, role: str) -> str:
        """The database as a role sees it, which the tests' server lets in without a password."""
        return f"postgresql+asyncpg://{self.name}_{role}:word@{self._at}"

    async def run(self, *statements: str) -> None:
        """Run statements."""
        connection = await asyncpg.connect(self._superuser)
        for statement in statements:
            await connection.execute(statement.replace("NAME", self.name))
        await connection.close()


@pytest.fixture(scope="module")
async def server(postgres_address: str) -> AsyncIterator[Server]:
    """A database of admission as an installation has it, migrated by its owner."""
    name = f"doctor_{uuid.uuid4().hex[:8]}"
    root = Server(postgres_address, "postgres")
    for role in ("owner", "app", "reader"):
        await root.run(f"CREATE ROLE {name}_{role} LOGIN PASSWORD 'word'")
    await root.run(f"CREATE DATABASE {name} OWNER {name}_owner")
    there = Server(postgres_address, name)
    command = [sys.executable, "-m", "crossing.cli", "migrate", "admission", "--database-url", there.url("owner")]
    await asyncio.to_thread(subprocess.run, command, env=os.environ, check=True, capture_output=True)
    yield there
    await root.run(f"DROP DATABASE {name} WITH (FORCE)", *(f"DROP ROLE {name}_{r}" for r in ("owner", "app", "reader")))


async def finding(check: Check, folder: Path, url: str) -> tuple[str, str]:
    return await said(check, admission(folder, database_url=url))


@pytest.mark.parametrize(("role", "outcome"), [("app", "ok"), ("owner", "wrong"), ("reader", "wrong")])
async def test_another_role_than_the_service_s_is_found(
    server: Server, tmp_path: Path, role: str, outcome: str
) -> None:
    found, words = await finding(role_checks.role_is_the_service_s_own, tmp_path, server.url(role))
    assert found == outcome
    if outcome == "wrong":
        assert f"{server.name}_app" in words


@pytest.mark.parametrize(
    ("planted", "taken_back", "told"),
    [
        ("GRANT UPDATE ON audit_entries TO NAME_app", "REVOKE UPDATE ON audit_entries FROM NAME_app", "may UPDATE audit"),
        ("GRANT TRUNCATE ON revisions TO NAME_app", "REVOKE TRUNCATE ON revisions FROM NAME_app", "may TRUNCATE"),
        ("REVOKE UPDATE ON jobs FROM NAME_app", "GRANT UPDATE ON jobs TO NAME_app", "may not UPDATE jobs"),
    ],
)  # fmt: skip
async def test_rights_that_are_too_many_or_too_few_are_found(
    server: Server, tmp_path: Path, planted: str, taken_back: str, told: str
) -> None:
    check = role_checks.role_may_what_it_must
    assert (await finding(check, tmp_path, server.url("app")))[0] == "ok"
    await server.run(planted)
    outcome, words = await finding(check, tmp_path, server.url("app"))
    await server.run(taken_back)
    assert (outcome, told in words) == ("wrong", True)


async def test_a_month_without_a_partition_is_found(server: Server, tmp_path: Path) -> None:
    check = role_checks.months_to_come_have_partitions
    assert await finding(check, tmp_path, server.url("app")) == ("ok", "of 3 tables; ")
    it = admission(tmp_path, database_url=server.url("app"))
    later = it.now() + timedelta(days=100)
    outcome, words = await said(check, replace(it, now=lambda: later))
    assert (outcome, "`crossing partitions admission`" in words) == ("wrong", True)


async def test_commits_that_do_not_wait_for_the_disk_are_found(server: Server, tmp_path: Path) -> None:
    check = database_checks.commits_are_on_disk
    await server.run("ALTER ROLE NAME_app SET synchronous_commit = off")
    outcome, words = await finding(check, tmp_path, server.url("app"))
    await server.run("ALTER ROLE NAME_app RESET synchronous_commit")
    assert outcome == "wrong"
    assert "is off" in words


async def test_a_clock_that_differs_and_an_old_server_are_found(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await finding(database_checks.clocks_of_database_and_service_agree, tmp_path, server.url("app")))[0] == "ok"
    monkeypatch.setattr(database_checks, "_SKEW_SECONDS", -1.0)
    assert (await finding(database_checks.clocks_of_database_and_service_agree, tmp_path, server.url("app")))[
        0
    ] == "wrong"
    assert (await finding(database_checks.database_is_recent, tmp_path, server.url("app")))[0] == "ok"
    monkeypatch.setattr(database_checks, "_OLDEST_POSTGRES", 99)
    assert (await finding(database_checks.database_is_recent, tmp_path, server.url("app")))[0] == "wrong"


async def test_a_service_does_not_start_on_another_service_s_database(server: Server, tmp_path: Path) -> None:
    settings = admission(tmp_path).settings
    environment = {
        "CROSSING_DATABASE_URL": server.url("app"),
        "CROSSING_KEY_SET_FILE": str(settings.key_set_file),
        "CROSSING_ISSUER": settings.issuer,
        "CROSSING_IDENTITY_KEY": settings.identity_key.get_secret_value(),
        "CROSSING_PUBLIC_ADDRESS": "https://crossing.example/redress",
        "CROSSING_EVIDENCE_STORE": str(tmp_path / "evidence"),
    }
    command = [sys.executable, "-m", "crossing.cli", "service", "redress", "--port", "0"]
    ran = await asyncio.to_thread(
        subprocess.run, command, env=os.environ | environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert (ran.returncode, ran.stderr) == (2, "CROSSING_DATABASE_URL: names the database of another service\n")
