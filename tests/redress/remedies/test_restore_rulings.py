"""A ruling that was suspended by mistake binds again by redress, and its verification says so."""

from pathlib import Path
from typing import Any

import pytest
from tests.admission.rulings import served
from tests.advance_ruling.rulings_desk import RulingDesk, ruling_desk
from tests.conftest import MovingClock
from tests.redress.conftest import running_redress
from tests.redress.remedies.two_services import ordered, tokens

from redress.casework.steps import Case, load_case

pytestmark = pytest.mark.anyio


def restored(number: str) -> dict[str, Any]:
    return {"kind": "ruling_restored", "record": {"kind": "ruling", "id": number, "version": 1}, "content": {}}


async def after_ordering(folder: Path, clock: MovingClock, rulings: RulingDesk, number: str) -> Case:
    """The case of somebody whose ruling is to be restored, once everything that is due was done."""
    token = tokens(folder, clock)["redress"]
    async with (
        served(rulings.service) as address,
        running_redress(folder, clock, advance_rulings_address=address, service_token_file=token) as redress,
    ):
        case_id = await ordered(redress, [restored(number)])
        await redress.state.worker.run_due()
        async with redress.state.engine.connect() as connection:
            return await load_case(connection, case_id)


async def test_a_suspended_ruling_binds_again_and_is_seen_to(tmp_path: Path, clock: MovingClock) -> None:
    async with ruling_desk(tmp_path, clock) as rulings:
        number = await rulings.issue()
        await rulings.act(number, "suspension", {"ground": "fraud_investigation_open", "reference": "Demonstration 4"})
        assert await rulings.status(number) == "suspended"
        case = await after_ordering(tmp_path, clock, rulings, number)
        assert (case.state, case.latest.event) == ("watch", "probe_passed")
        assert await rulings.status(number) == "valid"


async def test_a_ruling_that_was_never_given_cannot_be_restored(tmp_path: Path, clock: MovingClock) -> None:
    async with ruling_desk(tmp_path, clock) as rulings:
        case = await after_ordering(tmp_path, clock, rulings, "US-TN-2026-000404")
        assert (case.state, case.latest.event) == ("correction_pending", "remedy_refused")
        assert case.content["corrections"][0]["refused"]["problem"] == "/problems/not-found"
