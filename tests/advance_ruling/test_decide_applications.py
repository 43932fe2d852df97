"""From a draft to a decision, over HTTP, with a clock that the tests move."""

import httpx
import pytest
from tests.advance_ruling.cases import complete, findings, took, under_review

pytestmark = pytest.mark.anyio


async def test_a_draft_becomes_a_ruling(applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient) -> None:
    application = await under_review(applicant, adjudicator)
    application = await took(adjudicator, application, "findings", findings(), method="PUT")
    assert application["eligibility"]["outcome"] == "qualifies"
    application = await took(adjudicator, application, "issuance")
    assert application["state"] == "issued"
    assert application["number"].startswith("US-TN-2026-")
