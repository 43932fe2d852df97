"""A TCP link to a server on loopback that can be slow, silent or cut, where the kernel has no netem."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

_CHUNK = 65_536


class SlowLink:
    """What passes waits for ``delay_seconds`` each way; ``port`` is where it is entered.

    ``flows`` is cleared to let nothing pass, without a word to either side.
    """

    def __init__(self, target_port: int, delay_seconds: float = 0.0) -> None:
        self.delay_seconds = delay_seconds
        self.port = 0
        self.flows = asyncio.Event()
        self.flows.set()
        self.sent_there = 0
        """How often something was sent to the server: a round trip each, where one side waits for the other."""
        self._target_port = target_port
        self._open: set[asyncio.StreamWriter] = set()
        self._known: set[asyncio.Event] = set()
        self._carrying: set[asyncio.Task[None]] = set()

    def reset(self) -> None:
        """Cut every connection that passes now, as a router does that forgot them."""
        for writer in self._open:
            writer.transport.abort()

    def forget(self) -> None:
        """Let nothing pass any more on the connections there are, without a word; new ones are carried."""
        for known in self._known:
            known.clear()

    def enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry a connection from now on until either side ends it."""
        task = asyncio.create_task(self._carry(reader, writer))
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)

    async def end(self) -> None:
        """Cut every connection, and wait until none is carried any more."""
        self.flows.set()
        for known in self._known:
            known.set()
        self.reset()
        await asyncio.gather(*self._carrying)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._target_port)
        except OSError:
            writer.transport.abort()
            return
        ends, known = {writer, back}, asyncio.Event()
        known.set()
        self._open |= ends
        self._known.add(known)
        try:
            await asyncio.gather(self._pump(reader, back, known, counted=True), self._pump(there, writer, known))
        finally:
            self._open -= ends
            self._known.discard(known)

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        known: asyncio.Event,
        *,
        counted: bool = False,
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(_CHUNK):
                self.sent_there += counted
                await asyncio.sleep(self.delay_seconds)
                await self.flows.wait()
                await known.wait()
                writer.write(data)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def slow_link(target_port: int, delay_seconds: float = 0.0) -> AsyncIterator[SlowLink]:
    """A link to a port of loopback, carried by this process's event loop."""
    link = SlowLink(target_port, delay_seconds)
    server = await asyncio.start_server(link.enter, "127.0.0.1", 0)
    link.port = server.sockets[0].getsockname()[1]
    try:
        yield link
    finally:
        server.close()
        await link.end()
