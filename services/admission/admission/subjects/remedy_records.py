"""The records that remedies name: read in the version that stands, held against the one that redress has read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from admission.subjects.remedy_problems import RecordChanged, RecordUnknown
from admission.subjects.tables import lookouts, members
from admission.tables import revisions
from crossing.kit.problems import FieldError
from crossing.redress.remedies import RecordIn

#: Of each kind of record: its table, and the columns of its key and of its version.
_KEPT: Final[Mapping[str, tuple[Table, str, str]]] = {
    "lookout": (lookouts, "id", "version"),
    "member": (members, "number", "version"),
    "examination": (revisions, "examination_id", "revision"),
}
#: Columns that say who brought a version, not what it says; keys would tell of a person.
_NOT_TOLD: Final = frozenset({"added_at", "added_by", "batch_id", "person_key", "document_key"})
_CHANGED: Final = {
    "en": "stands at {now}; changed since then: {what}",
    "fr": "est maintenant {now}; modifié depuis : {what}",
    "es": "es ahora {now}; modificado desde entonces: {what}",
}


@dataclass(frozen=True)
class Record:
    """A record with all its versions, the first to the latest."""

    kind: str
    versions: Sequence[Mapping[str, Any]]

    @property
    def latest(self) -> Mapping[str, Any]:
        """The version that stands."""
        return self.versions[-1]

    @property
    def decision(self) -> dict[str, Any] | None:
        """The decision that stands, of an examination that was decided."""
        for each in reversed(self.versions):
            if each.get("kind") in ("decided", "superseded"):
                detail: dict[str, Any] = json.loads(each["detail"])
                decided: dict[str, Any] = detail.get("decision", detail)
                return decided
        return None


async def load_record(connection: AsyncConnection, record: RecordIn) -> Record:
    """A record; raises ``RecordUnknown``, or ``RecordChanged`` naming what changed since redress read it."""
    table, key, version = _KEPT[record.kind]
    statement = select(table).where(table.c[key] == record.id).order_by(table.c[version])
    rows = (await connection.execute(statement)).mappings()
    versions: list[Mapping[str, Any]] = [{str(name): value for name, value in row.items()} for row in rows]
    if not versions:
        raise RecordUnknown(errors=[FieldError("/record/id", RecordUnknown.titles)])
    now = versions[-1][version]
    if now != record.version:
        since = [each for each in versions if each[version] >= record.version]
        what = ", ".join(_changes(since)) or "—"
        says = {language: text.format(now=now, what=what) for language, text in _CHANGED.items()}
        raise RecordChanged(errors=[FieldError("/record/version", says)])
    return Record(record.kind, versions)


def _changes(versions: Sequence[Mapping[str, Any]]) -> list[str]:
    """What changed from the first to the last of some versions: names of columns, or the steps of an examination."""
    if "examination_id" in versions[0]:
        return [str(each["kind"]) for each in versions[1:]]
    first, last = versions[0], versions[-1]
    return [name for name, value in last.items() if name not in ("version", *_NOT_TOLD) and first[name] != value]
