"""A SQLite database for what others try on PostgreSQL, and the texts of messages."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.kit.job_tables import Owing, owing
from tests.kit.messages import STATES

from crossing.kit.letters import Letters


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """A file of its own."""
    return f"sqlite+aiosqlite:///{tmp_path / 'jobs.sqlite'}"


@pytest.fixture
async def there(database_url: str) -> AsyncIterator[Owing]:
    """A database with jobs, an inbox and effects."""
    async with owing(database_url) as made:
        yield made


@pytest.fixture
def letters(tmp_path: Path) -> Letters:
    """The texts of messages, with the states of a service."""
    file = tmp_path / "letters.yaml"
    file.write_text(STATES, encoding="utf-8")
    return Letters(file)
