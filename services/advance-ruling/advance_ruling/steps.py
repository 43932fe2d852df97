"""Applications as cases that follow the procedure of advance rulings, and how their steps are recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from advance_ruling.covered import append, in_order
from advance_ruling.requirements import REQUIREMENTS
from advance_ruling.tables import applications, files, revisions
from crossing.casework import steps as casework
from crossing.casework.steps import Case, Keeping, Step
from crossing.kit.idempotency import Attempt
from crossing.kit.ledger import AuditEntry, Insert, Ledger
from crossing.kit.problems import NotFound
from crossing.rulings.procedure import load_procedure

#: The chain is that of the country that is entered.
APPLICATIONS: Final = Keeping(
    load_procedure(),
    REQUIREMENTS,
    noun="application",
    key="application_id",
    chain_of=lambda revision: str(revision["into"]),
    copied=("into",),
    apart=("pattern",),
)


@dataclass(frozen=True)
class Application(Case):
    """An application as it stands, with the file it belongs to."""

    file: Any


async def load_application(connection: AsyncConnection, application_id: str) -> Application:
    """An application with its history; raises ``NotFound``."""
    opened = (await connection.execute(select(applications).where(applications.c.id == application_id))).one_or_none()
    if opened is None:
        raise NotFound
    file = (await connection.execute(select(files).where(files.c.id == opened.file_id))).one()
    statement = select(revisions).where(revisions.c.application_id == application_id).order_by(revisions.c.revision)
    return Application(opened, (await connection.execute(statement)).all(), file)


def plan(application: Application, step: Step) -> list[Insert]:
    """The rows of a step (``crossing.casework.steps.plan``)."""
    return casework.plan(APPLICATIONS, application, step)


def plan_all(application: Application, steps: Sequence[Step]) -> tuple[list[Insert], Application]:
    """The rows of steps that follow one another at once, and the application after them."""
    return casework.plan_all(APPLICATIONS, application, steps)


def first_revision(
    opened: Mapping[str, Any], *, party: str, content: Mapping[str, Any], detail: Mapping[str, Any] | None = None
) -> Insert:
    """The row with which an application begins as a draft."""
    [row] = casework.first_revision(
        APPLICATIONS,
        opened,
        at=datetime.fromisoformat(opened["created_at"]),
        actor=opened["created_by"],
        party=party,
        content=content,
        detail=detail,
    )
    return row


async def record(
    ledger: Ledger,
    covered: Sequence[Insert],
    *,
    beside: Sequence[Insert] = (),
    attempt: Attempt | None = None,
    answer: Response | None = None,
) -> None:
    """Append steps: the rows that their audit entry covers (the revisions among them), and those that go out with them.

    Raises ``StaleVersion`` when somebody
    acted meanwhile, and ``NumberTaken`` when another ruling got the same number; nothing is kept then.
    """
    await append(ledger, entry_of(covered), [*covered, *beside], attempt, answer)


def entry_of(covered: Sequence[Insert]) -> AuditEntry:
    """The audit entry of steps: named for the first one, its subject names all their revisions."""
    return casework.entry_of(APPLICATIONS, in_order(covered))
