"""The history of migrations on both engines: up, one step down, up again, and in agreement with the tables."""

import asyncio
from pathlib import Path

import pytest
from alembic import command

from admission.settings import MIGRATIONS as ADMISSION
from advance_ruling.settings import MIGRATIONS as ADVANCE_RULINGS
from crossing.kit.migrations import alembic_config
from redress.settings import MIGRATIONS as REDRESS

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "history", [ADMISSION, ADVANCE_RULINGS, REDRESS], ids=["admission", "advance-rulings", "redress"]
)
@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
async def test_the_history_goes_up_down_and_up_and_agrees_with_the_tables(
    engine: str, history: Path, database_url: str, tmp_path: Path
) -> None:
    url = database_url if engine == "postgresql" else f"sqlite+aiosqlite:///{tmp_path / 'service.sqlite'}"
    config = alembic_config(history, url)

    def up_down_up() -> None:
        command.upgrade(config, "head")
        command.downgrade(config, "-1")
        command.upgrade(config, "head")
        command.check(config)

    # ``command.check`` raises when the tables and the history differ.
    await asyncio.to_thread(up_down_up)
    assert config.get_main_option("sqlalchemy.url") == url
