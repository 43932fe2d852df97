"""An empty SQLite database for tests that others run on PostgreSQL."""

from pathlib import Path

import pytest


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """A file of its own."""
    return f"sqlite+aiosqlite:///{tmp_path / 'jobs.sqlite'}"
