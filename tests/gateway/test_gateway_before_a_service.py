"""The gateway before the embedded suite, as ``make run GATEWAY=1`` starts it: one path, one id, one answer."""

import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from tests.gateway.gates import exchange, line_of

from crossing.gateway.process import free_port
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer

CANARY = "Zzyzxquine"
EXAMINATIONS = "/admission/v1/examinations"
_PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Suite:
    """The suite and the gateway before it: the ports of both, their logs, and what the command printed."""

    port: int
    behind: int
    data: Path
    log: Path
    printed: list[str]

    def client(self) -> httpx.Client:
        """A client that comes through the gateway."""
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=20)

    def through(self, raw: bytes) -> bytes:
        """What the gateway answers to some bytes."""
        return said(self.port, raw)

    def directly(self, raw: bytes) -> bytes:
        """What the suite itself answers to them."""
        return said(self.behind, raw)

    def asked_for_nothing(self) -> int:
        """How often the suite was asked for what it does not have, up to now."""
        with self.client() as client:
            while (answer := client.get("/admission/v1/healthz")).status_code != 200:
                time.sleep(0.1)  # a busy machine takes longer than the gateway allows
            line_of(self.log, answer.headers["x-request-id"])
        return self.log.read_text().count('"route": "unmatched"')


def said(port: int, raw: bytes) -> bytes:
    """What is answered to some bytes until the connection ends."""
    with socket.create_connection(("127.0.0.1", port), 20) as connection:
        return exchange(connection, raw)


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    data, port = tmp_path_factory.mktemp("suite"), free_port()
    command = [sys.executable, "-m", "crossing.cli", "serve", "--gateway", "--port", str(port), "--data", str(data)]
    log, printed = data / "suite.log", []
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [*command, "--log-level", "INFO"], stdout=subprocess.PIPE, stderr=output, text=True
        ) as process,
    ):
        patience = threading.Timer(_PATIENCE_SECONDS, process.kill)  # ends the reading below, should nothing be printed
        patience.start()
        assert process.stdout
        for line in process.stdout:
            printed.append(line.strip())
            if line.startswith("Behind"):
                break
        patience.cancel()
        assert printed, log.read_text()
        yield Suite(port, int(printed[-1].rstrip("/").rpartition(":")[2]), data, log, printed)
        process.send_signal(signal.SIGINT)
        assert process.wait(_PATIENCE_SECONDS) == 0
    with pytest.raises(ConnectionRefusedError):
        said(port, b"")


def test_the_command_says_where_the_gateway_is_first_and_it_answers(suite: Suite) -> None:
    assert suite.printed[0] == f"Crossing is at http://127.0.0.1:{suite.port}/"
    with suite.client() as client:
        for path in ("/", "/admission/", "/redress/v1/readyz", "/advance-rulings/v1/readyz"):
            until = time.monotonic() + _PATIENCE_SECONDS  # the first time, a busy machine takes longer than allowed
            while client.get(path).status_code == 503:
                assert time.monotonic() < until, path
            assert client.get(path).status_code == 200, path
        signed_in = client.post("/sign-in", data={"role": "officer", "port": "US-DETROIT", "terminal": "LANE-1"})
        assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/admission/")
        assert "crossing_session" in signed_in.cookies


def test_a_request_has_one_id_from_the_gateway_to_the_log_of_the_service(suite: Suite) -> None:
    body = {"scan": {"mrz": [CANARY]}, "seeking": ["us.tn"], "facts": {}}
    shown = {"Authorization": f"Bearer {token(suite)}", "X-Request-ID": CANARY, "Idempotency-Key": CANARY}
    with suite.client() as client:
        answer = client.post(f"{EXAMINATIONS}?{CANARY}={CANARY}", json=body, headers=shown)
    request_id = answer.headers["x-request-id"]
    assert answer.headers.get_list("x-request-id") == [request_id]
    access_log = suite.data / "gateway" / "access.log"
    outside, within = line_of(access_log, request_id), line_of(suite.log, request_id)
    assert (outside["status"], within["status"]) == (answer.status_code, answer.status_code)
    assert (outside["route"], within["route"]) == ("admission", "/v1/examinations")
    assert CANARY not in access_log.read_text() + suite.log.read_text()


def token(suite: Suite) -> str:
    """A token of an officer."""
    return DevelopmentIssuer(suite.data).token(Role.OFFICER, subject="test", port_id="US-DETROIT", terminal_id="LANE-1")


def test_the_service_looks_at_a_token_again(suite: Suite) -> None:
    with suite.client() as client:
        without = client.get(EXAMINATIONS)
        assert (without.status_code, without.json()["type"]) == (401, "/problems/not-authenticated")
        shown = {"Authorization": f"Bearer {token(suite)}"}
        assert client.get(EXAMINATIONS, headers=shown).json()["examinations"] == []


ODD_PATHS = [
    "//admission/v1/healthz",
    "/admission//v1/healthz",
    "/admission/v1/healthz/",
    "/admission/v1/./healthz",
    "/admission/v1/../v1/healthz",
    "/nowhere/../admission/v1/healthz",
    "/admission/v1/%2e%2e/v1/healthz",
    "/admission/v1/x/..%2fhealthz",
    "/admission%2fv1%2fhealthz",
    "/admission/v1%2Fhealthz",
    "/admission/v1/health%7a",
    "/Admission/v1/healthz",
    "/ADMISSION/V1/HEALTHZ",
    "/admission/v1\\healthz",
    "/admission/v1/%5chealthz",
    "/admission/v1/healthz;x=1",
    "/admission/v1/healthz%00",
    "/admission/v1/healthz%0d%0aX-Officer:%20a",
    "/admission/v1/healthz#metrics",
    "/admission/v1/%252e%252e/healthz",
    "/admission/v1/examinations/%2e%2e/healthz",
    "http://elsewhere/admission/v1/healthz",
    "*",
    "admission/v1/healthz",
    "/admission/v1/healthz?a=//b/../c",
]


@pytest.mark.parametrize("path", ODD_PATHS)
def test_an_odd_path_is_refused_or_means_what_it_means_to_the_service(suite: Suite, path: str) -> None:
    raw = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    through, directly = status(suite.through(raw)), status(suite.directly(raw))
    assert through in {400, 404, directly}


SMUGGLING = {
    "length and pieces": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: 30\r\n\r\n",
    "two lengths in one": b"Content-Length: 0, 30\r\n\r\n",
    "a length with a sign": b"Content-Length: +0\r\n\r\n",
    "pieces in disguise": b"Transfer-Encoding: xchunked\r\n\r\n",
    "pieces twice": b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a space before the colon": b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a folded line": b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "a bare line feed": b"X: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "an underscore": b"Content_Length: 30\r\n\r\n",
    "a piece of a size that is none": b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
}
FIRST = b"POST /admission/v1/healthz HTTP/1.1\r\nHost: x\r\n"
HIDDEN = b"GET /admission/v1/smuggled HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def test_no_second_request_is_hidden_in_the_end_of_a_first(suite: Suite) -> None:
    """Each is refused, or both requests are two to the gateway as well, and both are answered."""
    before = suite.asked_for_nothing()
    with ThreadPoolExecutor(len(SMUGGLING)) as together:  # the gateway takes a second to end each connection
        ended = [FIRST + end + HIDDEN for end in SMUGGLING.values()]
        answers = dict(zip(SMUGGLING, together.map(suite.through, ended), strict=True))
    counted = {kind: answer.count(b"HTTP/1.1 ") for kind, answer in answers.items()}
    assert counted == {kind: 1 if status(answer) == 400 else 2 for kind, answer in answers.items()}
    assert suite.asked_for_nothing() - before == sum(counted.values()) - len(SMUGGLING)
    assert status(answers["length and pieces"]) == 400


def status(answer: bytes) -> int:
    """The first status in an answer; 400 where the connection was cut without a word."""
    found = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
    return int(found[1]) if found else 400
