"""The gateway before admission as production runs it: one path for a request, one id, one answer."""

import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from tests.gateway.gates import Gate, exchange, gate_before, line_of
from tests.gateway.upstreams import seeing_service
from tests.stage import ServiceProcess, Stage, stage

from crossing.gateway.render import Upstream

CANARY = "Zzyzxquine"
EXAMINATIONS = "/admission/v1/examinations"
HEALTH = b"GET /admission/v1/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"


@dataclass(frozen=True)
class Scene:
    """A gateway and the service behind it."""

    gate: Gate
    stage: Stage
    admission: ServiceProcess

    def directly(self, raw: bytes) -> bytes:
        """What the service itself answers to some bytes."""
        with socket.create_connection(("127.0.0.1", self.admission.port), 20) as connection:
            return exchange(connection, raw)


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with stage("admission", on_postgres=False) as set_up:
        admission = set_up.service("admission").start().wait()
        set_up.open_ports(admission)
        there = {"admission": Upstream("127.0.0.1", admission.port)}
        with (
            seeing_service(set_up.issuer.public_file) as keys,
            gate_before(there, keys, set_up.folder, requests_per_second=1_000) as (gate, _),
        ):
            yield Scene(gate, set_up, admission)


def test_a_request_has_one_id_from_the_gateway_to_the_log_of_the_service(scene: Scene) -> None:
    body = {"scan": {"mrz": [CANARY]}, "seeking": ["us.tn"], "facts": {}}
    shown = {"Authorization": f"Bearer {scene.gate.token()}", "X-Request-ID": CANARY, "Idempotency-Key": CANARY}
    with scene.gate.client() as client:
        answer = client.post(f"{EXAMINATIONS}?{CANARY}={CANARY}", json=body, headers=shown)
    request_id = answer.headers["x-request-id"]
    assert answer.headers.get_list("x-request-id") == [request_id]
    outside, within = scene.gate.log_of(request_id), line_of(scene.admission.log, request_id)
    assert (outside["status"], within["status"]) == (answer.status_code, answer.status_code)
    assert (outside["route"], within["route"]) == ("admission", "/v1/examinations")
    assert CANARY not in (scene.gate.folder / "access.log").read_text() + scene.admission.log.read_text()


def test_the_service_looks_at_a_token_again(scene: Scene) -> None:
    with scene.gate.client() as client:
        without = client.get(EXAMINATIONS)
        assert (without.status_code, without.json()["type"]) == (401, "/problems/not-authenticated")
        shown = {"Authorization": f"Bearer {scene.gate.token()}"}
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
def test_an_odd_path_is_refused_or_means_what_it_means_to_the_service(scene: Scene, path: str) -> None:
    raw = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    through, directly = status(scene.gate.said(raw)), status(scene.directly(raw))
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
HIDDEN = b"GET /admission/v1/smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize("kind", SMUGGLING)
def test_no_second_request_is_hidden_in_the_end_of_a_first(scene: Scene, kind: str) -> None:
    before = unmatched(scene.admission)
    answer = scene.gate.said(
        HEALTH.replace(b"Connection: close\r\n", b"").replace(b"GET", b"POST") + SMUGGLING[kind] + HIDDEN
    )
    assert status(answer) == 400
    assert answer.count(b"HTTP/1.1 ") == 1
    assert unmatched(scene.admission) == before


def unmatched(service: ServiceProcess) -> int:
    """How often a service was asked for what it does not have."""
    return service.log.read_text().count('"route": "unmatched"')


def status(answer: bytes) -> int:
    """The first status in an answer; 400 where the connection was cut without a word."""
    found = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
    return int(found[1]) if found else 400


def test_the_service_listens_at_its_own_address_only_inside(scene: Scene) -> None:
    with scene.gate.client() as client:
        assert client.get("/v1/readyz").status_code == 404
        assert client.get("/metrics").status_code == 404
    assert urlsplit(scene.admission.address).hostname == "127.0.0.1"


def test_a_service_that_went_is_unavailable_at_once_and_back_soon_after_it_returns(scene: Scene) -> None:
    with scene.gate.client() as client:
        scene.admission.kill()
        started = time.monotonic()
        away = client.get("/admission/v1/healthz")
        assert (away.status_code, away.json()["type"]) == (503, "/problems/unavailable")
        assert time.monotonic() - started < 1
        scene.admission.start().wait()
        started = time.monotonic()
        while client.get("/admission/v1/healthz").status_code != 200:
            assert time.monotonic() - started < 5
            time.sleep(0.02)
        assert time.monotonic() - started < 2
