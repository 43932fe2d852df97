"""Apply a remedy: the remedy, what it changes and the audit entry in one append; once, however often it is sent."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from admission.covered import SUBJECTS
from admission.subjects.keys import keys_of
from admission.subjects.remedy_checks import require_place
from admission.subjects.remedy_problems import RecordChanged, RemedyIsAnother
from admission.subjects.remedy_records import Record, load_record
from admission.subjects.restore_member import restored
from admission.subjects.tables import remedies
from crossing.kit.database import format_instant, surely_kept
from crossing.kit.identity import Caller
from crossing.kit.json_text import JsonAnswer, json_text
from crossing.kit.ledger import AuditEntry, Conflict, Insert, content_digest
from crossing.kit.problems import FieldError, InvalidRequest
from crossing.redress.remedies import Remedy, RemedyApplied, content_of, load_remedies, remedy_errors

_ELSEWHERE: Final = {
    "en": "is applied by another service",
    "fr": "est appliqué par un autre service",
    "es": "lo aplica otro servicio",
}


async def apply_remedy(state: Any, remedy_id: str, remedy: Remedy, caller: Caller) -> JsonAnswer:
    """Apply a remedy and acknowledge it: 201 at first, 200 with the same acknowledgement for a repeat.

    ``state`` is the service's. Raises ``InvalidRequest``, ``RecordUnknown``, ``RecordChanged``, ``RemedyHasNoPlace``,
    or ``RemedyIsAnother`` when the id stands for another remedy; nothing is kept then.
    """
    _require_form(remedy)
    digest = _digest(state.identity_key, remedy)
    async with state.engine.connect() as connection:
        earlier = await _earlier(connection, remedy_id)
        if earlier is not None:
            return _again(earlier, digest)
        record = await load_record(connection, remedy.record) if remedy.record else None
    now = state.clock()
    require_place(remedy, record, state.lawbook.packs, now.date().isoformat())
    at = format_instant(now)
    row = _row(remedy_id, remedy, digest, state.identity_key, at, caller.subject)
    rows = [row, *_changes(remedy_id, remedy, record, at, caller.subject)]
    entry = AuditEntry(SUBJECTS, at, "remedy.applied", caller.subject, f"remedies/{remedy_id}", content_digest(rows))
    try:
        await state.ledger.append(rows, entry)
    except Conflict:
        return await _applied_meanwhile(state.engine, remedy_id, digest)
    return JsonAnswer(_acknowledgement(row.values), 201)


def _require_form(remedy: Remedy) -> None:
    if load_remedies()["kinds"][remedy.kind]["goes_to"] != "admission":
        raise InvalidRequest(errors=[FieldError("/kind", _ELSEWHERE)])
    errors = remedy_errors(remedy.kind, remedy.record.model_dump() if remedy.record else None, remedy.content)
    if errors:
        raise InvalidRequest(errors=errors)


def _digest(secret: bytes, remedy: Remedy) -> str:
    """By what a repeat is known; keyed, because the body names a person."""
    return hashlib.blake2b(remedy.model_dump_json().encode(), key=secret, digest_size=32).hexdigest()


async def _earlier(connection: AsyncConnection, remedy_id: str) -> Row[Any] | None:
    row = (await connection.execute(select(remedies).where(remedies.c.id == remedy_id))).one_or_none()
    if row is not None:
        await surely_kept(connection)
    return row


async def _applied_meanwhile(engine: AsyncEngine, remedy_id: str, digest: str) -> JsonAnswer:
    """The answer to a request that ran beside the same one; ``RecordChanged`` where another change came first."""
    async with engine.connect() as connection:
        earlier = await _earlier(connection, remedy_id)
    if earlier is None:
        raise RecordChanged from None
    return _again(earlier, digest)


def _again(earlier: Row[Any], digest: str) -> JsonAnswer:
    if earlier.body_digest != digest:
        raise RemedyIsAnother
    return JsonAnswer(_acknowledgement(earlier._asdict()), 200)


def _acknowledgement(row: Mapping[str, Any]) -> dict[str, Any]:
    return RemedyApplied(**{name: row[name] for name in RemedyApplied.model_fields}).model_dump()


def _row(remedy_id: str, remedy: Remedy, digest: str, secret: bytes, at: str, by: str) -> Insert:
    subject, record = remedy.subject, remedy.record
    document = subject.document
    keys = keys_of(
        secret,
        subject.surname,
        subject.given_names,
        subject.born_on,
        document.issued_by if document else None,
        document.number if document else None,
    )
    of_member = record.id if record and record.kind == "member" else None
    return Insert(
        "remedies",
        {
            "id": remedy_id,
            "case_id": str(remedy.case_id),
            "control_number": remedy.control_number,
            "kind": remedy.kind,
            "version": remedy.version,
            "person_key": keys.person,
            "document_key": keys.document,
            "membership": subject.membership or of_member,
            "record_kind": record.kind if record else None,
            "record_id": record.id if record else None,
            "record_version": record.version if record else None,
            "content": json_text(content_of(remedy.kind, remedy.content)),
            "body_digest": digest,
            "applied_at": at,
            "applied_by": by,
        },
    )


def _changes(remedy_id: str, remedy: Remedy, record: Record | None, at: str, by: str) -> list[Insert]:
    """What a remedy changes beside being there: a membership has a next version."""
    if remedy.kind != "member_restored" or record is None:
        return []
    return [Insert("members", restored(record.versions, at) | {"added_at": at, "added_by": by, "batch_id": remedy_id})]
