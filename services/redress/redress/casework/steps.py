"""Cases that follow the procedure of redress."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from crossing.casework import steps as casework
from crossing.casework.steps import Keeping, Step
from crossing.kit.ledger import Insert
from crossing.kit.problems import NotFound
from redress.casework.by_the_clock import step_by_the_clock
from redress.procedure import load_procedure
from redress.requirements import REQUIREMENTS
from redress.tables import cases, revisions

#: The audit chain of all cases.
CHAIN: Final = "cases"
CASES: Final = Keeping(
    load_procedure(),
    REQUIREMENTS,
    noun="case",
    key="case_id",
    chain_of=lambda _: CHAIN,
    by_the_clock=step_by_the_clock,
)


@dataclass(frozen=True)
class Case(casework.Case):
    """A case as it stands."""

    @property
    def id(self) -> str:
        """Its identifier."""
        return str(self.opened.id)

    @property
    def control_number(self) -> str:
        """The Redress Control Number."""
        return str(self.opened.control_number)


async def load_case(connection: AsyncConnection, case_id: str) -> Case:
    """A case with its history; raises ``NotFound``."""
    opened = (await connection.execute(select(cases).where(cases.c.id == case_id))).one_or_none()
    if opened is None:
        raise NotFound
    statement = select(revisions).where(revisions.c.case_id == opened.id).order_by(revisions.c.revision)
    return Case(opened, (await connection.execute(statement)).all())


def plan(case: Case, step: Step) -> list[Insert]:
    """The rows of a step (``crossing.casework.steps.plan``)."""
    return casework.plan(CASES, case, step)


def plan_all(case: Case, steps: Sequence[Step]) -> tuple[list[Insert], Case]:
    """The rows of steps that follow one another at once, and the case after them."""
    return casework.plan_all(CASES, case, steps)


def open_case(
    values: Mapping[str, Any],
    *,
    actor: str,
    party: str,
    content: Mapping[str, Any],
    event: str = "begin",
    state: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> tuple[list[Insert], Case]:
    """The rows with which a case begins, and the case: its own row, its first revision, the jobs of its deadlines.

    ``values`` are those of its row in ``cases``; without ``state`` it is a draft.
    """
    rows = casework.first_revision(
        CASES,
        values,
        at=datetime.fromisoformat(values["opened_at"]),
        actor=actor,
        party=party,
        content=content,
        event=event,
        state=state,
        detail=detail,
    )
    return [Insert("cases", values), *rows], Case(_Opened(**values), []).after(rows)


@dataclass(frozen=True)
class _Opened:
    """The row of a case before it stands in the database."""

    id: str
    control_number: str
    priority: str
    kind: str
    opened_at: str
    examination_id: str | None
    ruling: str | None
    detail: str
