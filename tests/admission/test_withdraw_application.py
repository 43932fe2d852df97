"""A traveller may withdraw the application before it is decided; the officer records it, and there is a record to take home."""

import httpx
import pytest
from tests.admission.cases import EXAMINATIONS, is_problem, opened, refuse, step, technician, took

pytestmark = pytest.mark.anyio


async def test_a_withdrawal_ends_the_examination_without_a_decision(officer: httpx.AsyncClient) -> None:
    gone = await took(officer, await opened(officer, technician()), "withdrawal", {"reason": "Returns with a letter."})
    assert gone["state"] == "withdrawn"
    assert gone["decision"] is None
    assert gone["withdrawal"]["reason"] == "Returns with a letter."
    assert gone["withdrawal"]["by"] == "test-officer"


async def test_a_withdrawal_may_follow_a_referral(officer: httpx.AsyncClient) -> None:
    referred = await took(officer, await opened(officer, technician()), "referral", {"reason": "See the invoice."})
    assert (await took(officer, referred, "withdrawal", {"reason": "Went home."}))["state"] == "withdrawn"


async def test_nothing_follows_a_withdrawal(officer: httpx.AsyncClient) -> None:
    gone = await took(officer, await opened(officer, technician()), "withdrawal", {"reason": "Went home."})
    for verb, body in (
        ("withdrawal", {"reason": "Again."}),
        ("decision", refuse()),
        ("referral", {"reason": "After all."}),
    ):
        is_problem(await step(officer, gone, verb, body), 409, "application-withdrawn")


async def test_a_decision_cannot_be_withdrawn_from(officer: httpx.AsyncClient) -> None:
    decided = await took(officer, await opened(officer, technician()), "decision", refuse())
    answer = await step(officer, decided, "withdrawal", {"reason": "Too late."})
    is_problem(answer, 409, "examination-already-decided")
    assert (await officer.get(f"{EXAMINATIONS}/{decided['id']}")).json()["state"] == "decided"
