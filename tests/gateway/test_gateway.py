"""What the gateway lets through, what it answers itself, and what it tells of it."""

import json
import re
import socket
import time
from pathlib import Path

import httpx
import pytest
from tests.gateway.gates import LOOPBACK, RATE, Gate, exchange, is_problem
from tests.gateway.upstreams import SeeingService, seeing_service

CANARY = "Zzyzxquine"


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


def test_slow_files_fill_the_places_for_files_and_no_other(gate: Gate) -> None:
    begun = b"POST /redress/v1/inquiry/evidence HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx"
    with gate.connection() as first, gate.connection() as second, gate.client() as client:
        first.sendall(begun)
        second.sendall(begun)
        until = time.monotonic() + 10
        while client.post("/redress/v1/inquiry/evidence", content=b"x").status_code != 503:
            assert time.monotonic() < until
            time.sleep(0.02)
        assert client.post("/redress/v1/inquiries", content=b"x").status_code == 200


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
