"""A fault of ours is answered as a problem without its cause, and logged without what a person sent."""

from typing import Any

import httpx
import pytest
from tests.admission.cases import DETERMINATIONS, EXAMINATIONS, engineer, is_problem, tn_case
from tests.admission.conftest import LogLines
from tests.admission.rows import counts
from tests.conftest import Desk

from admission.determinations import routes as determinations
from admission.examinations import open_examination

pytestmark = pytest.mark.anyio

CANARY = "Canary-Wren-5501"


def broken(*_: Any, **__: Any) -> None:
    try:
        raise ValueError(f"the inner fault names {CANARY}")
    except ValueError as error:
        raise RuntimeError(f"cannot determine the case of {CANARY}") from error


async def test_a_fault_in_a_route_is_a_500_problem_without_its_message(
    anyone: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    log_lines: LogLines,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(determinations, "make_determination", broken)
    answer = await anyone.post(DETERMINATIONS, json=tn_case(), headers={"X-Request-Id": "fault-0001"})
    is_problem(answer, 500, "unexpected")
    assert answer.headers["x-request-id"] == "fault-0001"
    for secret in (CANARY, "RuntimeError", "Traceback", ".py"):
        assert secret not in answer.text
    [failed] = [line for line in log_lines.lines if line["event"] == "request.failed"]
    assert failed["error"] == "RuntimeError"
    assert failed["request_id"] == "fault-0001"
    assert failed["where"].startswith("test_faults.py:")
    assert CANARY not in log_lines.text
    assert CANARY not in "".join(capfd.readouterr())


async def test_a_fault_before_the_record_leaves_nothing(
    desk: Desk, officer: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, log_lines: LogLines
) -> None:
    before = counts(desk.data)
    monkeypatch.setattr(open_examination, "revision_row", broken)
    answer = await officer.post(EXAMINATIONS, json=engineer(), headers={"Idempotency-Key": "k-1"})
    is_problem(answer, 500, "unexpected")
    assert counts(desk.data) == before
    assert CANARY not in log_lines.text
    monkeypatch.undo()
    again = await officer.post(EXAMINATIONS, json=engineer(), headers={"Idempotency-Key": "k-1"})
    assert again.status_code == 201


@pytest.mark.parametrize(("language", "title"), [("en", "Something went wrong"), ("fr", "Une erreur"), ("es", "Algo")])
async def test_a_fault_is_told_in_the_caller_s_language(
    anyone: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, language: str, title: str
) -> None:
    monkeypatch.setattr(determinations, "make_determination", broken)
    answer = await anyone.post(DETERMINATIONS, json=tn_case(), headers={"Accept-Language": language})
    assert answer.json()["title"].startswith(title)
    assert answer.headers["content-language"] == language


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [
        ("GET", "/admission/v1/nowhere", 404, "not-found"),
        ("DELETE", "/admission/v1/ports", 405, "method-not-allowed"),
        ("PUT", "/admission/v1/determinations", 405, "method-not-allowed"),
    ],
)
async def test_an_address_that_is_none_is_a_problem_too(
    officer: httpx.AsyncClient, method: str, path: str, status: int, slug: str
) -> None:
    is_problem(await officer.request(method, path), status, slug)
