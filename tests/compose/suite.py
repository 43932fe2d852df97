"""The suite in containers, as its compose file brings it up, seen from outside and by the engine."""

import asyncio
import json
import os
import shlex
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
from tests.oidc.running import sign_in

TOP: Final = Path(__file__).parents[2]
SECRETS: Final = TOP / "deploy" / "compose" / "secrets"
ADDRESS: Final = "https://localhost:8443"
ISSUER: Final = f"{ADDRESS}/identity/realms/crossing"
PROJECT: Final = "crossing-test"
#: What runs until it is told to stop; the migrations end by themselves.
RUNNING: Final = frozenset(
    {"gateway", "postgres", "identity"}
    | {name + kind for name in ("admission", "advance-ruling", "redress") for kind in ("", "-worker")}
)
_PATIENCE_SECONDS: Final = 420
_REPEATS: Final = 20


class Patient(httpx.AsyncHTTPTransport):
    """Does as a 503 says: repeats a request with the same key, for a while."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The first answer that is no 503, or the last."""
        if request.method == "POST":
            request.headers.setdefault("Idempotency-Key", uuid4().hex)
        await request.aread()
        for _ in range(_REPEATS):
            answer = await super().handle_async_request(request)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                return answer
            await answer.aread()
            await asyncio.sleep(0.5)
        return answer


class Suite:
    """The containers of one compose project, run by the command in ``CROSSING_COMPOSE``."""

    def __init__(self) -> None:
        self._compose = shlex.split(os.environ.get("CROSSING_COMPOSE", "docker-compose"))
        self._trusted = ssl.create_default_context(cafile=str(SECRETS / "certificates" / "ca.crt"))

    def compose(self, *arguments: str) -> str:
        """What a compose command prints; raises ``AssertionError`` with what it complains of."""
        return _output(*self._compose, "-p", PROJECT, *arguments)

    def docker(self, *arguments: str) -> str:
        """What a command of the engine's client prints."""
        return _output("docker", *arguments)

    def container(self, service: str) -> str:
        """The id of a service's container, running or not."""
        wanted = f"label=com.docker.compose.project={PROJECT}", f"label=com.docker.compose.service={service}"
        [found] = self.docker("ps", "-aq", "--no-trunc", *(f"--filter={each}" for each in wanted)).split()
        return found

    def inspect(self, service: str) -> dict[str, Any]:
        """What the engine knows of a service's container."""
        [found] = json.loads(self.docker("inspect", self.container(service)))
        known: dict[str, Any] = found
        return known

    def inside(self, service: str, *command: str) -> str:
        """What a command prints that runs in a service's container."""
        return self.docker("exec", self.container(service), *command)

    def wait_until_healthy(self, services: frozenset[str] = RUNNING) -> None:
        """Wait until every container says that it is well; raises ``AssertionError`` with what those say that are not."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while ill := [each for each in sorted(services) if self._health(each) != "healthy"]:
            told = "\n".join(f"{each}:\n{self.compose('logs', '--tail=30', each)}" for each in ill)
            assert time.monotonic() < until, told
            time.sleep(1)

    def _health(self, service: str) -> str:
        state = self.inspect(service)["State"]
        return str(state.get("Health", {}).get("Status", state["Status"]))

    def token(self, username: str) -> str:
        """The token of one of the realm's people, who signs in through the gateway."""
        with httpx.Client(verify=self._trusted, timeout=30) as browser:
            return sign_in(browser, ISSUER, username, (SECRETS / f"{username}-password").read_text())

    def client(self, username: str | None = None, *, patient: bool = True) -> httpx.AsyncClient:
        """A client of what the gateway publishes, signed in as one of the realm's people or not at all."""
        headers = {"Authorization": f"Bearer {self.token(username)}"} if username else {}
        transport = (Patient if patient else httpx.AsyncHTTPTransport)(verify=self._trusted)
        return httpx.AsyncClient(base_url=ADDRESS, headers=headers, transport=transport, timeout=30)

    def mails(self, service: str) -> Iterator[bytes]:
        """The messages that a service's worker wrote."""
        folder = "/var/lib/crossing/mail"
        program = (
            f"import json, pathlib; print(json.dumps([p.read_text() for p in pathlib.Path('{folder}').glob('*.eml')]))"
        )
        for text in json.loads(self.inside(f"{service}-worker", "python", "-c", program)):
            yield text.encode()


def _output(*command: str) -> str:
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
    return done.stdout
