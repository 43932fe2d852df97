"""Documents of an inquiry: taken in, numbered, given back."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from crossing.casework.evidence import document_row, give_file
from crossing.casework.steps import Step
from crossing.kit.ledger import Insert
from crossing.kit.problems import InvalidRequest, NotFound
from crossing.kit.uploads import load_upload_rules, upload_of
from redress.casework.act import Act, take
from redress.casework.steps import Case, plan
from redress.inquiries.checks import fault
from redress.inquiries.experiences import load_experiences, missing_documents
from redress.inquiries.queries import documents_of
from redress.inquiries.submit import INTAKE
from redress.inquiries.tell import Reader
from redress.procedure import load_procedure

ADD: Final = "add_evidence"


async def add_document(act: Act, request: Request, case: Case) -> Response:
    """Take in a document, sent as a form with ``file`` and ``kind``; when it was the last one missing, all is complete.

    Raises ``IllegalStep`` where no document can be added, ``InvalidRequest`` for an unknown kind, and what
    ``upload_of`` and the vault raise; nothing is listed then.
    """
    plan(case, act.step(case, ADD))  # before the file is read
    known = await documents_of(act.connection, case.id)
    if len(known) >= load_experiences().most["documents"]:
        raise InvalidRequest(errors=[fault("/file", "too_many_documents")])
    async with upload_of(request, load_upload_rules()) as upload:
        kind = next(iter(upload.fields.get("kind", ())), "")
        if kind not in load_experiences().documents:
            raise InvalidRequest(errors=[fault("/kind", "no_such_kind")])
        await act.state.vault.keep(upload)
    number = 1 + len(known)
    row = document_row(upload, number, kind, at=act.at, by=act.caller.subject)
    row |= {"case_id": case.id, "revision": case.latest.revision + 1}
    steps = _steps(act, case, number, kind, {each["kind"] for each in known} | {kind})
    return await take(act, case, steps, rows=[Insert("evidence", row)], status=201)


def _steps(act: Act, case: Case, number: int, kind: str, sent: set[str]) -> list[Step]:
    detail, changed = {"number": number, "kind": kind}, {}
    if case.content.get("items"):
        changed["items"] = missing_documents(case.content, sent, act.at.date())
    steps = [act.step(case, ADD, content=changed, detail=detail)]
    if changed and not changed["items"] and load_procedure().transition(case.state, "documents_received"):
        steps.append(Step("documents_received", INTAKE, INTAKE, act.at))
    return steps


async def give_document(act: Act, case: Case, number: int, reader: Reader) -> Response:
    """A document as it was sent; raises ``NotFound``, also for one that is not for this reader."""
    rows = await documents_of(act.connection, case.id)
    row: Mapping[str, Any] | None = next((each for each in rows if each["number"] == number), None)
    about = load_experiences().about_of(row["kind"]) if row else None
    if row is None or not reader.reads("evidence") or not reader.hears(about):
        raise NotFound
    return await give_file(act.state.vault, row)
