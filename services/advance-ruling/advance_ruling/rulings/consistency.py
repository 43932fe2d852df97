"""Like cases alike: a differing result puts the ruling in force in question by itself (specification, section 9.4)."""

import json
from typing import Any

from fastapi import FastAPI

from advance_ruling.applications.queries import rulings_alike
from advance_ruling.follow_ups import follow_ups
from advance_ruling.rulings.load import Ruling, load_ruling
from advance_ruling.steps import Application, load_application, plan, record
from crossing.casework.problems import IllegalStep
from crossing.casework.steps import Step
from crossing.kit.database import format_instant
from crossing.kit.jobs import Job


class Consistency:
    """Handler of the job that holds a case just decided against rulings on an equal pattern of facts."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, job: Job) -> None:
        """Propose to change those in force; one that is under a proposal, or rests, is left: repeats add none."""
        state = self._app.state
        async with state.engine.connect() as connection:
            decided = await load_application(connection, job.payload["application_id"])
            alike = await rulings_alike(connection, decided.content["pattern"], decided.opened.into)
            found = [await load_ruling(connection, each.number) for each in alike if each.is_in_force]
        for ruling in found:
            await _put_in_question(state, ruling, decided)


async def _put_in_question(state: Any, ruling: Ruling, decided: Application) -> None:
    application, now, rules = ruling.application, state.clock(), state.procedure.content["consistency"]
    text = rules["text"][json.loads(application.file.contact)["language"]]
    # The holder is told on which rules the other case turned, and no words of its file, which may name a person.
    cited = [each["requirement"] for each in decided.content["denial_draft"]["reasons"]]
    reasons = [{"requirement": each, "text": text} for each in cited]
    told = {"ground": rules["ground"], "action": rules["action"], "text": text, "reasons": reasons}
    kept = {**told, "proposed_at": format_instant(now), "comments": []}
    detail = {**told, "other": decided.opened.id}
    step = Step(
        "propose_change", "system", "system", now, content={"proposal": kept}, detail=detail, ground=rules["ground"]
    )
    try:
        rows = plan(application, step)
    except IllegalStep:
        return
    await record(state.ledger, rows, beside=follow_ups(state.settings, application, application.after(rows)))
