"""Who comes through the gateway, and what it makes of what clients say of themselves."""

import re
import ssl
import time
from pathlib import Path

import httpx
import pytest
from tests.gateway.gates import TERMINAL, Gate, is_problem, seen
from tests.gateway.upstreams import SeeingService

from crossing.gateway.certificates import TRUST_DOMAIN, Authority
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


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
            answer = client.get("/redress/v1/cases", headers=bearer(token))
            is_problem(answer, 401, "not-authenticated")
            assert answer.headers["www-authenticate"] == 'Bearer realm="crossing"'
    assert len(service.seen) == before


def test_who_shows_no_token_or_one_that_holds_comes_through(gate: Gate) -> None:
    with gate.client() as client:
        assert "authorization" not in seen(client.get("/redress/v1/recourse"))
        for shown in (f"Bearer {gate.token()}", "Basic TlVNQkVSOlNFQ1JFVA=="):
            assert seen(client.get("/redress/v1/cases", headers={"Authorization": shown}))["authorization"] == shown


def test_tokens_are_known_while_whoever_gives_out_the_keys_is_away(gate: Gate, service: SeeingService) -> None:
    service.keeps_keys_back = True
    until = time.monotonic() + 20
    while service.asked_in_vain < 2:
        assert time.monotonic() < until
        time.sleep(0.02)
    with gate.client() as client:
        assert "authorization" in seen(client.get("/redress/v1/cases", headers=bearer(gate.token(Role.ANALYST))))
    service.keeps_keys_back = False


def bearer(token: str) -> dict[str, str]:
    """The header that shows a token."""
    return {"Authorization": f"Bearer {token}"}


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
        "Baggage": "name=somebody",
        "Traceparent": TRACE,
    }
    with gate.client() as client:
        headers = seen(client.get("/redress/v1/cases", headers=said))
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "https"
    left = {name for name in headers if name.startswith("x-") or name in {"forwarded", "baggage"}}
    assert headers["traceparent"] == TRACE
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
