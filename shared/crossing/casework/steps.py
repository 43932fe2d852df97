"""One way to act: every step of a case is a revision, with the jobs of its deadlines. Pure: no I/O."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Final, Self, TypeVar

from crossing.casework.problems import (
    IllegalStep,
    NotYourStep,
    StepNotReady,
    ground_not_listed,
    illegal_step,
    not_ready,
)
from crossing.casework.procedure import Procedure, StateRules, Transition, later
from crossing.casework.requirements import Moment, Requirement
from crossing.kit.database import format_instant
from crossing.kit.jobs import TABLE, job
from crossing.kit.json_text import json_text
from crossing.kit.ledger import AuditEntry, Insert, content_digest

DEADLINE: Final = "deadline"
REVISIONS: Final = "revisions"


@dataclass(frozen=True)
class Case:
    """A case as it stands: the row it was opened with, and its revisions from the first."""

    opened: Any
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

    def after(self, rows: Sequence[Insert]) -> Self:
        """The case once the revisions among some rows stand."""
        added = [SimpleNamespace(**row.values) for row in rows if row.table == REVISIONS]
        return replace(self, history=[*self.history, *added])


CaseT = TypeVar("CaseT", bound=Case)


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


def _by_the_clock(case: Case, event: str, at: datetime) -> Step:
    return Step(event, "clock", "clock", at)


@dataclass(frozen=True)
class Keeping:
    """How a service keeps its cases: by which procedure, under which names.

    ``noun`` names a case in the audit chain that ``chain_of`` says of a revision; ``key`` is the column of a revision
    that names its case. ``copied`` are columns of the case that each revision repeats, ``apart`` parts of the case
    file with a column of their own. ``by_the_clock`` makes the step that the clock takes.
    """

    procedure: Procedure
    requirements: Mapping[str, Requirement]
    noun: str
    key: str
    chain_of: Callable[[Mapping[str, Any]], str]
    copied: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    by_the_clock: Callable[[Case, str, datetime], Step] = _by_the_clock


def first_revision(
    keeping: Keeping,
    opened: Mapping[str, Any],
    *,
    at: datetime,
    actor: str,
    party: str,
    content: Mapping[str, Any],
    event: str = "begin",
    state: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> list[Insert]:
    """The rows with which a case begins, as a draft or in another state: the revision, and jobs of its deadlines.

    ``opened`` are the values of the case's own row.
    """
    state = state or keeping.procedure.initial
    rules = keeping.procedure.states[state]
    kept = {**content, **_set(rules, at, content)}
    due_at = rules.due_at(at, kept)
    values = {
        keeping.key: opened["id"],
        "revision": 1,
        **{name: opened[name] for name in keeping.copied},
        "at": format_instant(at),
        "actor": actor,
        "party": party,
        "event": event,
        "state": state,
        "entered": 1,
        "due_at": format_instant(due_at) if due_at else None,
        "clock_used_s": 0,
        "clock_since": format_instant(at) if rules.clock_runs else None,
        **{name: kept.get(name) for name in keeping.apart},
        "content": json_text(kept),
        "detail": json_text(detail or {}),
    }
    row = Insert(REVISIONS, values)
    jobs = [(rules.on_expiry, due_at)] if rules.on_expiry and due_at else []
    return [row, *_jobs(keeping, row, [*jobs, *_following(keeping.procedure, rules, kept).items()])]


def plan(keeping: Keeping, case: Case, step: Step) -> list[Insert]:
    """The rows of a step, the revision first and the jobs of its new deadlines after it.

    Raises ``IllegalStep``, ``NotYourStep``, ``GroundNotListed`` or ``StepNotReady``; nothing is kept then.
    """
    procedure, latest, content = keeping.procedure, case.latest, case.content
    way = _allowed(keeping, case, step)
    state, number = way.to or case.state, latest.revision + 1
    rules = procedure.states[state]
    kept = {**content, **step.content}
    if way.to:
        kept |= _set(rules, step.at, step.content)
    moved = step.due_at or (rules.due_at(step.at, kept) if way.to else None)
    due_at = moved or (None if way.to else _instant(latest.due_at))
    used, since = _clock(latest, step.at, rules.clock_runs)
    detail = {**step.detail, **({"ground": step.ground} if step.ground else {})}
    values = {
        keeping.key: case.opened.id,
        "revision": number,
        **{name: getattr(case.opened, name) for name in keeping.copied},
        "at": format_instant(step.at),
        "actor": step.actor,
        "party": step.party,
        "event": step.event,
        "state": state,
        "entered": number if way.to else latest.entered,
        "due_at": format_instant(due_at) if due_at else None,
        "clock_used_s": 0 if way.restarts_clock else used,
        "clock_since": since,
        **{name: kept.get(name) for name in keeping.apart},
        "content": json_text(kept),
        "detail": json_text(detail),
    }
    row = Insert(REVISIONS, values)
    jobs = [(rules.on_expiry, moved)] if moved and rules.on_expiry else []
    known = {} if way.to else _following(procedure, rules, content)
    jobs += [each for each in _following(procedure, rules, kept).items() if way.to or known.get(each[0]) != each[1]]
    return [row, *_jobs(keeping, row, jobs)]


def _set(rules: StateRules, at: datetime, named: Mapping[str, Any]) -> dict[str, str]:
    """The instants that a state puts into the case file when it is entered, unless the step itself names them."""
    sets: Mapping[str, str] = rules.rules.get("sets", {})
    return {name: format_instant(later(at, text)) for name, text in sets.items() if name not in named}


def _following(procedure: Procedure, rules: StateRules, content: Mapping[str, Any]) -> dict[str, datetime]:
    """What the clock does at an instant that the case file names, or after the last day of something it names."""
    found = {}
    for then in rules.then():
        named = content.get(then.get("from") or then["after"])
        if named is not None:
            found[then["event"]] = datetime.fromisoformat(named) if "from" in then else procedure.day_over(named)
    return found


def _jobs(keeping: Keeping, revision: Insert, due: Sequence[tuple[str, datetime]]) -> list[Insert]:
    """Jobs that let deadlines pass; they do nothing when the state was left meanwhile."""
    values = revision.values
    case_id, number, at = values[keeping.key], values["revision"], values["at"]
    return [
        job(
            DEADLINE,
            f"{case_id}/{number}/{event}",
            max(format_instant(due_at), at),
            {keeping.key: case_id, "entered": values["entered"], "revision": number, "event": event},
            at=at,
        )
        for event, due_at in due
    ]


def plan_all(keeping: Keeping, case: CaseT, steps: Sequence[Step]) -> tuple[list[Insert], CaseT]:
    """The rows of steps that follow one another at once, and the case after them; raises what ``plan`` does.

    Only the last state is stayed in, so that only its deadlines are kept.
    """
    rows: list[Insert] = []
    for step in steps:
        planned = plan(keeping, case, step)
        if planned[0].values["entered"] == planned[0].values["revision"]:
            rows = [row for row in rows if row.table != TABLE]
        rows, case = [*rows, *planned], case.after(planned)
    return rows, case


def due_step(keeping: Keeping, case: Case, at: datetime) -> Step | None:
    """The step that the clock has to take by an instant, the one longest due first; ``None`` when nothing is due."""
    return next(
        (keeping.by_the_clock(case, event, at) for due_at, event in _ahead(keeping, case, at) if due_at <= at), None
    )


def next_due(keeping: Keeping, case: Case) -> datetime | None:
    """When the clock acts next, if nobody else does."""
    return next((due_at for due_at, _ in _ahead(keeping, case)), None)


def _ahead(keeping: Keeping, case: Case, at: datetime | None = None) -> Iterator[tuple[datetime, str]]:
    """What the clock has to do and when, soonest first, without what it did, or what lacks something it needs.

    Whether that is there is looked at as of an instant, or of when it falls due.
    """
    for due_at, event in sorted((due_at, event) for event, due_at in _dues(keeping, case).items()):
        if _was_taken(case, event, due_at):
            continue
        with suppress(IllegalStep, StepNotReady):
            plan(keeping, case, keeping.by_the_clock(case, event, at or due_at))
            yield due_at, event


def _dues(keeping: Keeping, case: Case) -> dict[str, datetime]:
    rules, due_at = keeping.procedure.states[case.state], _instant(case.latest.due_at)
    dues = _following(keeping.procedure, rules, case.content)
    return {**dues, rules.on_expiry: due_at} if rules.on_expiry and due_at else dues


def _was_taken(case: Case, event: str, due_at: datetime) -> bool:
    """Whether the clock did this since it fell due; the case may have stayed where it was."""
    entered, due = case.latest.entered, format_instant(due_at)
    return any(row.event == event and row.revision > entered and row.at >= due for row in case.history)


def _allowed(keeping: Keeping, case: Case, step: Step) -> Transition:
    """The way that a step takes: the first whose requirements hold."""
    procedure = keeping.procedure
    transition = procedure.transition(case.state, step.event)
    if transition is None:
        raise illegal_step(case.state, procedure.possible(case.state))
    ways = [way for way in transition.ways() if step.party in way.by]
    if not ways:
        raise NotYourStep
    moment, missing = _moment(keeping, case, step), None
    for way in ways:
        if way.grounds and step.ground not in way.grounds:
            raise ground_not_listed(way.grounds)
        required = (keeping.requirements[name] for name in way.requires)
        missing = next((each for each in required if not each.holds(moment)), None)
        if missing is None:
            return way
    assert missing
    raise not_ready(missing.otherwise)


def _moment(keeping: Keeping, case: Case, step: Step) -> Moment:
    came = next(row for row in case.history if row.revision == case.latest.entered)
    return Moment(
        keeping.procedure,
        step.event,
        step.party,
        step.actor,
        step.at,
        case.state,
        datetime.fromisoformat(came.at),
        case.content,
        {**case.content, **step.content},
        step.detail,
        tuple(row.event for row in case.history),
        case.latest.entered,
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _clock(latest: Any, at: datetime, runs: bool) -> tuple[int, str | None]:
    """Seconds of its time used up, and since when its clock runs, once a step is taken."""
    since = _instant(latest.clock_since)
    used = latest.clock_used_s + (int((at - since).total_seconds()) if since else 0)
    return used, format_instant(at) if runs else None


def entry_of(keeping: Keeping, covered: Sequence[Insert]) -> AuditEntry:
    """The audit entry of steps, with the rows it covers in their order: named for the first step, its subject all."""
    made = [row.values for row in covered if row.table == REVISIONS]
    first, last = made[0], made[-1]
    return AuditEntry(
        chain=keeping.chain_of(first),
        at=str(first["at"]),
        event=f"{keeping.noun}.{first['event']}",
        actor=str(first["actor"]),
        subject=f"{keeping.noun}s/{first[keeping.key]}/{first['revision']}-{last['revision']}",
        content_digest=content_digest(covered),
    )
