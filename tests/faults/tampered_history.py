"""A history of admission with rows in every table of its ledger, for those who tamper with copies of it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.admission.cases import admit, engineer, opened, took
from tests.admission.desks import running_service
from tests.admission.histories import realistic_history
from tests.admission.subjects.lists import bring, lookout, member, named
from tests.admission.subjects.orders import applied
from tests.admission.subjects.test_port_notices import given, read
from tests.conftest import Desk, MovingClock

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


async def make(folder: Path, examinations: int, meanwhile: Callable[[], Awaitable[None]]) -> None:
    """Make a history in a folder; ``meanwhile`` is called when there is little of it, half of it and all of it."""
    async with running_service(folder, MovingClock(NOW)) as desk:
        await realistic_history(desk)
        await _of_every_table(desk)
        await meanwhile()
        async with desk.client() as officer:
            for _half in range(2):
                for _ in range(examinations // 2):
                    await opened(officer, engineer(rulings=["no-ruling"]))
                await meanwhile()


async def _of_every_table(desk: Desk) -> None:
    """Entries of lists, a remedy that a decision uses up, a notice that was read."""
    await bring(desk, "lookouts", lookout())
    await bring(desk, "members", member())
    await bring(desk, "exits", {"id": "E-1", "country": "US", "port": "US-DETROIT", "left_on": "2026-10-02", **named()})
    notice, answer = await given(desk)
    answer.raise_for_status()
    await applied(desk, "biometric_reenrolled", {"reason": "Prints of another"})
    async with desk.client() as officer:
        await read(officer, notice)
        await took(officer, await opened(officer, engineer()), "decision", admit())
