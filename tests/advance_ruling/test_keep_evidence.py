"""Documents: checked, numbered for each application, given back as they were sent."""

import hashlib

import httpx
import pytest
from tests.admission.cases import is_problem
from tests.advance_ruling.cases import APPLICATIONS, complete, drafted, read, sent, step
from tests.kit.documents import bomb_that_lies, pdf

pytestmark = pytest.mark.anyio


async def test_a_document_is_listed_and_given_back(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    draft = await drafted(applicant)
    content = pdf("Diplôme")
    answer = await sent(applicant, draft, "degree", content, requirements=["US-TN-04", "US-TN-02"])
    assert answer.status_code == 201, answer.text
    await sent(applicant, draft, "passport")
    address = f"{APPLICATIONS}/{draft['id']}/evidence"
    listed = (await applicant.get(address, headers={"Accept-Language": "fr"})).json()["documents"]
    assert [(each["number"], each["kind"]) for each in listed] == [(1, "degree"), (2, "passport")]
    assert listed[0]["requirements"] == ["US-TN-04", "US-TN-02"]
    assert listed[0]["sha256"] == hashlib.sha256(content).hexdigest()
    assert listed[1]["kind_text"] == "passeport"
    given = await applicant.get(f"{address}/1")
    assert given.content == content
    assert given.headers["content-disposition"] == 'attachment; filename="document-1"'
    is_problem(await applicant.get(f"{address}/3"), 404, "not-found")
    for other in (stranger, adjudicator):
        is_problem(await other.get(f"{address}/1"), 404, "not-found")


async def test_the_desk_reads_the_documents_of_what_was_submitted(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient
) -> None:
    application = await complete(applicant)
    given = await adjudicator.get(f"{APPLICATIONS}/{application['id']}/evidence/1")
    assert given.status_code == 200
    assert hashlib.sha256(given.content).hexdigest() == application["documents"][0]["sha256"]


@pytest.mark.parametrize(
    ("name", "content", "media_type", "status", "slug"),
    [
        ("a.exe", b"MZ\x90", "application/x-msdownload", 415, "upload-type-not-accepted"),
        ("a.pdf", b"MZ\x90 not a PDF", "application/pdf", 422, "upload-is-something-else"),
        ("a.pdf", b"", "application/pdf", 422, "invalid-request"),
        ("a.pdf", b"%PDF-1.7" + b"0" * 20_971_521, "application/pdf", 413, "upload-too-large"),
        (
            "a.docx",
            bomb_that_lies(),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            422,
            "upload-is-unsafe",
        ),
    ],
)
async def test_a_file_that_cannot_be_kept_is_refused_and_not_listed(
    applicant: httpx.AsyncClient, name: str, content: bytes, media_type: str, status: int, slug: str
) -> None:
    draft = await drafted(applicant)
    answer = await applicant.post(
        f"{APPLICATIONS}/{draft['id']}/evidence",
        data={"kind": "degree"},
        files={"file": (name, content, media_type)},
        headers={"If-Match": '"1"'},
    )
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")
    assert (await read(applicant, draft["id"])) == draft


async def test_a_document_has_a_kind_and_shows_requirements_of_the_law(applicant: httpx.AsyncClient) -> None:
    draft = await drafted(applicant)
    is_problem(await sent(applicant, draft, "love_letter"), 422, "invalid-request", "/kind")
    wrong = await sent(applicant, draft, "degree", requirements=["US-TN-04", "US-XX-1"])
    is_problem(wrong, 422, "invalid-request", "/requirements/1")
    bare = await step(applicant, draft, "evidence", {"kind": "degree"})
    is_problem(bare, 400, "malformed-upload")


async def test_no_document_is_added_where_nobody_asks_for_one(applicant: httpx.AsyncClient) -> None:
    application = await complete(applicant)
    is_problem(await sent(applicant, application, "other"), 409, "illegal-step")
