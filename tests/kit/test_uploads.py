"""Files that people upload: what is accepted, what is refused and why, and that nothing refused is kept."""

import hashlib
import io
import tracemalloc
import zipfile
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.kit.documents import DOCX, PNG, bomb_that_lies, docx, locked, many_entries, packed, pdf, with_packed
from tests.kit.evidence import RULES, Sender, is_refused

from crossing.kit.archives import check_archive
from crossing.kit.problems import Problem
from crossing.kit.uploads import plain_name

pytestmark = pytest.mark.anyio


@pytest.fixture
def sender(tmp_path: Path) -> Sender:
    return Sender(tmp_path / "store")


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(pdf(), "application/pdf"), (PNG, "image/png"), (docx(), DOCX), (docx(stored=True), DOCX)],
    ids=["pdf", "png", "docx", "docx not packed"],
)
async def test_a_file_is_kept_by_its_hash_and_read_back(sender: Sender, content: bytes, media_type: str) -> None:
    data = {"kind": "offer", "requirements": ["US-TN-03", "US-TN-04"]}
    answer = await sender.send(content, f"{media_type}; charset=binary", "offer.pdf", data=data)
    assert answer.status_code == 200, answer.text
    digest = hashlib.sha256(content).hexdigest()
    told = answer.json()
    assert (told["sha256"], told["size"], told["type"], told["name"]) == (digest, len(content), media_type, "offer.pdf")
    assert told["fields"] == {"kind": ["offer"], "requirements": ["US-TN-03", "US-TN-04"]}
    assert sender.kept() == [digest]
    assert await sender.vault.read(digest) == content


async def test_the_same_file_twice_is_kept_once_and_is_the_same_attempt(sender: Sender) -> None:
    content, headers = pdf(), {"Idempotency-Key": "e-1"}
    first, again = [await sender.send(content, "application/pdf", headers=headers) for _ in range(2)]
    other = await sender.send(pdf("Another letter"), "application/pdf", headers=headers)
    assert len(sender.kept()) == 2
    assert first.request.headers["content-type"] != again.request.headers["content-type"]
    assert first.json()["digest"] == again.json()["digest"] != other.json()["digest"]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"MZ" + bytes(200), "application/pdf"),
        (PNG, "image/jpeg"),
        (b"%PDF-1.7\njust a text that begins like one\n%%EOF\n", "application/pdf"),
        (b"%PDF-1.7\n" + bytes(100) + b"startxref\n20\n%%EOF\n", "application/pdf"),
        (pdf()[:-100], "application/pdf"),
        (pdf() + b"<script>", "application/pdf"),
        (b"PK\x03\x04" + bytes(100), DOCX),
        (docx()[:-30], DOCX),
        (docx().replace(b"word/document.xml", b"word/dokument.xml"), DOCX),
        (PNG + docx(), DOCX),
        (pdf(), DOCX),
        (docx({"word/a.xml": b"a", "word/b.xml": b"b"}).replace(b"word/b.xml", b"word/a.xml"), DOCX),
        (with_packed(packed(end=b"", flush=zlib.Z_SYNC_FLUSH)), DOCX),
        (with_packed(packed(end=b"something else")), DOCX),
    ],
)
async def test_a_file_that_is_not_what_it_says_is_refused(sender: Sender, content: bytes, media_type: str) -> None:
    is_refused(await sender.send(content, media_type), 422, "upload-is-something-else")
    assert sender.kept() == []


async def test_a_type_that_is_not_in_the_table_is_refused_and_the_answer_names_those_that_are(sender: Sender) -> None:
    for media_type in ("application/x-msdownload", "text/html", "image/svg+xml", ""):
        answer = await sender.send(pdf(), media_type)
        is_refused(answer, 415, "upload-type-not-accepted")
        assert "application/pdf, image/jpeg, image/png" in answer.json()["errors"][0]["detail"]
    assert sender.kept() == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (docx({"word/media/a.xml": bytes(2_000_000)}), "unpacks to more than is accepted"),
        (many_entries(), "unpacks to more than is accepted"),
        (bomb_that_lies(), "unpacks to more than is accepted"),
        (docx({"word/embeddings/a.bin": docx()}), "holds another archive"),
        (docx({"word/media/image.png": b"\x1f\x8b\x08" + bytes(50)}), "holds another archive"),
        (docx({"word/vbaProject.bin": b"macros"}), "holds macros"),
        (locked(), "is locked by a password"),
    ],
    ids=["ratio", "entries", "lying", "nested", "nested gzip", "macros", "locked"],
)
async def test_a_document_that_would_harm_whoever_opens_it_is_refused(
    sender: Sender, content: bytes, reason: str
) -> None:
    tracemalloc.start()
    answer = await sender.send(content, DOCX)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    is_refused(answer, 422, "upload-is-unsafe", reason)
    assert sender.kept() == []
    assert peak < 30_000_000


async def test_a_directory_that_lies_about_a_small_entry_is_refused(sender: Sender) -> None:
    made = bytearray(docx({"word/media/a.xml": b"A" * 5_000}))
    entry = made.rindex(b"PK\x01\x02")
    made[entry + 24 : entry + 28] = (4_000).to_bytes(4, "little")
    is_refused(await sender.send(bytes(made), DOCX), 422, "upload-is-something-else")
    assert sender.kept() == []


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([docx({"a.bin": bytes(range(256)) * 40}), docx(stored=True)]),
    st.lists(st.tuples(st.integers(-400, 100), st.integers(0, 255)), min_size=1, max_size=5),
    st.integers(0, 100),
)
@example(docx(), [(-4, 255)], 0)  # the directory is said to begin behind its end: entries stand before the file
def test_a_document_damaged_anywhere_is_accepted_or_a_problem_and_never_a_fault(
    made: bytes, changes: list[tuple[int, int]], cut: int
) -> None:
    changed = bytearray(made)
    for at, value in changes:
        changed[at] = value
    content = bytes(changed[: len(changed) - cut]) if cut > 90 else bytes(changed)
    try:
        check_archive(io.BytesIO(content), len(content), RULES.types[DOCX].holds, RULES.archive)
    except Problem as problem:
        assert problem.status == 422


async def test_a_file_beyond_the_limit_is_cut_before_it_is_read(sender: Sender) -> None:
    """50 MB that say no length: no more is taken than the limit, and hardly any of it into memory."""
    taken = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal taken
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\nContent-Type: image/png\r\n\r\n'
        for _ in range(50):
            taken += 1_000_000
            yield b"x" * 1_000_000
        yield b"\r\n--b--\r\n"

    tracemalloc.start()
    answer = await sender.post(content=body(), headers={"Content-Type": "multipart/form-data; boundary=b"})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    is_refused(answer, 413, "upload-too-large", f"is larger than {RULES.most_bytes} bytes")
    assert taken <= RULES.most_of_the_form + 1_000_000
    assert peak < 8_000_000
    assert sender.kept() == []


async def test_a_file_just_beyond_the_limit_is_refused_and_one_at_the_limit_is_not(sender: Sender) -> None:
    room = RULES.most_bytes - len(PNG)
    answer = await sender.send(PNG + bytes(room + 1), "image/png")
    is_refused(answer, 413, "upload-too-large", f"is larger than {RULES.most_bytes} bytes")
    assert (await sender.send(PNG + bytes(room), "image/png")).status_code == 200


async def test_the_larger_limit_is_for_uploads_only(sender: Sender) -> None:
    assert (await sender.post(path="notes", content=bytes(1_000))).status_code == 200
    is_refused(await sender.post(path="notes", content=bytes(1_001)), 413, "body-too-large")


@pytest.mark.parametrize(
    ("options", "status", "slug"),
    [
        ({"json": {}}, 400, "malformed-upload"),
        ({"content": b"", "headers": {"Content-Type": "multipart/form-data"}}, 400, "malformed-upload"),
        ({"content": b"no form", "headers": {"Content-Type": "multipart/form-data; boundary=b"}}, 400, "malformed-upload"),
        ({"files": [("file", PNG), ("file", PNG)]}, 400, "malformed-upload"),
        ({"files": {"file": ("a.png", PNG, "image/png")}, "data": {"kind": "x" * 20_000}}, 400, "malformed-upload"),
        ({"files": {"other": ("a.png", PNG, "image/png")}}, 422, "invalid-request"),
        ({"files": {"file": ("a.png", b"", "image/png")}}, 422, "invalid-request"),
    ],
)  # fmt: skip
async def test_a_form_that_cannot_be_read_is_a_problem(
    sender: Sender, options: dict[str, Any], status: int, slug: str
) -> None:
    is_refused(await sender.post(**options), status, slug)
    assert sender.kept() == []


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("offer letter.pdf", "offer letter.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Camille\\Lettre d’offre.pdf", "Lettre d’offre.pdf"),
        ("a\x00b\x1b[31m\r\nc.pdf", "ab[31m c.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("x" * 300, "x" * 200),
        ("/", ""),
    ],
)
def test_a_name_is_kept_as_text_to_show(sent: str, shown: str) -> None:
    assert plain_name(sent, RULES.most_name_characters) == shown


def test_the_documents_of_these_tests_are_what_they_seem() -> None:
    """The bomb says four bytes, and who believes it finds four; a whole entry made the same way is accepted."""
    with zipfile.ZipFile(io.BytesIO(bomb_that_lies())) as archive:
        assert archive.getinfo("word/media/a.xml").file_size == 4
        assert archive.read("word/media/a.xml") == b"AAAA"
    whole = with_packed(packed(end=b""))
    check_archive(io.BytesIO(whole), len(whole), RULES.types[DOCX].holds, RULES.archive)
