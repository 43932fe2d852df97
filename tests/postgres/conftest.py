"""A real PostgreSQL server: in a container where a Docker engine answers, else Debian's own; the same tests on either."""

import uuid
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest
from tests.kit.job_tables import Owing, owing
from tests.postgres.server import running_server


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """``user:password@host:port`` of a server that lives as long as the tests."""
    with running_server() as address:
        yield address


@pytest.fixture
async def database_url(postgres_address: str) -> AsyncIterator[str]:
    """An empty database of its own."""
    name = f"admission_{uuid.uuid4().hex}"
    admin = await asyncpg.connect(f"postgresql://{postgres_address}/postgres")
    await admin.execute(f"CREATE DATABASE {name}")
    yield f"postgresql+asyncpg://{postgres_address}/{name}"
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture
async def there(database_url: str) -> AsyncIterator[Owing]:
    """A database with jobs, an inbox and effects."""
    async with owing(database_url) as made:
        yield made
