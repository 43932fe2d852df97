"""Documents of an application: taken in, numbered, listed and given back."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from advance_ruling.applications import queries
from advance_ruling.applications.act import Act, take
from advance_ruling.applications.completeness import DOCUMENT_KINDS
from advance_ruling.applications.problems import wrong
from advance_ruling.applications.see import party_of
from advance_ruling.eligibility import consider
from advance_ruling.steps import Application, plan
from crossing.casework.evidence import document_row, give_file
from crossing.kit.json_text import json_text
from crossing.kit.ledger import Insert
from crossing.kit.problems import NotFound
from crossing.kit.uploads import Upload, load_upload_rules, upload_of


async def add_document(act: Act, request: Request, application: Application) -> Response:
    """Take in a document, sent as a form with ``file``, ``kind`` and ``requirements``.

    Raises ``IllegalStep`` where no document can be added, ``InvalidRequest`` for an unknown kind or requirement, and
    what ``upload_of`` and the vault raise; nothing is listed then.
    """
    plan(application, act.step("add_evidence", party_of(application, "add_evidence")))  # before the file is read
    async with upload_of(request, load_upload_rules()) as upload:
        kind, requirements = _fields(act, application, upload)
        await act.state.vault.keep(upload)
        return await _list(act, application, upload, kind, requirements)


async def _list(act: Act, application: Application, upload: Upload, kind: str, requirements: Sequence[str]) -> Response:
    number = 1 + len(await queries.documents_of(act.connection, application.opened.id))
    row = document_row(upload, number, kind, at=act.at, by=act.caller.subject)
    row |= {"application_id": application.opened.id, "requirements": json_text(list(requirements))}
    step = act.step("add_evidence", party_of(application, "add_evidence"), detail={"number": number, "kind": kind})
    return await take(act, application, [step], rows=[Insert("evidence", row)], status=201)


def _fields(act: Act, application: Application, upload: Upload) -> tuple[str, list[str]]:
    """The kind of document, and the requirements that it is to show, which may be named in one field or in several."""
    kind = next(iter(upload.fields.get("kind", ())), "")
    if kind not in DOCUMENT_KINDS:
        raise wrong("/kind", "no_such_kind")
    listed = [each for value in upload.fields.get("requirements", ()) for each in value.replace(",", " ").split()]
    law = consider(act.state.lawbook, application.opened.into, application.content, act.at).whole.law
    for position, each in enumerate(listed):
        if law.requirement(each) is None:
            raise wrong(f"/requirements/{position}", "no_such_requirement")
    return kind, listed


async def give_document(act: Act, application: Application, number: int) -> Response:
    """A document as it was sent; raises ``NotFound``, or ``EvidenceDamaged`` when it is not what it was."""
    documents = await queries.documents_of(act.connection, application.opened.id)
    row = next((each for each in documents if each.number == number), None)
    if row is None:
        raise NotFound
    return await give_file(act.state.vault, row._asdict())
