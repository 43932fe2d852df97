"""Runs the history against SQLite or PostgreSQL."""

import asyncio

from advance_ruling.tables import metadata
from crossing.kit.migrating import run_migrations

asyncio.run(run_migrations(metadata, made_by_hand="registry_search"))
