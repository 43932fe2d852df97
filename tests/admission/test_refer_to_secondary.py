"""An officer at primary refers a traveller to secondary examination, once, and says why."""

import httpx
import pytest
from tests.admission.cases import engineer, is_problem, opened, refuse, step, technician, took

pytestmark = pytest.mark.anyio


async def test_a_referral_is_told_with_its_reason_officer_and_time(officer: httpx.AsyncClient) -> None:
    examination = await opened(officer, engineer())
    referred = await took(officer, examination, "referral", {"reason": "  Duties unclear.  "})
    assert (referred["state"], referred["revision"]) == ("secondary", 2)
    assert referred["referral"] == {
        "reason": "Duties unclear.",
        "by": "test-officer",
        "at": "2026-11-21T15:00:00.000000Z",
    }
    assert referred["determination"] == examination["determination"]


async def test_who_is_in_secondary_is_not_referred_again(officer: httpx.AsyncClient) -> None:
    referred = await took(officer, await opened(officer, engineer()), "referral", {"reason": "Duties unclear."})
    is_problem(await step(officer, referred, "referral", {"reason": "Again."}), 409, "not-in-this-state")


async def test_nobody_is_referred_after_the_decision(officer: httpx.AsyncClient) -> None:
    decided = await took(officer, await opened(officer, technician()), "decision", refuse())
    is_problem(await step(officer, decided, "referral", {"reason": "Too late."}), 409, "examination-already-decided")


@pytest.mark.parametrize("reason", ["", "  ", "ab", "x" * 4001])
async def test_a_referral_says_why_in_3_to_4000_characters(officer: httpx.AsyncClient, reason: str) -> None:
    answer = await step(officer, await opened(officer, engineer()), "referral", {"reason": reason})
    is_problem(answer, 422, "invalid-request", "/reason")


async def test_a_traveller_is_decided_in_secondary_as_in_primary(officer: httpx.AsyncClient) -> None:
    referred = await took(officer, await opened(officer, technician()), "referral", {"reason": "See the invoice."})
    decided = await took(officer, referred, "decision", refuse())
    assert decided["state"] == "decided"
    assert decided["referral"]["reason"] == "See the invoice."
