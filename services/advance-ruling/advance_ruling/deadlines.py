"""What happens when a deadline passes: the step that the procedure names, taken by the clock."""

from datetime import datetime

from fastapi import FastAPI

from advance_ruling.problems import IllegalStep, StepNotReady
from advance_ruling.rulings.announce import told_by_the_clock
from advance_ruling.steps import Step, load_application, plan, record
from crossing.kit.jobs import Job
from crossing.kit.problems import StaleVersion


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
        now: datetime = state.clock()
        try:
            rows = plan(application, Step(payload["event"], "clock", "clock", now))
            told = told_by_the_clock(state, application, rows[0].values)
            await record(state.ledger, rows, beside=told)
        except (IllegalStep, StepNotReady, StaleVersion):
            return  # somebody acted at this very moment, and what they did stands
