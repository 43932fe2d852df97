"""The roles of production: the service does all its work, and can change nothing that was recorded."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from tests.admission.desks import running_service, service_of
from tests.admission.histories import realistic_history
from tests.conftest import Desk, MovingClock
from tests.postgres.test_journey_on_postgresql import NOW
from typer.testing import CliRunner

from crossing.cli import app
from crossing.cli.services import ServiceName, metadata_of

pytestmark = pytest.mark.anyio
SCRIPT = Path(__file__).parents[2] / "deploy" / "postgres" / "roles.sh"
DATABASES = ("admission", "advance_ruling", "redress")


@pytest.fixture(scope="module")
def server(postgres_address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """``password@host:port`` of a server with the roles and databases, admission migrated by its owner."""
    user, _, where = postgres_address.partition("@")
    name, _, word = user.partition(":")
    host, _, port = where.partition(":")
    folder = tmp_path_factory.mktemp("secrets")
    environment = {**os.environ, "CROSSING_SECRETS": str(folder), "PGHOST": host, "PGPORT": port, "PGUSER": name}
    environment |= {"PGPASSWORD": word, "POSTGRES_DB": "postgres"}
    said = subprocess.run([SCRIPT], env=environment, capture_output=True, text=True, check=False)
    assert (said.returncode, "no password of admission_owner" in said.stderr) == (1, True)
    for role in [*(f"{each}_{role}" for each in DATABASES for role in ("owner", "app", "reader")), "crossing_backup"]:
        (folder / f"{role}_password").write_text("a word for tests")
    assert shutil.which("psql"), "There is no psql: run deploy/install-tools.sh postgresql"
    for _ in range(2):  # a second time changes nothing
        said = subprocess.run([SCRIPT], env=environment, capture_output=True, text=True, check=False)
        assert (said.returncode, said.stdout) == (0, "roles: 3 databases, 10 roles\n"), said.stderr
    there = f"a%20word%20for%20tests@{where}"
    migrated = CliRunner().invoke(app, ["migrate", "admission", "--database-url", url("admission_owner", there)])
    assert "granted to admission_app, admission_reader" in migrated.stdout, migrated.output
    yield there
    for database in DATABASES:
        subprocess.run(["dropdb", "--force", database], env=environment, check=True)


def url(role: str, server: str, database: str = "admission") -> str:
    return f"postgresql+asyncpg://{role}:{server}/{database}"


@asynccontextmanager
async def connected(role: str, server: str, database: str = "admission") -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url(role, server, database).replace("+asyncpg", ""))
    try:
        yield connection
    finally:
        await connection.close()


async def denied(connection: asyncpg.Connection, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)


@pytest.fixture
async def desk(server: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """Admission as the role of the service, with a port in each country."""
    there = url("admission_app", server)
    async with running_service(tmp_path, MovingClock(NOW), database_url=there) as desk:
        yield desk


async def test_the_officer_s_journey_needs_no_more_than_the_role_may(desk: Desk, server: str) -> None:
    await realistic_history(desk)
    async with desk.client(None) as anyone:
        assert (await anyone.get("/admission/readyz")).json()["status"] == "ok"
    verified = ["audit", "verify", "--record", "--database-url", url("admission_reader", server)]
    answer = await asyncio.to_thread(CliRunner().invoke, app, verified)
    assert answer.stdout.splitlines()[-1].endswith("audit entries, 0 at fault"), answer.output
    async with service_of(desk).state.engine.begin() as connection:  # as a worker does, with what it owes
        for statement in ("UPDATE jobs SET attempts = 0", "DELETE FROM jobs", "DELETE FROM ruling_trust"):
            await connection.execute(text(statement))


#: What is no record: the heads of chains, how far they were verified, the queue, what readiness writes and what is
#: fetched anew.
CHANGED = {"chain_heads", "chain_verifications", "jobs", "readiness", "ruling_trust"}


async def test_no_record_is_changed_by_the_service_and_nothing_by_a_reader(server: str) -> None:
    columns = {each.name: each.columns.keys()[0] for each in metadata_of(ServiceName.ADMISSION).sorted_tables}
    recorded = columns.keys() - CHANGED
    assert {"examinations", "revisions", "audit_entries", "idempotency_keys", "lookouts"} <= recorded
    async with connected("admission_app", server) as service:
        for table in recorded:
            await denied(service, f'UPDATE {table} SET "{columns[table]}" = NULL')
            await denied(service, f"DELETE FROM {table}")
            await denied(service, f"TRUNCATE {table} CASCADE")
        for partition in ("examinations_first", "audit_entries_default"):
            await denied(service, f"DELETE FROM {partition}")
        await denied(service, "DROP TABLE audit_entries")
        await denied(service, "CREATE TABLE mine (id int)")
        await denied(service, "INSERT INTO alembic_version VALUES ('9999')")
    async with connected("admission_reader", server) as reader:
        for table in columns.keys() - {"chain_verifications"}:
            await denied(reader, f"INSERT INTO {table} DEFAULT VALUES")
            await denied(reader, f"DELETE FROM {table}")


async def test_a_partition_made_later_is_the_service_s_to_append_to_and_no_more(server: str) -> None:
    bounds = "FOR VALUES FROM ('2031-01') TO ('2031-02')"
    async with connected("admission_owner", server) as owner:
        await owner.execute(f"CREATE TABLE audit_entries_2031_01 PARTITION OF audit_entries {bounds}")
    async with connected("admission_app", server) as service:
        await service.execute("INSERT INTO audit_entries_2031_01 VALUES ('x', 1, '2031-01-02', '', '', '', '', '')")
        await denied(service, "DELETE FROM audit_entries_2031_01")


@pytest.mark.parametrize("role", ["admission_app", "admission_reader", "admission_owner"])
async def test_no_role_of_one_service_enters_another_s_database(server: str, role: str) -> None:
    for other in ("redress", "advance_ruling"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with connected(role, server, other):
                pass
