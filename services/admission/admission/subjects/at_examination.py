"""What remedies ask of an examination: the file of an invitation, who decides, what is read first, what is used up."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from admission.rulings.events import REDRESS, SOURCE
from admission.subjects.effects import recurrences, refused_again
from admission.subjects.remedy_problems import NotationUnread, SeniorOfficerNeeded
from admission.tables import revisions
from crossing.facts.statement import nested
from crossing.kit.events import event_jobs
from crossing.kit.identity import Role
from crossing.kit.ledger import Insert
from crossing.kit.problems import FieldError

#: Groups of facts that every examination establishes anew, since they are of the day, the door and the document.
_OF_THE_DAY: Final = frozenset({"arrival", "travel_document", "traveller"})
_USED_UP: Final = ("invitation", "biometric_reenrol")
_UNREAD: Final = {
    "en": "does not name the statement {remedy} beside {record}",
    "fr": "ne nomme pas la déclaration {remedy} jointe à {record}",
    "es": "no nombra la declaración {remedy} que acompaña a {record}",
}


@dataclass(frozen=True)
class InvitedFile:
    """The file that an invitation attaches: the classes to decide again, and the facts that need not be filed again."""

    classes: Sequence[str]
    facts: Mapping[str, Any]


_NO_FILE: Final = InvitedFile((), {})


async def invited_file(engine: AsyncEngine, check: Mapping[str, Any]) -> InvitedFile:
    """The file of the examination that a subject check's invitation names; an empty one where nobody is invited."""
    invitation = check.get("invitation")
    if not invitation:
        return _NO_FILE
    statement = (
        select(revisions.c.facts)
        .where(revisions.c.examination_id == invitation["examination"])
        .order_by(revisions.c.revision.desc())
        .limit(1)
    )
    async with engine.connect() as connection:
        facts: dict[str, Any] = json.loads((await connection.execute(statement)).scalar_one())
    kept = {path: value for path, value in facts.items() if path.partition(".")[0] not in _OF_THE_DAY}
    return InvitedFile(invitation["classes"], kept)


def with_file(check: dict[str, Any], file: InvitedFile) -> dict[str, Any]:
    """A subject check whose invitation shows the facts of the file that it attaches."""
    if not check.get("invitation"):
        return check
    return {**check, "invitation": {**check["invitation"], "facts": nested(file.facts)}}


def require_heeded(check: Mapping[str, Any], roles: Collection[Role], read: Collection[str], at: str = "") -> None:
    """Let a decision pass that heeds what the subject check showed; ``at`` is the decision's place in the body.

    Whoever was invited is decided by a senior officer: raises ``SeniorOfficerNeeded``. The statements beside records
    are read before the records are used: raises ``NotationUnread`` naming those not among ``read``.
    """
    if check.get("invitation") and Role.SUPERVISOR not in roles:
        raise SeniorOfficerNeeded
    unread = [each for each in check.get("notations", ()) if each["remedy"] not in read]
    if unread:
        raise NotationUnread(errors=[FieldError(f"{at}/notations_read", _says(each)) for each in unread])


def _says(notation: Mapping[str, Any]) -> dict[str, str]:
    parts = {"remedy": notation["remedy"], "record": notation["record"]["id"]}
    return {language: text.format(**parts) for language, text in _UNREAD.items()}


def uses(check: Mapping[str, Any], examination_id: str, revision: int, port_id: str, at: str) -> list[Insert]:
    """The rows that say which remedies a decision has used up."""
    row = {"examination_id": examination_id, "revision": revision, "port_id": port_id, "used_at": at}
    used = sorted(check[part]["remedy"] for part in _USED_UP if check.get(part))
    return [Insert("remedy_uses", {"remedy_id": each, **row}) for each in used]


def hit_again(check: Mapping[str, Any], examination_id: str, receivers: Collection[str], at: str) -> list[Insert]:
    """The events that a repeated hit causes; none while redress has no address."""
    return _told(recurrences(check.get("watch", ()), check.get("lookouts", ())), examination_id, receivers, at)


def refused_for_the_same(
    check: Mapping[str, Any], not_met: Collection[str], examination_id: str, receivers: Collection[str], at: str
) -> list[Insert]:
    """The events that a refusal for a watched requirement causes; ``not_met`` are those that the refusal rests on."""
    return _told(refused_again(check.get("watch", ()), not_met), examination_id, receivers, at)


def _told(found: Sequence[Mapping[str, Any]], examination_id: str, receivers: Collection[str], at: str) -> list[Insert]:
    told = [REDRESS] if REDRESS in receivers else []
    rows: list[Insert] = []
    for each in found:
        data = {**each, "examination": examination_id}
        rows += event_jobs("subject.recurred", f"cases/{each['case']}", data, told, at, source=SOURCE)
    return rows
