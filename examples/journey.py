"""What the examples that go over HTTP share: services as processes of their own, and steps that are checked."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import typst

from crossing.kit.http import Client, HTTPError, Response

HERE: Final = Path(__file__).parent
PORT: Final = {
    "id": "US-DETROIT",
    "country": "US",
    "kind": "class_a_port",
    "mode": "land",
    "name": "Detroit (demonstration)",
    "time_zone": "America/Detroit",
}
DOCUMENT: Final[bytes] = typst.compile(b"Demonstration document")


class NotAsExpected(Exception):
    """A step came out otherwise than the procedure says."""


class Journey:
    """What was done so far: each step is printed with what it came to."""

    def __init__(self) -> None:
        self.steps = 0

    def step(self, what: str, found: Any, expected: Any) -> None:
        """Print a step; raises ``NotAsExpected``."""
        if found != expected:
            raise NotAsExpected(f"{what}: {found!r} instead of {expected!r}")
        self.steps += 1
        print(f"{self.steps:2}. {what}: {found}")


def free_port() -> int:
    """A port of loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(data: Path, port: int, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Services in a process of their own, ready to answer."""
    command = [sys.executable, "-m", "crossing.cli", "serve", "--port", str(port), "--data", str(data), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            if not process.stdout.readline():
                raise NotAsExpected("the services did not start")
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def body_of(name: str) -> dict[str, Any]:
    """The content of a file beside this one."""
    body: dict[str, Any] = json.loads((HERE / name).read_text(encoding="utf-8"))
    return body


def told(answer: Response) -> dict[str, Any]:
    """The body of an answer; raises ``NotAsExpected`` with the problem it tells of."""
    if answer.is_error:
        raise NotAsExpected(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}")
    body: dict[str, Any] = answer.json()
    return body


async def ask(client: Client, address: str, body: Any = None, *, method: str = "POST") -> Response:
    """The answer to a step on the latest version of a resource: ``address/verb``."""
    resource = address.rpartition("/")[0]
    version = (await client.get(resource)).headers["etag"]
    return await client.request(method, address, json=body, headers={"If-Match": version})


async def take(client: Client, address: str, body: Any = None, *, method: str = "POST") -> dict[str, Any]:
    """What a step comes to; raises ``NotAsExpected`` when it is refused."""
    return told(await ask(client, address, body, method=method))


async def send_document(client: Client, address: str, kind: str, more: dict[str, Any] | None = None) -> dict[str, Any]:
    """Add a document to the resource at an address, with more fields of the form."""
    version = (await client.get(address)).headers["etag"]
    form, file = {"kind": kind, **(more or {})}, {"file": ("demonstration.pdf", DOCUMENT, "application/pdf")}
    headers = {"If-Match": version}
    return told(await client.post(f"{address}/evidence", data=form, files=file, headers=headers))


async def until(what: str, look: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    """Wait for what takes a moment; raises ``NotAsExpected`` when it never comes."""
    try:
        async with asyncio.timeout(seconds):
            while not await look():
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise NotAsExpected(f"{what}: not within {seconds:g} seconds") from None


def run(name: str, go: Callable[[Path, Journey], Coroutine[Any, Any, None]]) -> int:
    """Run a journey in a folder of its own; 0 when every step came out as the procedure says."""
    journey = Journey()
    with tempfile.TemporaryDirectory(prefix="crossing-example-") as folder:
        try:
            asyncio.run(go(Path(folder), journey))
        except (NotAsExpected, HTTPError) as error:
            print(f"{name}: step {journey.steps + 1} failed: {error or type(error).__name__}")
            return 1
    print(f"{name}: {journey.steps} steps, each as the procedure says")
    return 0
