"""File an inquiry without an account: its number at once, its secret by mail when there is an address."""

import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response
from uuid_utils.compat import uuid7

from crossing.kit.database import format_instant
from crossing.kit.etag import etag
from crossing.kit.json_text import JsonAnswer
from crossing.kit.ledger import Insert
from redress.casework.act import Act
from redress.casework.record import record
from redress.casework.steps import Case, open_case, plan_all
from redress.inquiries.access_secret import access_digest, new_control_number, new_salt, secret_of
from redress.inquiries.checks import require_own_way, require_sound
from redress.inquiries.keys import document_key, subject_key
from redress.inquiries.mail import secret_mail
from redress.inquiries.priority import priority_of
from redress.inquiries.schemas import InquiryIn
from redress.inquiries.submit import submission
from redress.inquiries.tell import Reader, tell_inquiry
from redress.procedure import load_procedure
from redress.tables import accesses, cases

#: Of an inquiry's secrets the first is the traveller's.
TRAVELLERS_ACCESS: Final = 1
_REPRESENTATIVES_ACCESS: Final = 2
_NOT_CONTENT: Final = {"statement_of_truth", "draft"}
_REPEATED: Final = ("etag", "location", "idempotency-replayed")


async def file_inquiry(act: Act, inquiry: InquiryIn, path: str) -> Response:
    """Keep an inquiry and, unless it is a draft, submit it; ``path`` is where an inquiry is opened.

    Raises ``InvalidRequest`` for what cannot be, and ``StepNotReady`` when something is missing that submitting needs;
    nothing is kept then.
    """
    content = _content(act, inquiry)
    require_sound(content, inquiry.model_fields_set, act.at)
    require_own_way(content, inquiry.filed_by)
    number, case_id = new_control_number(), str(uuid7())
    row = {
        "id": case_id,
        "control_number": number,
        "priority": content["priority"],
        "kind": "inquiry",
        "opened_at": format_instant(act.at),
        "examination_id": inquiry.examination_id,
        "ruling": inquiry.ruling,
        "detail": "{}",
    }
    actor = f"inquiry/{case_id}/{TRAVELLERS_ACCESS if inquiry.filed_by == 'applicant' else _REPRESENTATIVES_ACCESS}"
    rows, case = open_case(row, actor=actor, party=inquiry.filed_by, content=content)
    if not inquiry.draft:
        detail = {"statement_of_truth": inquiry.statement_of_truth}
        steps = submission(case, {}, detail, (), party=inquiry.filed_by, actor=actor, at=act.at)
        planned, case = plan_all(case, steps)
        rows = [*rows, *planned]
    rows += [*found_by(act, case_id, content, case.latest.revision), *_accesses(act, case)]
    return await _answer(act, inquiry, case, rows, path)


def _content(act: Act, inquiry: InquiryIn) -> dict[str, Any]:
    content = inquiry.model_dump(mode="json", exclude=_NOT_CONTENT)
    if content["representative"]:
        content["representative"]["access"] = _REPRESENTATIVES_ACCESS
    return {**content, "priority": priority_of(load_procedure(), content, act.at)}


def found_by(act: Act, case_id: str, content: Mapping[str, Any], revision: int) -> list[Insert]:
    """The rows by which a case is found again: one for each document, or one for the name alone."""
    key = act.state.identity_key
    person = subject_key(key, content["identity"])
    documents: list[str | None] = [document_key(key, each) for each in content["documents"]]
    return [
        Insert(
            "inquiries",
            {
                "case_id": case_id,
                "revision": revision,
                "position": position,
                "subject_key": person,
                "document_key": document,
                "language": content["language"],
                "created_at": format_instant(act.at),
            },
        )
        for position, document in enumerate(dict.fromkeys(documents or [None]))
    ]


def access_row(act: Act, case: Case, number: int, party: str, *, revision: int) -> Insert:
    """A new access of a case, which a step makes, by a secret that is kept nowhere."""
    key, salt = act.state.identity_key, new_salt()
    values = {
        "case_id": case.id,
        "number": number,
        "revision": revision,
        "party": party,
        "salt": salt,
        "digest": access_digest(key, case.control_number, secret_of(key, salt)),
        "made_at": format_instant(act.at),
    }
    return Insert("accesses", values)


def _accesses(act: Act, case: Case) -> list[Insert]:
    """The traveller's access, and that of a representative named at once, with the messages that bring the secrets."""
    revision = case.latest.revision
    rows = [access_row(act, case, TRAVELLERS_ACCESS, "applicant", revision=revision)]
    if case.content["contact"].get("email"):
        rows.append(secret_mail(case.id, TRAVELLERS_ACCESS, "access", act.at))
    if case.content["representative"]:
        rows.append(access_row(act, case, _REPRESENTATIVES_ACCESS, "representative", revision=revision))
        rows.append(secret_mail(case.id, _REPRESENTATIVES_ACCESS, "representative", act.at))
    return rows


async def _answer(act: Act, inquiry: InquiryIn, case: Case, rows: list[Insert], path: str) -> Response:
    """Record the inquiry; the answer is kept for a repeat without the secret, which is told beside it."""
    representative = case.content["representative"] if inquiry.filed_by == "representative" else None
    reader = Reader(inquiry.filed_by, representative)
    by_mail = bool(case.content["contact"].get("email"))
    told = {
        **tell_inquiry(case, reader, at=act.at, language=act.language, documents=()),
        "secret_by_mail": by_mail,
        "secret": None,
    }
    headers = {"ETag": etag(case.latest.revision), "Location": path}
    await record(act.state, None, case, rows, attempt=act.attempt, answer=JsonAnswer(told, 201, headers))
    if not by_mail:
        salt = next(row.values["salt"] for row in rows if row.table == "accesses")
        told["secret"] = secret_of(act.state.identity_key, salt)
    return JsonAnswer(told, 201, headers)


async def with_secret(state: Any, connection: AsyncConnection, answer: Response) -> Response:
    """The first answer given again to a repeat, with the secret that is not kept in it."""
    told = json.loads(bytes(answer.body))
    if told["secret_by_mail"]:
        return answer
    statement = (
        select(accesses.c.salt)
        .join(cases, cases.c.id == accesses.c.case_id)
        .where(cases.c.control_number == told["control_number"], accesses.c.number == TRAVELLERS_ACCESS)
    )
    told["secret"] = secret_of(state.identity_key, (await connection.execute(statement)).scalar_one())
    headers = {name: answer.headers[name] for name in _REPEATED if name in answer.headers}
    return JsonAnswer(told, answer.status_code, headers)
