"""Cases put where a test wants them, in the database of a running service, and read back."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import FastAPI
from sqlalchemy import text
from tests.conftest import MovingClock
from uuid_utils.compat import uuid7

from crossing.casework.steps import Step
from crossing.kit.database import format_instant
from crossing.kit.verify import verify_chains
from redress.casework.deadlines import pass_deadlines
from redress.casework.record import record
from redress.casework.steps import Case, load_case, open_case, plan_all
from redress.covered import covered_rows, rows_without_entry

UPHELD = {"outcome": "upheld", "root_cause": "RC0"}
GRANTED = {"outcome": "granted", "root_cause": "RC1"}
NOBODY = "No one, really"


@dataclass
class Cases:
    """A running service whose clock the test moves; its worker works when told to."""

    service: FastAPI
    clock: MovingClock

    async def put(self, state: str, **content: Any) -> str:
        """The id of a case that stands in a state since now; keywords are parts of its case file."""
        at, case_id = self.clock(), str(uuid7())
        values = {
            "id": case_id,
            "control_number": "".join(secrets.choice("ABCDEFGHJ") for _ in range(9)),
            "priority": "P2",
            "kind": "inquiry",
            "opened_at": format_instant(at),
            "examination_id": None,
            "ruling": None,
            "detail": "{}",
        }
        kept = {
            "priority": "P2",
            "items": [],
            "language": "fr",
            "contact": {"email": "traveller@example.com"},
            "identity": {"surname": NOBODY},
            "deemed_at": format_instant(at + timedelta(days=120)),
            **content,
        }
        rows, case = open_case(values, actor="test", party="intake", content=kept, event="put", state=state)
        await record(self.service.state, None, case, rows)
        return case_id

    async def read(self, case_id: str) -> Case:
        """A case as it stands."""
        async with self.service.state.engine.connect() as connection:
            return await load_case(connection, case_id)

    async def take(self, case_id: str, event: str, party: str, **more: Any) -> Case:
        """Take a step on a case now."""
        case = await self.read(case_id)
        rows, after = plan_all(case, [Step(event, party, "test", self.clock(), **more)])
        await record(self.service.state, case, after, rows)
        return after

    async def work(self) -> None:
        """Let the worker do what is due."""
        await self.service.state.worker.run_due()

    async def look(self, case_id: str) -> bool:
        """What happens before anybody acts on a case, whether or not the worker came to it."""
        return await pass_deadlines(self.service.state, await self.read(case_id), self.clock())

    async def select(self, statement: str) -> Sequence[Any]:
        """Rows of the database."""
        async with self.service.state.engine.connect() as connection:
            return (await connection.execute(text(statement))).all()

    async def head(self, case_id: str) -> Any:
        """How the lists have a case."""
        [row] = await self.select(f"SELECT * FROM case_heads WHERE case_id = '{case_id}'")
        return row

    async def messages(self) -> list[tuple[str, str, str]]:
        """Template, state and receiver of each message that waits or was sent, in order."""
        rows = await self.select("SELECT payload FROM jobs WHERE kind = 'mail' ORDER BY id")
        told = [json.loads(row.payload) for row in rows]
        return [(each["template"], each["state"], each["to"]) for each in told]

    async def faults(self) -> list[Any]:
        """What the audit finds wrong."""
        async with self.service.state.engine.connect() as connection:
            return list((await verify_chains(connection, covered_rows, rows_without_entry))[1])


def events(case: Case) -> list[str]:
    """What happened in a case."""
    return [row.event for row in case.history]


def instant(text: str | None) -> datetime:
    """An instant that a row names."""
    assert text is not None
    return datetime.fromisoformat(text)
