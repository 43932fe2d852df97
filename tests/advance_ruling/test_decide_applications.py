"""From a draft to a ruling, over HTTP; withdrawn, given to others, held against precedents."""

import asyncio

import httpx
import pytest
from tests.admission.cases import is_problem
from tests.advance_ruling.cases import complete, drafted, findings, read, step, took, traveller, under_review
from tests.conftest import Desk

pytestmark = pytest.mark.anyio

NOT_SHOWN = {"US_TN_13": "not_met"}


async def test_a_draft_becomes_a_ruling(applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient) -> None:
    application = await under_review(applicant, adjudicator)
    application = await took(adjudicator, application, "findings", findings(), method="PUT")
    assert application["eligibility"]["outcome"] == "qualifies"
    application = await took(adjudicator, application, "issuance")
    assert application["state"] == "issued"
    assert application["number"].startswith("US-TN-2026-")
    assert (await read(applicant, application["id"]))["number"] == application["number"]


async def test_nothing_is_issued_while_a_judgement_is_open(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient
) -> None:
    application = await under_review(applicant, adjudicator)
    is_problem(await step(adjudicator, application, "issuance"), 409, "step-not-ready")
    denied = await took(adjudicator, application, "findings", findings(**NOT_SHOWN), method="PUT")
    is_problem(await step(adjudicator, denied, "issuance"), 409, "step-not-ready")


async def test_a_finding_on_what_no_ruling_decides_is_refused(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient
) -> None:
    application = await under_review(applicant, adjudicator)
    body = {"findings": {"US-GEN-07": {"finding": "met", "reason": "Nothing recorded."}}}
    is_problem(
        await step(adjudicator, application, "findings", body, method="PUT"),
        422,
        "invalid-request",
        "/findings/US-GEN-07",
    )
    assert "US-GEN-07" in application["eligibility"]["never_ruled"]


async def test_a_bright_line_is_nobodys_to_find(applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient) -> None:
    application = await under_review(applicant, adjudicator)
    body = {"findings": {"US-TN-01": {"finding": "met", "reason": "She says so."}}}
    answer = await step(adjudicator, application, "findings", body, method="PUT")
    is_problem(answer, 422, "case-cannot-be-determined", "/findings/US-TN-01")


@pytest.mark.parametrize("when", ["draft", "complete", "under_review"])
async def test_whoever_withdraws_is_not_refused(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient, when: str
) -> None:
    if when == "draft":
        application = await drafted(applicant)
    elif when == "complete":
        application = await complete(applicant)
    else:
        application = await under_review(applicant, adjudicator)
    application = await took(applicant, application, "withdrawal")
    assert application["state"] == "withdrawn"
    assert "counts as no refusal" in application["now"]
    assert application["denial"] is None
    assert application["you_can"] == []


async def test_only_whom_the_case_is_given_to_decides_it(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient, second_reader: httpx.AsyncClient
) -> None:
    application = await under_review(applicant, adjudicator)
    elsewhere = await step(second_reader, application, "findings", findings(), method="PUT")
    is_problem(elsewhere, 409, "step-not-ready")
    handed_over = await took(adjudicator, application, "assignment", {"to": "test-second-reader"})
    assert handed_over["desk"]["adjudicator"] == "test-second-reader"
    assert (await took(second_reader, application, "findings", findings(), method="PUT"))["findings"]


async def test_nobody_decides_a_case_of_his_own(
    desk: Desk, applicant: httpx.AsyncClient, own: httpx.AsyncClient
) -> None:
    application = await complete(applicant)
    refused = await step(own, await read(own, application["id"]), "assignment", {})
    is_problem(refused, 409, "step-not-ready")


async def test_an_equal_case_is_cited_or_distinguished(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient
) -> None:
    one, other = traveller(), traveller(identity__surname="Nuñez")
    other["facts"] = one["facts"]
    first = await under_review(applicant, adjudicator, travellers=[one])
    await took(adjudicator, first, "findings", findings(), method="PUT")
    number = (await took(adjudicator, first, "issuance"))["number"]
    second = await under_review(applicant, adjudicator, travellers=[other])
    await took(adjudicator, second, "findings", findings(), method="PUT")
    listed = await adjudicator.get(f"/advance-rulings/v1/applications/{second['id']}/precedents")
    assert [each["number"] for each in listed.json()["precedents"]] == [number]
    is_problem(await step(adjudicator, await read(adjudicator, second["id"]), "issuance"), 409, "step-not-ready")
    unknown = {"precedents": [{"number": "US-TN-2020-000001", "how": "cited", "reason": "The same facts."}]}
    is_problem(
        await step(adjudicator, await read(adjudicator, second["id"]), "precedents", unknown, method="PUT"),
        422,
        "invalid-request",
        "/precedents/0/number",
    )
    said = {"precedents": [{"number": number, "how": "cited", "reason": "The same facts."}]}
    await took(adjudicator, second, "precedents", said, method="PUT")
    assert (await took(adjudicator, second, "issuance"))["state"] == "issued"


async def test_of_two_who_take_a_case_at_once_one_has_it(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient, second_reader: httpx.AsyncClient
) -> None:
    application = await complete(applicant)
    answers = await asyncio.gather(
        *(step(each, application, "assignment", {}) for each in (adjudicator, second_reader))
    )
    assert sorted(each.status_code for each in answers) == [200, 412]
    assert len((await read(applicant, application["id"]))["history"]) == application["revision"] + 1


async def test_a_request_sent_twice_at_once_is_one_step(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient
) -> None:
    application = await complete(applicant)
    same = [step(adjudicator, application, "assignment", {}, idempotency_key="twice") for _ in range(2)]
    first, again = await asyncio.gather(*same)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()


async def test_nothing_personal_is_logged(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    application = await under_review(applicant, adjudicator)
    await took(adjudicator, application, "findings", findings(), method="PUT")
    await step(applicant, application, "answers", {"text": "Côté, GA302922"})
    logged = capsys.readouterr().out
    assert "request.ended" in logged
    for personal in ("Côté", "Éloïse", "GA302922", "eloise@example.org", "1970-"):
        assert personal not in logged
