"""One way to record: every step of an examination is a revision, appended with its audit entry and its answer's key."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from admission.examinations import queries
from admission.examinations.own_record import require_verified
from admission.examinations.problems import ApplicationWithdrawn, ExaminationAlreadyDecided, NotNow
from admission.examinations.states import Kind, State, after, may_follow
from admission.rulings.kept import all_presented, last_assessed
from admission.subjects.effects import Effects
from admission.subjects.on_record import corrections_of
from crossing.kit.idempotency import Attempt
from crossing.kit.identity import Caller
from crossing.kit.json_text import json_text
from crossing.kit.ledger import AuditEntry, Conflict, Insert, Ledger, content_digest
from crossing.kit.problems import NotFound, Problem, StaleVersion
from crossing.rules import Determination


@dataclass(frozen=True)
class Examination:
    """An examination: its revisions, the rulings presented as last assessed, the remedies that stand on it."""

    opened: Row[Any]
    revisions: Sequence[Row[Any]]
    rulings: Sequence[Mapping[str, Any]] = ()
    corrections: Effects = field(default_factory=Effects)

    @property
    def latest(self) -> Row[Any]:
        """The revision that says how it stands."""
        return self.revisions[-1]

    @property
    def decision(self) -> dict[str, Any] | None:
        """The decision that stands, as it was recorded."""
        for each in reversed(self.revisions):
            if each.kind in (Kind.DECIDED, Kind.SUPERSEDED):
                detail: dict[str, Any] = json.loads(each.detail)
                return detail.get("decision") or detail
        return None

    @property
    def state(self) -> State:
        """Where it stands."""
        return State(self.latest.state)


async def load_examination(connection: AsyncConnection, examination_id: str, caller: Caller) -> Examination:
    """An examination at the caller's own port; raises ``NotFound`` for any other, as for none.

    One whose record was changed since it was written raises ``RecordDoesNotVerify``.
    """
    opened = await queries.read_examination(connection, examination_id)
    if opened is None or opened.port_id != caller.port_id:
        raise NotFound
    revisions = await queries.revisions_of(connection, examination_id)
    presented = await all_presented(connection, examination_id)
    await require_verified(connection, opened, revisions, presented)
    corrections = await corrections_of(connection, [examination_id])
    return Examination(opened, revisions, last_assessed(presented), corrections)


def require(examination: Examination, kind: Kind) -> State:
    """The state that a step leads to; raises the problem that says why it cannot follow now."""
    if may_follow(examination.state, kind):
        return after(examination.state, kind)
    problems: dict[State, type[Problem]] = {
        State.DECIDED: ExaminationAlreadyDecided,
        State.WITHDRAWN: ApplicationWithdrawn,
    }
    raise problems.get(examination.state, NotNow)


def revision_row(
    determination: Determination,
    *,
    examination_id: str,
    revision: int,
    kind: Kind,
    state: State,
    at: str,
    caller: Caller,
    overlays: Sequence[str],
    detail: Mapping[str, Any],
) -> Insert:
    """The row of a revision: facts, findings and the determination in codes, as they are from now on."""
    compact = determination.compact
    return Insert(
        "revisions",
        {
            "examination_id": examination_id,
            "revision": revision,
            "port_id": caller.port_id,
            "kind": kind.value,
            "state": state.value,
            "at": at,
            "actor": caller.subject,
            "terminal_id": caller.terminal_id,
            "country": compact["into"],
            "day": determination.on,
            "seeking": json_text(compact["seeking"]),
            "overlays": json_text(list(overlays)),
            "facts": json_text(compact["facts"]),
            "findings": json_text(compact["findings"]),
            "pack_digest": compact["pack"]["digest"],
            "classes": json_text(compact["classes"]),
            "determination_digest": determination.digest,
            "detail": json_text(detail),
        },
    )


async def record(
    ledger: Ledger,
    rows: Sequence[Insert],
    caller: Caller,
    at: str,
    kept: Attempt | None,
    answer: Response,
    jobs: Sequence[Insert] = (),
) -> None:
    """Append a revision's rows (the revision last) with the audit entry that covers them, then the answer may leave.

    ``jobs`` are what others must be told of it; they are done and taken away, so that no entry covers them.
    Raises ``StaleVersion`` when somebody revised meanwhile, which may have been this very request, sent twice.
    """
    revision = rows[-1].values
    entry = AuditEntry(
        chain=str(revision["port_id"]),
        at=at,
        event=f"examination.{revision['kind']}",
        actor=caller.subject,
        subject=f"examinations/{revision['examination_id']}/{revision['revision']}",
        content_digest=content_digest(rows),
    )
    try:
        await ledger.append([*rows, *jobs, *([kept.kept(answer, at)] if kept else [])], entry)
    except Conflict:
        raise StaleVersion from None
