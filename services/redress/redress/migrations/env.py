"""Runs the history against SQLite or PostgreSQL."""

import asyncio

from crossing.kit.migrating import run_migrations
from redress.tables import metadata

asyncio.run(run_migrations(metadata))
