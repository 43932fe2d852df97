"""Examinations as ports hold them, begun at a steady rate whatever is still running: six calls each, through the gateway.

Open, ask what the lists say of the traveller, ask whether a ruling is valid, add facts, decide, fetch the notice.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httptools
from tests.admission.cases import refuse, technician
from uuid_utils.compat import uuid7

_OK = (200, 201)
_FACTS = {"facts": {"visit": {"ends_on": "2026-12-04"}}}
_RULING = "US-TN-2026-000001"


@dataclass
class Answer:
    """What came back."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class JourneyFigures:
    """Journeys finished for each second in which they were begun, and the milliseconds of opening one."""

    per_second: float
    open_p50_ms: float
    open_p99_ms: float
    failed: int


class Line:
    """One connection to the gateway, for one request after another."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._answer = Answer()
        self._ended = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self._answer.headers[name.decode().lower()] = value.decode()

    def on_body(self, body: bytes) -> None:
        self._answer.body += body

    def on_message_complete(self) -> None:
        self._ended = True

    async def ask(self, method: str, path: str, headers: Mapping[str, str], body: Any = None) -> Answer:
        """Send a request, and read the answer to its end."""
        content = b"" if body is None else json.dumps(body).encode()
        named = {"host": "bench", "content-type": "application/json", "content-length": str(len(content)), **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        self._writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content)
        self._answer, self._ended = Answer(), False
        parser = httptools.HttpResponseParser(self)
        while not self._ended:
            read = await self._reader.read(65_536)
            if not read:
                raise ConnectionError("the gateway hung up")
            parser.feed_data(read)
        self._answer.status = parser.get_status_code()
        return self._answer

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


class Port:
    """A port of entry under load: lines that are used in turn, and what was counted."""

    def __init__(self, gateway_port: int, officer: str, redress: str) -> None:
        self._gateway_port = gateway_port
        self._officer = {"authorization": f"Bearer {officer}"}
        self._redress = {"authorization": f"Bearer {redress}"}
        self._idle: list[Line] = []
        self._body = technician()
        fields = self._body["scan"]["fields"]
        document = {"issued_by": fields["issued_by"], "number": fields["document_number"]}
        self._subject = {"surname": fields["surname"], "born_on": fields["born_on"], "document": document}
        self.opened: list[float] = []
        self.failed = 0

    async def journey(self) -> None:
        """One examination from its opening to its notice."""
        line = self._idle.pop() if self._idle else Line(*await asyncio.open_connection("127.0.0.1", self._gateway_port))
        try:
            await self._through(line)
            self._idle.append(line)
        except (OSError, httptools.HttpParserError):
            self.failed += 1
            line.close()

    async def _through(self, line: Line) -> None:
        started = time.perf_counter()
        key = {"idempotency-key": str(uuid7())}
        opened = await line.ask("POST", "/admission/v1/examinations", self._officer | key, self._body)
        self.opened.append(time.perf_counter() - started)
        address = opened.headers.get("location", "")
        answers = [opened, await line.ask("POST", "/admission/v1/subject-checks", self._redress, self._subject)]
        answers.append(await line.ask("GET", f"/advance-rulings/v1/rulings/{_RULING}/verify", {}))
        for method, verb, body in (("PATCH", "facts", _FACTS), ("POST", "decision", refuse())):
            version = {"if-match": answers[-1].headers.get("etag", opened.headers.get("etag", "")), **self._officer}
            answers.append(await line.ask(method, f"{address}/{verb}", version, body))
        answers.append(await line.ask("GET", f"{address}/notice", self._officer))
        self.failed += any(each.status not in _OK for each in answers)

    def close(self) -> None:
        """Hang up every line."""
        for line in self._idle:
            line.close()


async def hold_journeys(
    gateway_port: int, officer: str, redress: str, *, rate: float, seconds: float
) -> JourneyFigures:
    """Begin ``rate`` journeys a second for so many seconds, each at its own moment, and wait for them all."""
    port = Port(gateway_port, officer, redress)
    running = []
    started = time.perf_counter()
    for number in range(round(rate * seconds)):
        await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
        running.append(asyncio.create_task(port.journey()))
    await asyncio.gather(*running)
    took = time.perf_counter() - started
    port.close()
    opened = sorted(port.opened)
    # What is still under way when the last one begins is no backlog, up to one second of it.
    per_second = len(running) / max(seconds, took - 1.0)
    return JourneyFigures(
        per_second, opened[len(opened) // 2] * 1e3, opened[int(len(opened) * 0.99)] * 1e3, port.failed
    )
