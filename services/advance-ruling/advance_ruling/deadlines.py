"""What happens when a deadline passes: the step that the procedure names, taken by the clock."""

from datetime import datetime
from typing import Any

from fastapi import FastAPI

from advance_ruling.follow_ups import follow_ups
from advance_ruling.problems import IllegalStep, StepNotReady
from advance_ruling.rulings.announce import told_by_the_clock
from advance_ruling.steps import Application, Step, load_application, plan_all, record
from crossing.kit.jobs import Job
from crossing.kit.problems import StaleVersion
from crossing.rulings.procedure import load_procedure


class Deadlines:
    """The handler of deadlines. Running one twice changes nothing: the second finds the state left."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, job: Job) -> None:
        """Let a deadline pass, unless somebody acted before it."""
        payload, state = job.payload, self._app.state
        async with state.engine.connect() as connection:
            application = await load_application(connection, payload["application_id"])
        latest = application.latest
        was_postponed = latest.due_at is not None and latest.due_at > job.due_at
        if latest.entered != payload["entered"] or was_postponed:
            return
        await _by_clock(state, application, payload["event"], state.clock())


async def pass_deadline(state: Any, application: Application, at: datetime) -> bool:
    """Let the deadline of an application pass if it has come; whether it had."""
    event = load_procedure().states[application.state].on_expiry
    due_at = application.latest.due_at
    if event is None or due_at is None or datetime.fromisoformat(due_at) > at:
        return False
    await _by_clock(state, application, event, at)
    return True


async def _by_clock(state: Any, application: Application, event: str, at: datetime) -> None:
    try:
        rows, after = plan_all(application, [Step(event, "clock", "clock", at)])
        told = told_by_the_clock(state.settings, application, rows[0].values)
        await record(state.ledger, rows, beside=[*follow_ups(state.settings, application, after), *told])
    except (IllegalStep, StepNotReady, StaleVersion):
        return  # somebody acted at this very moment, and what they did stands
