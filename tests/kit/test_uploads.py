"""Files that people upload: what is accepted, what is refused and why, and that nothing refused is kept."""

import asyncio
import hashlib
import io
import tempfile
import tracemalloc
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import example, given, settings
from hypothesis import strategies as st
from obstore.store import MemoryStore
from starlette.requests import Request
from tests.kit.documents import DOCX, PNG, bomb_that_lies, docx, pdf

from crossing.kit.archives import check_archive
from crossing.kit.clamav import ClamAv
from crossing.kit.idempotency import attempt_of
from crossing.kit.identity import Caller
from crossing.kit.problems import NotFound, Problem, Unavailable
from crossing.kit.service import service_app
from crossing.kit.upload_problems import EvidenceDamaged
from crossing.kit.uploads import load_upload_rules, plain_name, upload_of
from crossing.kit.vault import Scanner, Vault, open_store

pytestmark = pytest.mark.anyio

RULES = load_upload_rules()
MARKER = b"CROSSING-TEST-MARKER"
CALLER = Caller("camille", frozenset(), None, None, 0)


def evidence_app(vault: Vault) -> FastAPI:
    """A service that keeps evidence and tells what it kept."""
    app = service_app(
        "evidence",
        title="Evidence",
        version="1",
        description="Keeps evidence.",
        deadline_seconds=30.0,
        max_body_bytes=1_000,
        uploads={"evidence": RULES.limits},
    )

    @app.post("/v1/evidence")
    async def post_evidence(request: Request) -> dict[str, Any]:
        """Keep a file."""
        async with upload_of(request, RULES) as upload:
            await vault.keep(upload)
            attempt = await attempt_of(request, CALLER, upload.sha256.encode())
        told = {"name": upload.name, "type": upload.media_type, "size": upload.size, "sha256": upload.sha256}
        return {**told, "fields": upload.fields, "digest": attempt and attempt.request_digest}

    @app.post("/v1/notes")
    async def post_note(request: Request) -> int:
        """Take anything."""
        return len(await request.body())

    return app


class Sender:
    """Sends files to the service and looks into the folder where they are kept."""

    def __init__(self, folder: Path, scanner: Scanner | None = None) -> None:
        self.folder = folder
        self.vault = Vault(open_store(str(folder)), "evidence", scanner)
        self.app = evidence_app(self.vault)

    async def post(self, *arguments: Any, path: str = "evidence", **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://crossing.test") as client:
            return await client.post(f"/v1/{path}", *arguments, **options)

    async def send(self, content: bytes, media_type: str, name: str = "letter.pdf", **options: Any) -> httpx.Response:
        return await self.post(files={"file": (name, content, media_type)}, **options)

    def kept(self) -> list[str]:
        return sorted(file.name for file in self.folder.rglob("*") if file.is_file())


@pytest.fixture
def sender(tmp_path: Path) -> Sender:
    return Sender(tmp_path / "store")


def is_refused(answer: httpx.Response, status: int, slug: str, detail: str | None = None) -> None:
    document = answer.json()
    assert (answer.status_code, document["type"]) == (status, f"/problems/{slug}"), answer.text
    if detail:
        assert document["errors"] == [{"pointer": "/file", "detail": detail}]


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


def many_entries() -> bytes:
    return docx({f"word/{number}.xml": b"" for number in range(RULES.archive.most_entries)})


def locked() -> bytes:
    made = bytearray(docx())
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[made.index(magic) + flags] |= 1
    return bytes(made)


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
    assert answer.status_code == 413
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


async def test_what_was_changed_in_the_store_is_not_shown_and_is_healed_by_the_next_upload(sender: Sender) -> None:
    content = pdf()
    digest = (await sender.send(content, "application/pdf")).json()["sha256"]
    (stored,) = [file for file in sender.folder.rglob(digest)]
    stored.write_bytes(content.replace(b"%PDF", b"%PDX"))
    with pytest.raises(EvidenceDamaged):
        await sender.vault.read(digest)
    assert (await sender.send(content, "application/pdf")).status_code == 200
    assert await sender.vault.read(digest) == content


async def test_what_was_never_kept_is_not_found(sender: Sender) -> None:
    with pytest.raises(NotFound):
        await sender.vault.read("0" * 64)


async def test_a_store_in_memory_keeps_the_same_promises() -> None:
    vault = Vault(MemoryStore(), "evidence")
    transport = httpx.ASGITransport(evidence_app(vault))
    async with httpx.AsyncClient(transport=transport, base_url="http://crossing.test") as client:
        for _ in range(2):
            answer = await client.post("/v1/evidence", files={"file": ("a.png", PNG, "image/png")})
    assert await vault.read(answer.json()["sha256"]) == PNG


async def test_a_store_that_is_away_is_a_503(tmp_path: Path) -> None:
    sender = Sender(tmp_path / "store")
    (tmp_path / "store" / "evidence").write_text("a file where the folder should be")
    is_refused(await sender.send(PNG, "image/png"), 503, "unavailable")
    with pytest.raises((Unavailable, NotFound)):
        await sender.vault.read("0" * 64)


@pytest.fixture(scope="module")
async def clamd() -> AsyncIterator[dict[str, str]]:
    """A real ClamAV daemon with one signature of our own, by a port and by a socket."""
    with tempfile.TemporaryDirectory(prefix="crossing-clamd-") as name:
        folder = Path(name)
        (folder / "signatures").mkdir()
        (folder / "signatures" / "own.ndb").write_text(f"Crossing.Test.Marker:0:*:{MARKER.hex()}\n")
        socket = folder / "socket"
        settings = {"DatabaseDirectory": folder / "signatures", "LocalSocket": socket, "Foreground": "yes"}
        settings |= {"StreamMaxLength": "25M", "User": "root"}
        (folder / "clamd.conf").write_text("".join(f"{key} {value}\n" for key, value in settings.items()))
        daemon = await asyncio.create_subprocess_exec(
            "/usr/sbin/clamd", "--config-file", folder / "clamd.conf", stdout=asyncio.subprocess.DEVNULL
        )
        async with asyncio.timeout(60):
            while not socket.exists():
                await asyncio.sleep(0.02)
        forwarding = await asyncio.start_server(lambda *ends: _forward(socket, *ends), "127.0.0.1", 0)
        port = forwarding.sockets[0].getsockname()[1]
        yield {"socket": str(socket), "port": f"127.0.0.1:{port}"}
        forwarding.close()
        daemon.terminate()
        await daemon.wait()


async def _forward(socket: Path, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Join a connection by TCP to the daemon's socket."""
    there, back = await asyncio.open_unix_connection(str(socket))

    async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while some := await source.read(65_536):
            target.write(some)
            await target.drain()
        target.close()

    await asyncio.gather(pass_on(reader, back), pass_on(there, writer))


@pytest.mark.parametrize("by", ["socket", "port"])
async def test_clamav_lets_pass_what_is_clean_and_stops_what_is_not(
    clamd: dict[str, str], tmp_path: Path, by: str
) -> None:
    sender = Sender(tmp_path / "store", ClamAv(clamd[by]))
    infected = PNG + bytes(3_000_000) + MARKER
    answer = await sender.send(infected, "image/png", headers={"Accept-Language": "fr"})
    is_refused(answer, 422, "malware-found", "contient un logiciel malveillant")
    assert sender.kept() == []
    assert (await sender.send(PNG + bytes(3_000_000), "image/png")).status_code == 200
    assert (await sender.send(docx({"word/media/a.bin": MARKER}), DOCX)).status_code == 422
    assert len(sender.kept()) == 1


@pytest.mark.parametrize("address", ["127.0.0.1:9", "/nowhere/clamd.socket"])
async def test_nothing_is_kept_while_the_scanner_is_away(tmp_path: Path, address: str) -> None:
    sender = Sender(tmp_path / "store", ClamAv(address))
    answer = await sender.send(PNG, "image/png")
    is_refused(answer, 503, "scanner-unavailable")
    assert answer.headers["retry-after"] == "30"
    assert sender.kept() == []


@asynccontextmanager
async def answering(answer: bytes | None) -> AsyncIterator[str]:
    """A daemon that gives one answer to whatever it reads first; ``None`` says nothing and hangs up."""

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(answer or b"")
        writer.close()

    server = await asyncio.start_server(answer_once, "127.0.0.1", 0)
    yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize(
    "answer", [None, b"INSTREAM size limit exceeded. ERROR\0", b"stream: ", b"x" * 100_000, b"UNKNOWN COMMAND\0"]
)
async def test_an_answer_that_is_no_verdict_keeps_nothing(tmp_path: Path, answer: bytes | None) -> None:
    async with answering(answer) as address:
        sender = Sender(tmp_path / "store", ClamAv(address))
        is_refused(await sender.send(PNG + bytes(4_000_000), "image/png"), 503, "scanner-unavailable")
    assert sender.kept() == []


async def test_a_scanner_that_never_answers_is_not_waited_for(tmp_path: Path) -> None:
    held: list[Any] = []

    async def hold(*ends: Any) -> None:
        held.extend(ends)

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    sender = Sender(tmp_path / "store", ClamAv(address, seconds=0.1))
    is_refused(await sender.send(PNG, "image/png"), 503, "scanner-unavailable")
    assert sender.kept() == []
    for end in held[1::2]:
        end.close()
    server.close()
    await server.wait_closed()


def test_the_documents_of_these_tests_are_what_they_seem() -> None:
    """The bomb says four bytes; only who unpacks it finds more."""
    with zipfile.ZipFile(io.BytesIO(bomb_that_lies())) as archive:
        assert archive.getinfo("word/media/a.xml").file_size == 4
        assert archive.read("word/media/a.xml") == b"AAAA"
