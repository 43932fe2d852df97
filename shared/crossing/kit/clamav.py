"""Has a file looked through by ClamAV's daemon (clamd(8), INSTREAM)."""

import asyncio
from typing import BinaryIO, Final

from crossing.kit.logging import log
from crossing.kit.problems import FieldError
from crossing.kit.upload_problems import FILE, MalwareFound, ScannerUnavailable

_CHUNK: Final = 65_536
_LONGEST_ANSWER: Final = 4_096
_FOUND: Final = {
    "en": "holds malicious software",
    "fr": "contient un logiciel malveillant",
    "es": "contiene software malicioso",
}


class ClamAv:
    """A scanner at ``host:port`` or at the path of a Unix socket; ``seconds`` is how long one file may take it."""

    def __init__(self, address: str, *, seconds: float = 60.0) -> None:
        self._address = address
        self._seconds = seconds

    async def scan(self, file: BinaryIO) -> None:
        """Have a file scanned from its beginning; raises ``MalwareFound`` or ``ScannerUnavailable``."""
        file.seek(0)
        try:
            async with asyncio.timeout(self._seconds):
                answer = await self._ask(file)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            log().warning("scanner.silent", error=type(error).__name__)
            raise _unavailable() from None
        if answer.endswith(b" FOUND"):
            log().warning("scanner.found")
            raise MalwareFound(errors=[FieldError(FILE, _FOUND)])
        if answer != b"stream: OK":
            log().warning("scanner.refused")
            raise _unavailable()

    async def _ask(self, file: BinaryIO) -> bytes:
        reader, writer = await self._connect()
        try:
            writer.write(b"zINSTREAM\0")
            while chunk := await asyncio.to_thread(file.read, _CHUNK):
                writer.write(len(chunk).to_bytes(4, "big") + chunk)
                await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
            answer = await reader.readuntil(b"\0")
        finally:
            writer.close()
        return answer[:-1]

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._address.startswith("/"):
            return await asyncio.open_unix_connection(self._address, limit=_LONGEST_ANSWER)
        host, _, port = self._address.rpartition(":")
        return await asyncio.open_connection(host, int(port), limit=_LONGEST_ANSWER)


def _unavailable() -> ScannerUnavailable:
    return ScannerUnavailable(headers={"Retry-After": "30"})
