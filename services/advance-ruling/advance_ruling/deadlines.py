"""What happens when a deadline passes: the step that the procedure names, taken by the clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fastapi import FastAPI

from advance_ruling.follow_ups import follow_ups
from advance_ruling.rulings.announce import told_by_the_clock
from advance_ruling.steps import APPLICATIONS, Application, load_application, record
from crossing.casework import deadlines
from crossing.casework.deadlines import Deadlines
from crossing.kit.ledger import Insert


def deadlines_of(app: FastAPI) -> Deadlines:
    """The handler of the deadlines of applications."""

    async def passing(application_id: str) -> None:
        async with app.state.engine.connect() as connection:
            application = await load_application(connection, application_id)
        await pass_deadlines(app.state, application, app.state.clock())

    return Deadlines(passing, APPLICATIONS.key)


async def pass_deadlines(state: Any, application: Application, at: datetime) -> bool:
    """Let the deadlines of an application pass that have come; whether there was any."""

    async def recorded(before: Application, after: Application, rows: Sequence[Insert]) -> None:
        told = told_by_the_clock(state.settings, before, rows[0].values)
        await record(state.ledger, rows, beside=[*follow_ups(state.settings, before, after), *told])

    return await deadlines.pass_deadlines(APPLICATIONS, application, at, recorded)
