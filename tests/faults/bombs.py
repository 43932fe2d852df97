"""G11: files made to break whoever opens them are refused, or kept unopened, in little time and little memory.

A child process takes them as evidence is taken, one after the other, and says how much memory it came to.
"""

import asyncio
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.faults.report import Report
from tests.kit.documents import DOCX, bomb_that_lies, docx, locked, many_entries, pdf
from tests.kit.evidence import Sender

FULL = ({"megabytes": 1_000}, {"megabytes": 1_000, "plant": "files are unpacked as they say"})
SHORT = ({"megabytes": 110},)
_LONGEST_SECONDS = 5.0
_MOST_MEGABYTES = 512
_PDF = "application/pdf"


def _zeros(megabytes: int) -> bytes:
    """So many megabytes of zeros, compressed without being held."""
    packer = zlib.compressobj(6)
    return b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(megabytes)), packer.flush()])


def _entries(number: int, megabytes: int) -> bytes:
    """A document with so many entries of so many megabytes each beside its own."""
    file = io.BytesIO(docx())
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for each in range(number):
            with archive.open(f"word/media/{each}.bin", "w") as entry:
                for _ in range(megabytes):
                    entry.write(bytes(1 << 20))
    return file.getvalue()


def _pdf_with(stream: bytes, filters: str) -> bytes:
    head = f"%PDF-1.7\n1 0 obj\n<</Filter {filters}/Length {len(stream)}>>stream\n".encode()
    body = head + stream + b"\nendstream\nendobj\n"
    return body + b"xref\n0 1\n0000000000 65535 f \ntrailer<</Size 1>>\nstartxref\n%d\n%%%%EOF" % len(body)


#: Each with its media type, and whether it may be kept: a PDF is never opened, so that what it packs harms nobody.
BOMBS: Mapping[str, tuple[Callable[[int], bytes], str, bool]] = {
    "a good document": (lambda _: docx(), DOCX, True),
    "a good PDF": (lambda _: pdf(), _PDF, True),
    "an entry that lies about its size": (lambda _: bomb_that_lies(), DOCX, False),
    "more entries than anybody needs": (lambda _: many_entries(), DOCX, False),
    "locked": (lambda _: locked(), DOCX, False),
    "ten entries that are too much together": (lambda size: _entries(10, size // 10), DOCX, False),
    "one entry that is too much": (lambda size: _entries(1, size), DOCX, False),
    "an archive in the archive": (lambda _: docx({"word/embeddings/a.zip": docx()}), DOCX, False),
    "a PDF with as much in a stream": (lambda size: _pdf_with(_zeros(size), "/FlateDecode"), _PDF, True),
    "a PDF packed twice": (
        lambda size: _pdf_with(zlib.compress(_zeros(size), 9), "[/FlateDecode/FlateDecode]"),
        _PDF,
        True,
    ),
    "a PDF cut short": (lambda _: pdf()[:-40], _PDF, False),
    "a program named as a PDF": (lambda _: b"\x7fELF" + bytes(100_000), _PDF, False),
    "HTML named as a PDF": (lambda _: b"<script>alert(1)</script>" * 1_000, _PDF, False),
}


def run(*, megabytes: int, plant: str | None = None) -> Report:
    """Send every file, those that unpack unpacking to so much; each is answered in time, and the child stays small."""
    with tempfile.TemporaryDirectory(prefix="crossing-bombs-") as folder:
        for number, (make, _, _) in enumerate(BOMBS.values()):
            (Path(folder) / str(number)).write_bytes(make(megabytes))
        command = ["unshare", "-n", sys.executable, "-m", "tests.faults.bombs", folder, plant or ""]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        assert ran.returncode == 0, ran.stderr[-3000:]
    answers, held = json.loads(ran.stdout.splitlines()[-1])
    said = [] if held <= _MOST_MEGABYTES else [f"{held:.0f} MB were held"]
    for (name, (_, _, good)), (status, seconds) in zip(BOMBS.items(), answers, strict=True):
        if (status == 200) is not good or status >= 500:
            said.append(f"{name}: answered {status}")
        if seconds > _LONGEST_SECONDS:
            said.append(f"{name}: took {seconds:.1f} s")
    slowest = max(seconds for _, seconds in answers)
    return Report(
        fault="G11 files made to break",
        done=f"{len(BOMBS)} files sent as evidence, unpacking to {megabytes:,} MB",
        acknowledged=len(BOMBS),
        found=len(BOMBS) - len(said),
        lost=len(said),
        held=not said,
        detail="; ".join([*said[:4], f"slowest {slowest:.1f} s, {held:.0f} MB held"]),
    )


async def _send_all(folder: Path, plant: str) -> None:
    """Send the files of a folder and print what became of them; planted, unpack them as anybody would."""
    sender, answers = Sender(folder / "kept"), []
    for number, (_, media_type, _) in enumerate(BOMBS.values()):
        content, started = (folder / str(number)).read_bytes(), time.monotonic()
        if plant and media_type == DOCX and number not in (2, 4):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                [archive.read(each) for each in archive.namelist()]
        answer = await sender.send(content, media_type, "../../letter.pdf")
        answers.append((answer.status_code, time.monotonic() - started))
    print(json.dumps((answers, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)))


if __name__ == "__main__":
    asyncio.run(_send_all(Path(sys.argv[1]), sys.argv[2]))
