"""Open a file with its travellers, or add a traveller to it; save what is common to its drafts."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response
from uuid_utils.compat import uuid7

from advance_ruling.applications import queries
from advance_ruling.applications.act import Act
from advance_ruling.applications.problems import consent_to_come
from advance_ruling.applications.schemas import CommonIn, ConsentIn, FileIn, RequestIn, TravellerIn
from advance_ruling.covered import append, in_order
from advance_ruling.eligibility import consider
from advance_ruling.steps import first_revision, load_application, plan
from advance_ruling.tables import files
from crossing.casework.steps import Step
from crossing.desk.problems import cannot_be_determined
from crossing.facts.statement import flat, laid_over
from crossing.kit.database import format_instant
from crossing.kit.etag import etag
from crossing.kit.identity import Caller
from crossing.kit.json_text import JsonAnswer, json_text
from crossing.kit.ledger import AuditEntry, Insert, content_digest
from crossing.kit.problems import NotFound
from crossing.rules import RequestError
from crossing.rulings.procedure import load_procedure


async def open_file(act: Act, file: FileIn, path: str) -> Response:
    """Open a file with a draft for each traveller; ``path`` is where files are found.

    Raises ``CaseCannotBeDetermined`` for a class that the law of today does not have, ``ContradictoryFacts``, and
    ``InvalidRequest`` for a consent of a day to come; nothing is kept then.
    """
    _require_class(act, file.into, file.class_)
    opened = {
        "id": str(uuid7()),
        "into": file.into,
        "class_id": file.class_,
        "created_at": format_instant(act.at),
        "created_by": act.caller.subject,
        "party": file.filed_by,
        "language": file.language,
        "publication": file.publication,
        "track": file.track,
        "petitioner": json_text(file.petitioner.model_dump() if file.petitioner else None),
        "petitioner_id": file.petitioner.id if file.petitioner else None,
        "representative": json_text(file.representative.model_dump(mode="json") if file.representative else None),
        "contact": json_text(file.contact.model_dump()),
    }
    rows = [Insert("files", opened)]
    common = flat(file.facts.model_dump(mode="json", exclude_none=True)), _said(file.request)
    for position, traveller in enumerate(file.travellers):
        consent = traveller.consent or (file.representative.consent if file.representative else None)
        pointer = f"/travellers/{position}/consent" if traveller.consent else "/representative/consent"
        rows += _draft(act, opened, traveller, common, _consent(act, consent, pointer), {})
    told = tell_file(opened, [row.values for row in rows if row.table == "revisions"])
    answer = JsonAnswer(told, 201, {"ETag": etag(told["version"]), "Location": f"{path}/{opened['id']}"})
    await _record(act, opened, "opened", f"files/{opened['id']}", rows, answer)
    return answer


async def add_traveller(act: Act, file: Row[Any], traveller: TravellerIn, path: str) -> Response:
    """Add a traveller to a file, with a draft of his own; raises as ``open_file`` does."""
    opened = dict(file._mapping)
    rows = _draft(act, opened, traveller, ({}, {}), _consent(act, traveller.consent, "/consent"), {"added": True})
    created = rows[0].values["id"]
    before = [row._mapping for row in await queries.applications_of(act.connection, file.id)]
    told = tell_file(opened, [*before, {**rows[1].values, "id": created}])
    answer = JsonAnswer(told, 201, {"ETag": etag(told["version"]), "Location": f"{path}/{file.id}"})
    await _record(act, opened, "traveller_added", f"applications/{created}/1-1", rows, answer)
    return answer


async def save_common(act: Act, file: Row[Any], common: CommonIn) -> Response:
    """Lay common facts over every draft of a file, all or none; applications already submitted stay as they are."""
    before = await queries.applications_of(act.connection, file.id)
    version = _version([row._mapping for row in before]) + 1
    rows: list[Insert] = []
    for row in [each for each in before if each.state == load_procedure().initial]:
        application = await load_application(act.connection, row.id)
        content = application.content
        changed = {
            "facts": laid_over(content["facts"], common.facts),
            "request": merged(content["request"], _said(common.request, only_set=True)),
        }
        consider(act.state.lawbook, file.into, {**content, **changed}, act.at)
        step = Step("save", file.party, act.caller.subject, act.at, changed, {"file_version": version})
        rows += plan(application, step)
    after = {row.values["application_id"]: {**row.values, "id": row.values["application_id"]} for row in rows}
    told = tell_file(file._asdict(), [after.get(row.id, row._mapping) for row in before])
    answer = JsonAnswer(told, 200, {"ETag": etag(told["version"])})
    if rows:
        await _record(act, dict(file._mapping), "saved", f"files/{file.id}/{version}", rows, answer)
    return answer


async def load_file(act: Act, file_id: str, caller: Caller) -> Row[Any]:
    """A file of the caller's own; raises ``NotFound`` for any other, as for none."""
    file = (await act.connection.execute(select(files).where(files.c.id == file_id))).one_or_none()
    if file is None or file.created_by != caller.subject:
        raise NotFound
    return file


def tell_file(file: Mapping[str, Any], drafts: list[Any]) -> dict[str, Any]:
    """The answer for a file; ``drafts`` are the latest revisions of its applications."""
    shown = ("id", "into", "language", "publication", "track", "created_at")
    return {
        **{name: file[name] for name in shown},
        "class": file["class_id"],
        "filed_by": file["party"],
        "petitioner": _read(file["petitioner"]),
        "representative": _read(file["representative"]),
        "contact": _read(file["contact"]),
        "version": _version(drafts),
        "applications": [
            {
                "id": row.get("id") or row["application_id"],
                "state": row["state"],
                "revision": row["revision"],
                "identity": _read(row["content"])["identity"],
            }
            for row in drafts
        ],
    }


def merged(known: Mapping[str, Any], added: Mapping[str, Any]) -> dict[str, Any]:
    """What an application says with changes laid over it; what is given as null is taken back (RFC 7396)."""
    result = dict(known)
    for name, value in added.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, Mapping):
            result[name] = merged(result.get(name) or {}, value)
        else:
            result[name] = value
    return result


def _said(request: RequestIn, *, only_set: bool = False) -> dict[str, Any]:
    if only_set:
        return request.model_dump(mode="json", exclude_unset=True)
    return request.model_dump(mode="json", exclude_none=True)


def _consent(act: Act, consent: ConsentIn | None, pointer: str) -> dict[str, Any] | None:
    """The consent as it is kept; raises ``InvalidRequest`` when it says a day to come."""
    if consent and consent.given_on > act.at.date().isoformat():
        raise consent_to_come(f"{pointer}/given_on")
    return consent.model_dump(mode="json") if consent else None


def _draft(
    act: Act,
    file: Mapping[str, Any],
    traveller: TravellerIn,
    common: tuple[Mapping[str, Any], Mapping[str, Any]],
    consent: Mapping[str, Any] | None,
    detail: Mapping[str, Any],
) -> list[Insert]:
    """The rows of a traveller's draft: the application, and its first revision."""
    facts, request = common
    content = {
        "class_id": file["class_id"],
        "asked_track": file["track"],
        "track": file["track"],
        "language": file["language"],
        "publication": file["publication"],
        "identity": traveller.identity.model_dump(mode="json", exclude_none=True),
        "facts": {**facts, **flat(traveller.facts.model_dump(mode="json", exclude_none=True))},
        "request": {**request, **_said(traveller.request)},
        "consent": consent,
        "conflicts": [act.caller.subject],
    }
    consider(act.state.lawbook, file["into"], content, act.at)
    application = {
        "id": str(uuid7()),
        "file_id": file["id"],
        "into": file["into"],
        "class_id": file["class_id"],
        "created_at": format_instant(act.at),
        "created_by": act.caller.subject,
    }
    first = first_revision(application, party=file["party"], content=content, detail=detail)
    return [Insert("applications", application), first]


def _require_class(act: Act, into: str, class_id: str) -> None:
    """Refuse a class that the law of today does not have by this very id; raises ``CaseCannotBeDetermined``."""
    law = act.state.lawbook.packs[into].on(act.at.date().isoformat())
    if class_id not in law.classes:
        raise cannot_be_determined(RequestError("/class", "unknown_class", known=", ".join(law.classes)))


async def version_of(connection: AsyncConnection, file_id: str) -> int:
    """The version of a file, which grows with every step of its applications."""
    return _version([row._mapping for row in await queries.applications_of(connection, file_id)])


def _version(drafts: list[Any]) -> int:
    return sum(row["revision"] for row in drafts)


def _read(text: str) -> Any:
    return json.loads(text)


async def _record(
    act: Act, file: Mapping[str, Any], event: str, subject: str, rows: list[Insert], answer: Response
) -> None:
    at = format_instant(act.at)
    entry = AuditEntry(file["into"], at, f"file.{event}", act.caller.subject, subject, content_digest(in_order(rows)))
    await append(act.state.ledger, entry, rows, act.attempt, answer)
