"""Databases that are away, behind, or another service's."""

import asyncio
from pathlib import Path

import pytest
from tests.doctor.installations import admission, rulings, said

from admission.settings import MIGRATIONS
from crossing.doctor import database_checks as checks
from crossing.doctor import storage_checks
from crossing.doctor.examine import examine
from crossing.kit.migrations import upgrade

pytestmark = pytest.mark.anyio


async def test_a_database_behind_its_history_is_found_with_the_command_that_cures_it(tmp_path: Path) -> None:
    outcome, words = await said(checks.migrations_are_current, admission(tmp_path))
    assert (outcome, "`crossing migrate admission`" in words) == ("wrong", True)
    await asyncio.to_thread(upgrade, MIGRATIONS, admission(tmp_path).settings.database_url)
    assert (await said(checks.migrations_are_current, admission(tmp_path)))[0] == "ok"


async def test_a_database_swapped_with_another_service_s_is_found(tmp_path: Path) -> None:
    await asyncio.to_thread(upgrade, MIGRATIONS, admission(tmp_path).settings.database_url)
    assert (await said(checks.database_is_the_service_s_own, admission(tmp_path)))[0] == "ok"
    outcome, words = await said(checks.database_is_the_service_s_own, rulings(tmp_path))
    assert (outcome, "CROSSING_DATABASE_URL" in words) == ("wrong", True)


async def test_a_database_that_is_away_is_wrong_once_and_its_other_checks_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage_checks, "CHECKS", ())
    url = "postgresql+asyncpg://somebody:word@127.0.0.1:1/admission"
    it = admission(tmp_path, database_url=url)
    found = {name: finding async for name, finding in examine(it)}
    await it.engine.dispose()
    assert found["database answers"].outcome == "wrong"
    assert found["migrations are current"].said == "the database does not answer"
    assert not any("word" in f"{each.said} {each.cure}" for each in found.values())
