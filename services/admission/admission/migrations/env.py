"""Runs the history against SQLite or PostgreSQL."""

import asyncio

from admission.subjects.tables import lookouts
from crossing.kit.migrating import run_migrations

asyncio.run(run_migrations(lookouts.metadata))
