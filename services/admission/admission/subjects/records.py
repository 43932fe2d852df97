"""What admission has on record of a subject, for the case in redress that asks: examinations, and who keeps entries."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Row, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from admission.examinations.change_examination import determination_of
from admission.examinations.decide import refused_for
from admission.examinations.revise import Examination
from admission.examinations.schemas import DecisionIn
from admission.examinations.tell_examination import as_mappings, decision_of
from admission.examinations.traveller import Traveller
from admission.rulings.kept import presented_at
from admission.subjects.check import SubjectChecks
from admission.subjects.effects import Effects
from admission.subjects.keys import SubjectKeys
from admission.subjects.on_record import corrections_of
from admission.subjects.tables import lookouts
from admission.tables import examinations, revisions
from crossing.desk.lawbook import Lawbook
from crossing.facts.statement import nested
from crossing.kit.problems import NotFound

#: The latest examinations of a subject, as many as a case looks at.
_MOST: Final = 50
_DECIDED: Final = ("action", "class", "until", "reason", "departures")


@dataclass(frozen=True)
class Sought:
    """Whose examinations are sought: by the keys of the subject, by those that each citizenship gives, by an id."""

    keys: SubjectKeys
    person_keys: Sequence[str]
    examination_id: str | None


async def examinations_of(
    connection: AsyncConnection, lawbook: Lawbook, checks: SubjectChecks, sought: Sought
) -> list[dict[str, Any]]:
    """The examinations of a subject, newest first.

    One that is named counts only where its traveller has the subject's name and birth date, or showed the document:
    nobody reads another's file by an id.
    """
    theirs = or_(
        examinations.c.document_key == sought.keys.document,
        examinations.c.person_key.in_(sought.person_keys),
        examinations.c.id == sought.examination_id,
    )
    statement = select(examinations).where(theirs).order_by(examinations.c.id.desc()).limit(_MOST)
    opened = [row for row in (await connection.execute(statement)).all() if _is_theirs(row, checks, sought.keys)]
    ids = [row.id for row in opened]
    in_order = (revisions.c.examination_id, revisions.c.revision)
    steps = (await connection.execute(select(revisions).where(in_order[0].in_(ids)).order_by(*in_order))).all()
    histories = {key: list(found) for key, found in groupby(steps, lambda row: row.examination_id)}
    corrections = await corrections_of(connection, ids)
    found = []
    for row in opened:
        examination = Examination(row, histories[row.id], await presented_at(connection, row.id))
        found.append(await _told(connection, lawbook, examination, corrections))
    return found


async def traveller_of(connection: AsyncConnection, examination_id: str) -> Traveller:
    """Whom an examination was about, as the document said; raises ``NotFound``."""
    statement = select(examinations.c.identity).where(examinations.c.id == examination_id)
    identity = (await connection.execute(statement)).scalar_one_or_none()
    if identity is None:
        raise NotFound
    return Traveller(**json.loads(identity))


def _is_theirs(opened: Row[Any], checks: SubjectChecks, keys: SubjectKeys) -> bool:
    if keys.document and opened.document_key == keys.document:
        return True
    return checks.keys_of(Traveller(**json.loads(opened.identity))).person == keys.person


async def _told(
    connection: AsyncConnection, lawbook: Lawbook, examination: Examination, corrections: Effects
) -> dict[str, Any]:
    opened, latest = examination.opened, examination.latest
    decision = decision_of(as_mappings(list(examination.revisions)), opened.id, corrections)
    if decision:
        not_met: list[str] = []
        if decision["action"] == "refuse":
            determination = await determination_of(lawbook, connection, examination)
            made = DecisionIn.model_validate({name: decision[name] for name in _DECIDED})
            not_met = sorted(refused_for(determination, made))
        decision = {**decision, "not_met": not_met}
    return {
        "id": opened.id,
        "revision": latest.revision,
        "opened_at": opened.opened_at,
        "port_id": opened.port_id,
        "country": latest.country,
        "day": latest.day,
        "state": latest.state,
        "decision": decision,
        "seeking": json.loads(latest.seeking),
        "overlays": json.loads(latest.overlays),
        "facts": nested(json.loads(latest.facts)),
        "findings": json.loads(latest.findings),
        "involved": sorted({each.actor for each in examination.revisions}),
        "annulled": decision and decision["annulled"],
    }


async def with_editors(connection: AsyncConnection, hits: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Entries of lookout lists that match, each with its owner and with whoever brought one of its versions."""
    statement = select(lookouts.c.id, lookouts.c.added_by).where(lookouts.c.id.in_([hit["id"] for hit in hits]))
    editors: dict[str, set[str]] = {}
    for row in await connection.execute(statement):
        editors.setdefault(row.id, set()).add(row.added_by)
    return [{**hit, "owner": hit["owner_unit"], "involved": sorted(editors[hit["id"]])} for hit in hits]
