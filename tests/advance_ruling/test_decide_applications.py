"""From a draft to a decision, over HTTP, with a clock that the tests move."""

from datetime import timedelta

import httpx
import pytest
from tests.admission.cases import is_problem
from tests.advance_ruling.cases import (
    DENIAL,
    complete,
    drafted,
    findings,
    read,
    step,
    took,
    traveller,
    under_review,
)
from tests.advance_ruling.desks import do_jobs
from tests.conftest import Desk, MovingClock

pytestmark = pytest.mark.anyio

QUESTION = {"questions": [{"requirement": "US-TN-13", "text": "Where do you live while you are away?"}]}
NOT_SHOWN = {"US_TN_13": "not_met"}


async def proposed_denial(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient, second_reader: httpx.AsyncClient
) -> dict[str, object]:
    application = await under_review(applicant, adjudicator)
    await took(adjudicator, application, "findings", findings(**NOT_SHOWN), method="PUT")
    await took(adjudicator, application, "denial-proposal", DENIAL)
    return await took(second_reader, application, "second-reading", {"agrees": True, "reason": "So I read it, too."})


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


async def test_an_answer_lets_the_clock_run_again(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient, clock: MovingClock
) -> None:
    application = await under_review(applicant, adjudicator)
    due = application["due_at"]
    application = await took(adjudicator, application, "questions", QUESTION)
    assert application["state"] == "evidence_requested"
    assert application["due_at"] == "2026-12-21T15:00:00.000000Z"
    clock.move(timedelta(days=20))
    application = await took(
        applicant, application, "answers", {"answers": [{"question": 1, "text": "In Montréal, with my family."}]}
    )
    assert application["state"] == "under_review"
    assert application["questions"][0]["answer"] == "In Montréal, with my family."
    assert (due, application["due_at"]) == ("2026-12-06T15:00:00.000000Z", "2026-12-26T15:00:00.000000Z")


async def test_without_an_answer_the_file_decides(
    desk: Desk, applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient, clock: MovingClock
) -> None:
    application = await took(adjudicator, await under_review(applicant, adjudicator), "questions", QUESTION)
    clock.move(timedelta(days=30))
    await do_jobs(desk)
    application = await read(adjudicator, application["id"])
    assert application["state"] == "under_review"
    assert application["history"][-1]["by"] == "passing of time"
    late = await step(applicant, application, "answers", {"answers": [{"question": 1, "text": "Too late."}]})
    is_problem(late, 409, "illegal-step")
    await took(adjudicator, application, "findings", findings(), method="PUT")
    assert (await took(adjudicator, application, "issuance"))["state"] == "issued"


async def test_a_late_answer_is_late_though_the_worker_is_not_there_yet(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient, clock: MovingClock
) -> None:
    application = await took(adjudicator, await under_review(applicant, adjudicator), "questions", QUESTION)
    clock.move(timedelta(days=30))
    answer = await step(applicant, application, "answers", {"answers": [{"question": 1, "text": "Too late."}]})
    is_problem(answer, 409, "illegal-step")
    assert (await read(applicant, application["id"]))["questions"][0]["answer"] is None


async def test_nothing_is_asked_twice_and_not_more_than_twice(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient
) -> None:
    application = await under_review(applicant, adjudicator)
    for number, text in enumerate(("Where do you live?", "Who lives with you?"), start=1):
        asked = {"questions": [{"requirement": "US-TN-13", "text": text}]}
        application = await took(adjudicator, application, "questions", asked)
        answered = {"answers": [{"question": number, "text": "In Montréal."}]}
        application = await took(applicant, application, "answers", answered)
        assert (
            "asked before"
            in is_problem(await step(adjudicator, application, "questions", asked), 409, "step-not-ready")["detail"]
        )
    third = {"questions": [{"requirement": "US-TN-13", "text": "Since when?"}]}
    problem = is_problem(await step(adjudicator, application, "questions", third), 409, "step-not-ready")
    assert "as often as allowed" in problem["detail"]


async def test_a_question_cites_a_requirement_of_the_law(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient
) -> None:
    application = await under_review(applicant, adjudicator)
    body = {"questions": [{"requirement": "US-XX-99", "text": "What is your favourite colour?"}]}
    is_problem(
        await step(adjudicator, application, "questions", body), 422, "invalid-request", "/questions/0/requirement"
    )


async def test_a_denial_is_read_by_a_second_person_before_the_applicant_hears_of_it(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient, second_reader: httpx.AsyncClient
) -> None:
    application = await under_review(applicant, adjudicator)
    await took(adjudicator, application, "findings", findings(**NOT_SHOWN), method="PUT")
    drafted_denial = await took(adjudicator, application, "denial-proposal", DENIAL)
    assert drafted_denial["state"] == "under_review"
    assert (await read(applicant, application["id"]))["denial"] is None
    reading = {"agrees": True, "reason": "I agree with myself."}
    is_problem(await step(adjudicator, drafted_denial, "second-reading", reading), 409, "step-not-ready")
    disagrees = {"agrees": False, "reason": "The lease in Montréal shows a home."}
    assert (await took(second_reader, application, "second-reading", disagrees))["state"] == "under_review"
    proposed = await took(second_reader, application, "second-reading", {**reading, "reason": "Now I see it."})
    assert proposed["state"] == "proposed_denial"
    seen = await read(applicant, application["id"])
    assert seen["denial"] == DENIAL
    assert seen["due_at"] == "2026-12-05T15:00:00.000000Z"
    assert "answer" in [each["step"] for each in seen["you_can"]]


async def test_a_denial_rests_on_what_is_not_met(applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient) -> None:
    application = await took(
        adjudicator, await under_review(applicant, adjudicator), "findings", findings(), method="PUT"
    )
    is_problem(
        await step(adjudicator, application, "denial-proposal", DENIAL),
        422,
        "invalid-request",
        "/reasons/0/requirement",
    )


async def test_an_answer_to_a_proposed_denial_is_heard_once(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient, second_reader: httpx.AsyncClient
) -> None:
    application = await proposed_denial(applicant, adjudicator, second_reader)
    early = await step(adjudicator, await read(adjudicator, str(application["id"])), "denial")
    assert "may still answer" in is_problem(early, 409, "step-not-ready")["detail"]
    application = await took(applicant, application, "answers", {"text": "My lease is in the file."})
    assert application["state"] == "under_review"
    await took(adjudicator, application, "denial-proposal", DENIAL)
    application = await took(second_reader, application, "second-reading", {"agrees": True, "reason": "Still so."})
    again = await step(applicant, await read(applicant, application["id"]), "answers", {"text": "But my lease!"})
    is_problem(again, 409, "step-not-ready")
    assert "answer" not in [each["step"] for each in (await read(applicant, application["id"]))["you_can"]]
    denied = await took(adjudicator, application, "denial")
    assert denied["state"] == "denied"
    assert (await read(applicant, denied["id"]))["denial"]["would_change"] == DENIAL["would_change"]


async def test_without_an_answer_the_clock_confirms_a_denial(
    desk: Desk,
    applicant: httpx.AsyncClient,
    adjudicator: httpx.AsyncClient,
    second_reader: httpx.AsyncClient,
    clock: MovingClock,
) -> None:
    application = await proposed_denial(applicant, adjudicator, second_reader)
    clock.move(timedelta(days=14) - timedelta(seconds=1))
    await do_jobs(desk)
    assert (await read(applicant, str(application["id"])))["state"] == "proposed_denial"
    clock.move(timedelta(seconds=1))
    await do_jobs(desk)
    assert (await read(applicant, str(application["id"])))["state"] == "denied"


async def test_a_review_is_for_another_adjudicator(
    desk: Desk,
    applicant: httpx.AsyncClient,
    adjudicator: httpx.AsyncClient,
    second_reader: httpx.AsyncClient,
    third: httpx.AsyncClient,
    clock: MovingClock,
) -> None:
    application = await proposed_denial(applicant, adjudicator, second_reader)
    clock.move(timedelta(days=14))
    await do_jobs(desk)
    clock.move(timedelta(days=90))
    asked = await took(applicant, application, "review-request", {"reason": "The lease was not read."})
    assert asked["state"] == "under_review"
    assert asked["due_at"] == "2027-03-20T15:00:00.000000Z", "the time for deciding begins anew"
    for before in (adjudicator, second_reader):
        refused = await step(before, await read(before, asked["id"]), "assignment", {})
        assert "took part" in is_problem(refused, 409, "step-not-ready")["detail"]
    await took(third, asked, "assignment", {})
    await took(third, asked, "findings", findings(), method="PUT")
    assert (await took(third, asked, "issuance"))["state"] == "issued"


async def test_a_review_comes_too_late_after_ninety_days(
    desk: Desk,
    applicant: httpx.AsyncClient,
    adjudicator: httpx.AsyncClient,
    second_reader: httpx.AsyncClient,
    clock: MovingClock,
) -> None:
    application = await proposed_denial(applicant, adjudicator, second_reader)
    clock.move(timedelta(days=14))
    await do_jobs(desk)
    clock.move(timedelta(days=90, seconds=1))
    denied = await read(applicant, str(application["id"]))
    assert "review_request" not in [each["step"] for each in denied["you_can"]]
    is_problem(await step(applicant, denied, "review-request", {"reason": "Too late."}), 409, "step-not-ready")


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
