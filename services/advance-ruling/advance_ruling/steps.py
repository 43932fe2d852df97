"""One way to act: every step of an application is a revision, appended with its audit entry, deadline and messages."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from advance_ruling.covered import append, in_order
from advance_ruling.problems import NotYourStep, ground_not_listed, illegal_step, not_ready
from advance_ruling.requirements import REQUIREMENTS, Moment
from advance_ruling.tables import applications, files, revisions
from crossing.kit.database import format_instant
from crossing.kit.idempotency import Attempt
from crossing.kit.jobs import TABLE, job
from crossing.kit.json_text import json_text
from crossing.kit.ledger import AuditEntry, Insert, Ledger, content_digest
from crossing.kit.problems import NotFound
from crossing.rulings.procedure import Procedure, StateRules, Transition, load_procedure

DEADLINE: Final = "deadline"


@dataclass(frozen=True)
class Application:
    """An application as it stands, with the file it belongs to."""

    file: Row[Any]
    opened: Row[Any]
    history: Sequence[Any]

    @property
    def latest(self) -> Any:
        """The revision that says how it stands."""
        return self.history[-1]

    @property
    def state(self) -> str:
        """Where it stands."""
        return str(self.latest.state)

    @property
    def content(self) -> dict[str, Any]:
        """The case file."""
        content: dict[str, Any] = json.loads(self.latest.content)
        return content

    def after(self, rows: Sequence[Insert]) -> "Application":
        """The application once the revisions among some rows stand."""
        added = [SimpleNamespace(**row.values) for row in rows if row.table == "revisions"]
        return Application(self.file, self.opened, [*self.history, *added])


@dataclass(frozen=True)
class Step:
    """What somebody does: ``content`` replaces parts of the case file, ``detail`` is kept of the step itself."""

    event: str
    party: str
    actor: str
    at: datetime
    content: Mapping[str, Any] = field(default_factory=dict)
    detail: Mapping[str, Any] = field(default_factory=dict)
    ground: str | None = None
    due_at: datetime | None = None


async def load_application(connection: AsyncConnection, application_id: str) -> Application:
    """An application with its history; raises ``NotFound``."""
    opened = (await connection.execute(select(applications).where(applications.c.id == application_id))).one_or_none()
    if opened is None:
        raise NotFound
    file = (await connection.execute(select(files).where(files.c.id == opened.file_id))).one()
    statement = select(revisions).where(revisions.c.application_id == application_id).order_by(revisions.c.revision)
    return Application(file, opened, (await connection.execute(statement)).all())


def plan(application: Application, step: Step, procedure: Procedure | None = None) -> list[Insert]:
    """The rows of a step, the revision first and the job of its new deadline after it.

    Raises ``IllegalStep``, ``NotYourStep``, ``GroundNotListed`` or ``StepNotReady``; nothing is kept then.
    """
    procedure = procedure or load_procedure()
    latest, content = application.latest, application.content
    transition = _allowed(application, step, procedure)
    state, number = transition.to or application.state, latest.revision + 1
    entered = number if transition.to else latest.entered
    due_at = step.due_at if transition.to or step.due_at else _instant(latest.due_at)
    rules = procedure.states[state]
    if transition.to and due_at is None and rules.deadline:
        due_at = step.at + rules.deadline
    used, since = _clock(latest, step.at, rules.clock_runs)
    used = 0 if transition.restarts_clock else used
    kept = {**content, **step.content}
    detail = {**step.detail, **({"ground": step.ground} if step.ground else {})}
    values = {
        "application_id": application.opened.id,
        "revision": number,
        "into": application.opened.into,
        "at": format_instant(step.at),
        "actor": step.actor,
        "party": step.party,
        "event": step.event,
        "state": state,
        "entered": entered,
        "due_at": format_instant(due_at) if due_at else None,
        "clock_used_s": used,
        "clock_since": since,
        "pattern": kept.get("pattern"),
        "content": json_text(kept),
        "detail": json_text(detail),
    }
    rows = [Insert("revisions", values)]
    if due_at and rules.on_expiry and (transition.to or step.due_at):
        rows.append(deadline(application.opened.id, entered, number, rules.on_expiry, due_at, at=step.at))
    following = _following(procedure, rules, kept)
    if following and (transition.to or following != _following(procedure, rules, content)):
        event, instant = following
        rows.append(deadline(application.opened.id, entered, number, event, max(instant, step.at), at=step.at))
    return rows


def _following(procedure: Procedure, rules: StateRules, content: Mapping[str, Any]) -> tuple[str, datetime] | None:
    """What the clock does at an instant that the case file names, or after the last day of something it names."""
    then = rules.rules.get("then")
    named = content.get(then.get("from") or then["after"]) if then else None
    if not then or named is None:
        return None
    return then["event"], datetime.fromisoformat(named) if "from" in then else procedure.day_over(named)


def plan_all(application: Application, steps: Sequence[Step]) -> tuple[list[Insert], Application]:
    """The rows of steps that follow one another at once, and the application after them; raises what ``plan`` does.

    Only the last state is stayed in, so that only its deadline is kept.
    """
    rows: list[Insert] = []
    for step in steps:
        rows = [row for row in rows if row.table != TABLE]
        planned = plan(application, step)
        rows, application = [*rows, *planned], application.after(planned)
    return rows, application


def first_revision(
    opened: Mapping[str, Any],
    *,
    party: str,
    content: Mapping[str, Any],
    procedure: Procedure,
    detail: Mapping[str, Any] | None = None,
) -> Insert:
    """The row with which an application begins as a draft."""
    return Insert(
        "revisions",
        {
            "application_id": opened["id"],
            "revision": 1,
            "into": opened["into"],
            "at": opened["created_at"],
            "actor": opened["created_by"],
            "party": party,
            "event": "begin",
            "state": procedure.initial,
            "entered": 1,
            "due_at": None,
            "clock_used_s": 0,
            "clock_since": None,
            "pattern": None,
            "content": json_text(content),
            "detail": json_text(detail or {}),
        },
    )


def deadline(application_id: str, entered: int, revision: int, event: str, due_at: datetime, *, at: datetime) -> Insert:
    """The job that lets a deadline pass; it does nothing when the state was left meanwhile."""
    payload = {"application_id": application_id, "entered": entered, "revision": revision, "event": event}
    key = f"{application_id}/{revision}/{event}"
    return job(DEADLINE, key, format_instant(due_at), payload, at=format_instant(at))


def _allowed(application: Application, step: Step, procedure: Procedure) -> Transition:
    transition = procedure.transition(application.state, step.event)
    if transition is None:
        possible = [event for state, event in procedure.transitions if state == application.state]
        raise illegal_step(application.state, possible)
    if step.party not in transition.by:
        raise NotYourStep
    if transition.grounds and step.ground not in transition.grounds:
        raise ground_not_listed(transition.grounds)
    moment = Moment(
        procedure,
        step.event,
        step.party,
        step.actor,
        step.at,
        application.state,
        datetime.fromisoformat(
            next(row.at for row in application.history if row.revision == application.latest.entered)
        ),
        application.content,
        {**application.content, **step.content},
        step.detail,
        tuple(row.event for row in application.history),
        application.latest.entered,
    )
    for name in transition.requires:
        if not REQUIREMENTS[name].holds(moment):
            raise not_ready(REQUIREMENTS[name].otherwise)
    return transition


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _clock(latest: Any, at: datetime, runs: bool) -> tuple[int, str | None]:
    """Seconds of the track used up, and since when its clock runs, once a step is taken."""
    since = _instant(latest.clock_since)
    used = latest.clock_used_s + (int((at - since).total_seconds()) if since else 0)
    return used, format_instant(at) if runs else None


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
    revisions_made = [row.values for row in covered if row.table == "revisions"]
    first, last = revisions_made[0], revisions_made[-1]
    return AuditEntry(
        chain=str(first["into"]),
        at=str(first["at"]),
        event=f"application.{first['event']}",
        actor=str(first["actor"]),
        subject=f"applications/{first['application_id']}/{first['revision']}-{last['revision']}",
        content_digest=content_digest(in_order(covered)),
    )
