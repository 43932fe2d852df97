"""Which rows an audit entry covers: in which order they are digested, and how they are read back."""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, String, Table, and_, cast, exists, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from advance_ruling.tables import (
    applications,
    digest_drafts,
    digest_patterns,
    digests,
    evidence,
    files,
    metadata,
    revisions,
    ruling_numbers,
    ruling_versions,
    rulings,
)
from crossing.kit.idempotency import Attempt
from crossing.kit.ledger import AuditEntry, Conflict, Insert, Ledger
from crossing.kit.problems import StaleVersion

#: Tables whose rows an entry covers, with the columns that put them in order.
_ORDER: Final = {
    "files": ("id",),
    "applications": ("id",),
    "revisions": ("application_id", "revision"),
    "evidence": ("application_id", "number"),
    "ruling_numbers": ("number",),
    "rulings": ("number",),
    "ruling_versions": ("number", "version"),
}

_NUMBERED: Final = ("ruling_numbers", "rulings", "ruling_versions")


class NumberTaken(Exception):
    """Another ruling was given this number or this place in the status list; it is numbered again."""


def in_order(rows: Sequence[Insert]) -> list[Insert]:
    """The rows that an entry covers, in the order they are digested in; jobs go out beside them, uncovered."""
    covered = [row for row in rows if row.table in _ORDER]
    return sorted(covered, key=lambda row: (row.table, *(f"{row.values[name]!s:0>12}" for name in _ORDER[row.table])))


async def append(
    ledger: Ledger, entry: AuditEntry, rows: Sequence[Insert], attempt: Attempt | None, answer: Response | None
) -> None:
    """Append rows with their entry and the answer's key; raises ``StaleVersion`` when one of them stands already.

    Raises ``NumberTaken`` when that one is a number.
    """
    kept = [attempt.kept(answer, entry.at)] if attempt and answer else []
    try:
        await ledger.append([*rows, *kept], entry)
    except Conflict as conflict:
        raise (NumberTaken if conflict.table in _NUMBERED else StaleVersion) from None


async def covered_rows(connection: AsyncConnection, event: str, subject: str) -> Sequence[Insert]:
    """The rows of an event and its subject.

    ``files/ID`` is a file as it was opened, ``files/ID/VERSION`` its common facts saved; ``applications/ID/FIRST-LAST``
    are revisions with the documents, rulings and versions that came with them.
    """
    kind, identifier, *rest = subject.split("/")
    if kind == "files" and rest:
        saved = revisions.c.detail == f'{{"file_version":{int(rest[0])}}}'
        return in_order(await _rows(connection, revisions, and_(saved, _in_file(identifier))))
    if kind == "files":
        return in_order(await _opened(connection, identifier))
    if kind == "drafts":
        return await _drafted(connection, identifier, int(rest[0]))
    if kind == "digests":
        return await _published(connection, identifier, int(rest[0]))
    if kind != "applications":
        return []
    first, _, last = rest[0].partition("-")
    numbers = revisions.c.revision.between(int(first), int(last))
    found = await _rows(connection, revisions, and_(revisions.c.application_id == identifier, numbers))
    if first == "1":
        found += await _rows(connection, applications, applications.c.id == identifier)
    return in_order([*found, *await _brought(connection, identifier, found)])


async def _drafted(connection: AsyncConnection, number: str, version: int) -> list[Insert]:
    """A draft with its patterns; the number of a denial is given with its first draft."""
    drafts, patterns = digest_drafts.c, digest_patterns.c
    ruled = select(rulings.c.number).where(rulings.c.number == number)
    given = and_(ruling_numbers.c.number == number, literal(version) == 1, ~ruled.exists())
    made = and_(patterns.number == number, patterns.version == version)
    return [
        *await _rows(connection, ruling_numbers, given),
        *await _rows(connection, digest_drafts, and_(drafts.number == number, drafts.version == version)),
        *sorted(await _rows(connection, digest_patterns, made), key=lambda row: int(row.values["level"])),
    ]


async def _published(connection: AsyncConnection, number: str, version: int) -> list[Insert]:
    return await _rows(connection, digests, and_(digests.c.number == number, digests.c.version == version))


def _in_file(file_id: str) -> ColumnElement[bool]:
    return revisions.c.application_id.in_(select(applications.c.id).where(applications.c.file_id == file_id))


async def _opened(connection: AsyncConnection, file_id: str) -> list[Insert]:
    """A file with the applications it was opened with; those added later have entries of their own."""
    with_file = and_(revisions.c.revision == 1, revisions.c.detail == "{}", _in_file(file_id))
    first = await _rows(connection, revisions, with_file)
    ids = [row.values["application_id"] for row in first]
    return [
        *await _rows(connection, files, files.c.id == file_id),
        *await _rows(connection, applications, applications.c.id.in_(ids)),
        *first,
    ]


async def _brought(connection: AsyncConnection, application_id: str, found: Sequence[Insert]) -> list[Insert]:
    """What revisions brought with them besides themselves."""
    brought: list[Insert] = []
    for row in [each for each in found if each.table == "revisions"]:
        if row.values["event"] == "add_evidence":
            number = json.loads(row.values["detail"])["number"]
            these = and_(evidence.c.application_id == application_id, evidence.c.number == number)
            brought += await _rows(connection, evidence, these)
        numbers = select(rulings.c.number).where(rulings.c.application_id == application_id)
        made = and_(ruling_versions.c.number.in_(numbers), ruling_versions.c.revision == row.values["revision"])
        versions = await _rows(connection, ruling_versions, made)
        if any(version.values["version"] == 1 for version in versions):
            brought += await _rows(connection, rulings, rulings.c.application_id == application_id)
            given = ruling_numbers.c.number.in_(numbers)
            brought += await _rows(connection, ruling_numbers, given)
        brought += versions
    return brought


async def rows_without_entry(connection: AsyncConnection) -> Sequence[tuple[str, str]]:
    """Chain and subject of each revision, file and document that no entry covers: put in beside the ledger.

    A revision is looked for among the ranges that the entries of its application name.
    """
    entries = metadata.tables["audit_entries"]
    subject: ColumnElement[str] = "files/" + files.c.id
    unopened = select(files.c.into, subject).where(~exists(literal(1)).where(entries.c.subject == subject))
    found = [(row[0], row[1]) for row in (await connection.execute(unopened)).all()]
    covered = await _covered_revisions(connection)
    statement = select(revisions.c.into, revisions.c.application_id, cast(revisions.c.revision, String))
    for into, application_id, number in (await connection.execute(statement)).all():
        if (application_id, int(number)) not in covered:
            found.append((into, f"applications/{application_id}/{number}"))
    return found


async def _covered_revisions(connection: AsyncConnection) -> set[tuple[str, int]]:
    entries = metadata.tables["audit_entries"]
    statement = select(entries.c.event, entries.c.subject).where(entries.c.subject.not_like("chains/%"))
    covered: set[tuple[str, int]] = set()
    for event, subject in (await connection.execute(statement)).all():
        if subject.startswith("applications/"):
            _, identifier, numbers = subject.split("/")
            first, _, last = numbers.partition("-")
            covered |= {(identifier, number) for number in range(int(first), int(last or first) + 1)}
        else:
            rows = await covered_rows(connection, event, subject)
            covered |= {
                (row.values["application_id"], row.values["revision"]) for row in rows if row.table == "revisions"
            }
    return covered


async def _rows(connection: AsyncConnection, table: Table, condition: ColumnElement[bool]) -> list[Insert]:
    rows: Any = (await connection.execute(select(table).where(condition))).mappings().all()
    return [Insert(str(table.name), {str(name): value for name, value in row.items()}) for row in rows]
