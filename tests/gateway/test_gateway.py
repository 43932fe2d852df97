"""What the gateway lets through, what it answers itself, and what it makes of what clients say of themselves."""

import json
import re
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.gateway.gates import LOOPBACK, TERMINAL, Gate, exchange, gate_before
from tests.gateway.upstreams import SeeingService, seeing_service

from crossing.gateway.certificates import TRUST_DOMAIN, Authority
from crossing.gateway.process import free_port
from crossing.gateway.render import Upstream
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.problems import ProblemDocument

CANARY = "Zzyzxquine"
RATE = 50


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeeingService]:
    folder = tmp_path_factory.mktemp("gateway")
    with seeing_service(DevelopmentIssuer(folder).public_file) as server:
        yield server


@pytest.fixture(scope="module")
def gate(service: SeeingService) -> Iterator[Gate]:
    """A gateway before redress; advance rulings are away."""
    there = {"redress": Upstream("127.0.0.1", service.port), "advance-rulings": Upstream("127.0.0.1", free_port())}
    with gate_before(
        there, service, service.keys_file.parent, body_bytes=10_000, head_seconds=1.0, requests_per_second=RATE
    ) as (
        made,
        _,
    ):
        yield made


def is_problem(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """Check that an answer is a problem in the shape of the services, and names the request."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    document: dict[str, Any] = answer.json()
    assert ProblemDocument.model_validate(document).type == f"/problems/{slug}"
    assert document["status"] == status
    assert document["request_id"] == answer.headers["x-request-id"]
    return document


def seen(answer: httpx.Response) -> dict[str, str]:
    """The headers that the service saw."""
    assert answer.status_code == 200, answer.text
    return {name.lower(): value for name, value in answer.json()["headers"].items()}


def test_a_path_comes_to_its_service_as_it_was_sent(gate: Gate) -> None:
    with gate.client() as client:
        answer = client.get("/redress/v1/recourse?country=US&told%5Fon=2026-11-20")
        assert answer.json()["line"] == "GET /redress/v1/recourse?country=US&told%5Fon=2026-11-20 HTTP/1.1"
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("path", ["/", "/nowhere/v1/x", "/redress", "/metrics", "/redress/metrics", "/redress/v1/docs"])
def test_what_is_not_published_is_not_found(gate: Gate, path: str) -> None:
    with gate.client() as client:
        is_problem(client.get(path), 404, "not-found")


@pytest.mark.parametrize(("asked", "told"), [("fr-CA,en", "fr"), ("es", "es"), ("de", "en"), ("en, fr", "en")])
def test_problems_speak_the_language_asked_for(gate: Gate, asked: str, told: str) -> None:
    titles = {"en": "Not found", "fr": "Introuvable", "es": "No encontrado"}
    with gate.client() as client:
        answer = client.get("/nowhere", headers={"Accept-Language": asked})
    assert answer.headers["content-language"] == told
    assert is_problem(answer, 404, "not-found")["title"] == titles[told]


def test_a_service_that_is_away_is_unavailable_and_to_be_asked_again(gate: Gate) -> None:
    with gate.client() as client:
        answer = client.get("/advance-rulings/v1/registry")
    is_problem(answer, 503, "unavailable")
    assert answer.headers["retry-after"] == "1"


def test_a_service_that_comes_back_is_asked_again_soon(gate: Gate, service: SeeingService) -> None:
    port = gate.options.services["advance-rulings"].port
    with gate.client() as client, seeing_service(service.keys_file, port):
        started = time.monotonic()
        while client.get("/advance-rulings/v1/registry").status_code == 503:
            assert time.monotonic() - started < 10
            time.sleep(0.05)
        assert time.monotonic() - started < 2


def test_a_token_that_does_not_hold_comes_no_further(gate: Gate, service: SeeingService, tmp_path: Path) -> None:
    head, body, signature = gate.token().split(".")
    foreign = DevelopmentIssuer(tmp_path)
    tokens = {
        "of somebody else's key": foreign.token(Role.CASEWORKER, subject="x"),
        "with another body": f"{head}.{body[:-4]}AAAA.{signature}",
        "unsigned": f"{head}.{body}.",
        "ended": gate.issuer.token(Role.CASEWORKER, subject="x", lifetime_seconds=-120),
        "no token": "x",
    }
    before = len(service.seen)
    with gate.client() as client:
        for token in tokens.values():
            answer = client.get("/redress/v1/cases", headers={"Authorization": f"Bearer {token}"})
            is_problem(answer, 401, "not-authenticated")
            assert answer.headers["www-authenticate"] == 'Bearer realm="crossing"'
    assert len(service.seen) == before


def test_who_shows_no_token_or_one_that_holds_comes_through(gate: Gate) -> None:
    with gate.client() as client:
        assert "authorization" not in seen(client.get("/redress/v1/recourse"))
        for shown in (f"Bearer {gate.token()}", "Basic TlVNQkVSOlNFQ1JFVA=="):
            assert seen(client.get("/redress/v1/cases", headers={"Authorization": shown}))["authorization"] == shown


def test_what_a_client_says_of_itself_is_dropped(gate: Gate) -> None:
    said = {
        "X-Forwarded-For": "10.1.2.3",
        "X-Forwarded-Client-Cert": f"URI={TERMINAL}",
        "X-Forwarded-Host": "elsewhere",
        "X-Officer": "somebody",
        "X-HTTP-Method-Override": "DELETE",
        "X-Original-URL": "/redress/v1/staff",
        "X-Envoy-Upstream-Rq-Timeout-Ms": "1",
        "X-Request-ID": "an-id-of-the-client",
        "Forwarded": "for=10.1.2.3",
    }
    with gate.client() as client:
        headers = seen(client.get("/redress/v1/cases", headers=said))
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "https"
    left = {name for name in headers if name.startswith("x-") or name == "forwarded"}
    assert left <= {"x-forwarded-for", "x-forwarded-proto", "x-request-id", "x-envoy-expected-rq-timeout-ms"}
    assert re.fullmatch(r"[0-9a-f-]{36}", headers["x-request-id"])


def test_a_terminal_is_known_by_its_certificate_and_by_nothing_it_says(gate: Gate) -> None:
    said = {"X-Forwarded-Client-Cert": f"URI={TRUST_DOMAIN}/terminal/CA-YUL/LANE-9", "X-Request-ID": "terminal-0001"}
    with gate.client("terminal") as client:
        headers = seen(client.get("/redress/v1/cases", headers=said))
    assert headers["x-forwarded-client-cert"].endswith(f";URI={TERMINAL}")
    assert "CA-YUL" not in headers["x-forwarded-client-cert"]
    assert headers["x-request-id"] == "terminal-0001"
    assert gate.log_of("terminal-0001")["certificate"] == TERMINAL


def test_terminals_without_a_certificate_of_ours_are_refused(gate: Gate) -> None:
    foreign = Authority()
    foreign.write_client(gate.folder, "foreign", TERMINAL)
    gate.authority.write_client(gate.folder, "stranger", "spiffe://elsewhere/terminal/US-DETROIT/LANE-1")
    for certificate in (None, "foreign", "stranger"):
        with (
            httpx.Client(base_url=gate.terminals_address, verify=gate.trust(certificate)) as client,
            pytest.raises((httpx.HTTPError, ssl.SSLError)),
        ):
            client.get("/redress/v1/cases")


def test_who_never_finishes_the_handshake_is_cut_off(gate: Gate) -> None:
    for port in (gate.options.port, gate.options.terminals_port):
        with socket.create_connection((LOOPBACK, port), 10) as connection:
            started = time.monotonic()
            assert exchange(connection, b"") == b""
        assert time.monotonic() - started < gate.options.head_seconds + 3


def test_bodies_beyond_the_limit_are_refused_announced_or_in_pieces(gate: Gate, service: SeeingService) -> None:
    pieces = (b"x" * 1_000 for _ in range(11))
    before = len(service.seen)
    with gate.client() as client:
        assert client.post("/redress/v1/inquiries", content=b"x" * 10_000).json()["length"] == 10_000
        is_problem(client.post("/redress/v1/inquiries", content=b"x" * 10_001), 413, "body-too-large")
        is_problem(client.post("/redress/v1/inquiries", content=pieces), 413, "body-too-large")
    assert len(service.seen) == before + 1


def test_a_file_of_evidence_may_be_larger(gate: Gate) -> None:
    with gate.client() as client:
        assert client.post("/redress/v1/inquiry/evidence", content=b"x" * 3_000_000).json()["length"] == 3_000_000


@pytest.mark.parametrize("headers", [{"Padding": "x" * 17_000}, {f"h{number}": "x" for number in range(70)}])
def test_heads_beyond_the_limit_are_refused(gate: Gate, headers: dict[str, str]) -> None:
    with gate.client() as client:
        answer = client.get("/redress/v1/cases", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (431, "/problems/head-too-large")


def test_one_address_that_asks_too_much_is_told_so_and_others_are_not(gate: Gate) -> None:
    burst = b"GET /redress/v1/recourse HTTP/1.1\r\nHost: x\r\n\r\n" * 300
    statuses = re.findall(rb"HTTP/1.1 (\d+)", gate.said(burst, source="127.9.9.9"))
    assert set(statuses) == {b"200", b"429"}
    assert RATE <= statuses.count(b"200") <= 4 * RATE
    with_end = b"GET /redress/v1/recourse HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert gate.said(with_end, source="127.9.9.8").startswith(b"HTTP/1.1 200")


def test_probes_and_figures_are_answered_beside_what_is_published(gate: Gate) -> None:
    inside = f"http://127.0.0.1:{gate.options.inside_port}"
    for path, expected in (("/readyz", "LIVE"), ("/healthz", "LIVE"), ("/metrics", "envoy_cluster_upstream_rq")):
        assert expected in httpx.get(inside + path).text
    assert httpx.get(f"{inside}/stats").status_code == 404


def test_the_access_log_tells_nothing_of_a_person(gate: Gate) -> None:
    headers = dict.fromkeys(("User-Agent", "Referer", "Cookie", "X-Request-ID", "Idempotency-Key", "Via"), CANARY)
    with gate.client() as client:
        answer = client.post(
            f"/redress/v1/{CANARY}?name={CANARY}",
            headers=headers | {"Host": f"{CANARY}.example"},
            json={"name": CANARY},
        )
        odd = client.request("GET", f"//{CANARY}")
    line = gate.log_of(answer.headers["x-request-id"])
    assert {key: line[key] for key in ("method", "route", "status")} == {
        "method": "POST",
        "route": "redress",
        "status": 200,
    }
    gate.log_of(odd.headers["x-request-id"])
    written = Path(gate.options.access_log).read_text() + (gate.folder / "envoy.log").read_text()
    assert CANARY.lower() not in written.lower()
    allowed = {
        "event",
        "level",
        "service",
        "timestamp",
        "request_id",
        "method",
        "route",
        "status",
        "duration_ms",
        "flags",
    }
    assert json.loads(written.splitlines()[0]).keys() <= allowed | {"certificate"}
