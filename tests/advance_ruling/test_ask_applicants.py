"""Questions to the applicant: answered, answered late, or not at all, with a clock that the tests move."""

from datetime import timedelta

import httpx
import pytest
from tests.admission.cases import is_problem
from tests.advance_ruling.cases import findings, read, step, took, under_review
from tests.advance_ruling.desks import do_jobs
from tests.conftest import Desk, MovingClock

pytestmark = pytest.mark.anyio

QUESTION = {"questions": [{"requirement": "US-TN-13", "text": "Where do you live while you are away?"}]}


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
