"""Files are looked through before they are kept: by a real ClamAV daemon, or not at all."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.kit.documents import DOCX, PNG, docx
from tests.kit.evidence import Sender, is_refused

from crossing.kit.clamav import ClamAv

pytestmark = pytest.mark.anyio

MARKER = b"CROSSING-TEST-MARKER"


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
async def answering(answer: bytes, *, early: bool) -> AsyncIterator[str]:
    """A daemon that gives one answer, to the whole file or to its beginning, and hangs up."""

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        read = await reader.read(10)
        while not early and not read.endswith(bytes(4)):
            read += await reader.read(65_536)
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(answer_once, "127.0.0.1", 0)
    yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize("early", [False, True])
@pytest.mark.parametrize(
    "answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: ", b"x" * 100_000, b"UNKNOWN COMMAND\0"]
)
async def test_an_answer_that_is_no_verdict_keeps_nothing(tmp_path: Path, answer: bytes, early: bool) -> None:
    async with answering(answer, early=early) as address:
        sender = Sender(tmp_path / "store", ClamAv(address))
        content = PNG + (bytes(4_000_000) if early else b"")
        is_refused(await sender.send(content, "image/png"), 503, "scanner-unavailable")
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
