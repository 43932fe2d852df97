"""What happens when a deadline of a case passes: the step that the procedure names, taken by the clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fastapi import FastAPI

from crossing.casework import deadlines
from crossing.casework.deadlines import Deadlines
from crossing.kit.ledger import Insert
from redress.casework.record import record
from redress.casework.steps import CASES, Case, load_case


def deadlines_of(app: FastAPI) -> Deadlines:
    """The handler of the deadlines of cases."""

    async def passing(case_id: str) -> None:
        async with app.state.engine.connect() as connection:
            case = await load_case(connection, case_id)
        await pass_deadlines(app.state, case, app.state.clock())

    return Deadlines(passing, CASES.key)


async def pass_deadlines(state: Any, case: Case, at: datetime) -> bool:
    """Let the deadlines of a case pass that have come; whether there was any."""

    async def recorded(before: Case, after: Case, rows: Sequence[Insert]) -> None:
        await record(state, before, after, rows)

    return await deadlines.pass_deadlines(CASES, case, at, recorded)
