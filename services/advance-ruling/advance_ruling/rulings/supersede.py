"""A ruling on changed facts takes the place of the one before."""

import json
from datetime import datetime
from typing import Any, Final

from fastapi import FastAPI
from uuid_utils.compat import uuid7

from advance_ruling.follow_ups import follow_ups
from advance_ruling.rulings.announce import announce
from advance_ruling.rulings.load import Ruling, load_ruling
from advance_ruling.steps import first_revision, plan, record
from crossing.casework.steps import Step
from crossing.kit.database import format_instant
from crossing.kit.jobs import Job, job
from crossing.kit.ledger import Insert

SUPERSEDE: Final = "supersede"
#: What a ruling adds to the case file, and what its change brings: a new application begins without it.
_OF_THE_RULING: Final = (
    "number",
    "version",
    "issued_at",
    "effective_from",
    "valid_until",
    "proposal",
    "revoked_because",
)


def supersession(earlier: str, by: str, at: str) -> Insert:
    """The job that lets one ruling take the place of another."""
    return job(SUPERSEDE, f"supersede/{earlier}", at, {"number": earlier, "by": by}, at=at)


class Supersession:
    """Handler of that job. While the earlier ruling is under a proposal or rests, it is tried again."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, job: Job) -> None:
        """Supersede the earlier ruling; one that has ended already is left alone."""
        state = self._app.state
        async with state.engine.connect() as connection:
            ruling = await load_ruling(connection, job.payload["number"])
        if ruling.application.state in state.procedure.terminal:
            return
        await _supersede(state, ruling, job.payload["by"])


async def _supersede(state: Any, ruling: Ruling, by: str) -> None:
    application = ruling.application
    step = Step(
        "holder_update", "system", "system", state.clock(), detail={"replaced_by": by}, content={"replaced_by": by}
    )
    rows = plan(application, step)
    told = announce(
        state.settings, application, "ruling.superseded", ruling.number, {"by": by}, str(rows[0].values["at"])
    )
    await record(state.ledger, rows, beside=[*told, *follow_ups(state.settings, application, application.after(rows))])


def begun_again(ruling: Ruling, subject: str, party: str, at: datetime) -> list[Insert]:
    """The rows of a draft in the same file, on the facts that were submitted; it names the ruling it is to replace."""
    application = ruling.application
    submitted = [row for row in application.history if row.event == "submit"] or application.history
    content = json.loads(submitted[-1].content)
    kept = {name: value for name, value in content.items() if name not in _OF_THE_RULING}
    opened = {name: application.opened._mapping[name] for name in ("file_id", "into", "class_id")}
    row = {"id": str(uuid7()), **opened, "created_at": format_instant(at), "created_by": subject}
    detail, content = {"replaces": ruling.number}, {**kept, "replaces": ruling.number}
    first = first_revision(row, party=party, content=content, detail=detail)
    return [Insert("applications", row), first]
