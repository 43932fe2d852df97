"""Whoever kills admission while it applies remedies loses none and doubles none."""

from pathlib import Path

import pytest
from tests.redress.remedies.kill_cases import all_applied_once

pytestmark = pytest.mark.anyio


async def test_200_remedies_are_applied_exactly_once_though_admission_is_killed_five_times(tmp_path: Path) -> None:
    await all_applied_once(tmp_path)
