"""A denial is read by a second person, answered once, confirmed, and reviewed by others."""

from datetime import timedelta

import httpx
import pytest
from tests.admission.cases import is_problem
from tests.advance_ruling.cases import DENIAL, findings, read, step, took, traveller, under_review
from tests.advance_ruling.desks import do_jobs
from tests.conftest import Desk, MovingClock

pytestmark = pytest.mark.anyio

NOT_SHOWN = {"US_TN_13": "not_met"}


async def proposed_denial(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient, second_reader: httpx.AsyncClient
) -> dict[str, object]:
    application = await under_review(applicant, adjudicator)
    await took(adjudicator, application, "findings", findings(**NOT_SHOWN), method="PUT")
    await took(adjudicator, application, "denial-proposal", DENIAL)
    return await took(second_reader, application, "second-reading", {"agrees": True, "reason": "So I read it, too."})


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


async def test_a_denial_puts_a_like_ruling_in_question(
    desk: Desk,
    clock: MovingClock,
    applicant: httpx.AsyncClient,
    adjudicator: httpx.AsyncClient,
    second_reader: httpx.AsyncClient,
) -> None:
    """A different result on an equal pattern opens a proposal by itself (specification, section 9.4)."""
    one, other = traveller(), traveller(identity__surname="Nuñez")
    other["facts"] = one["facts"]
    first = await under_review(applicant, adjudicator, travellers=[one])
    await took(adjudicator, first, "findings", findings(), method="PUT")
    number = (await took(adjudicator, first, "issuance"))["number"]
    await do_jobs(desk)
    assert (await read(applicant, first["id"]))["state"] == "in_force"
    second = await under_review(applicant, adjudicator, travellers=[other])
    await took(adjudicator, second, "findings", findings(**NOT_SHOWN), method="PUT")
    said = {"precedents": [{"number": number, "how": "distinguished", "reason": "No home abroad is shown here."}]}
    await took(adjudicator, second, "precedents", said, method="PUT")
    await took(adjudicator, second, "denial-proposal", DENIAL)
    await took(second_reader, second, "second-reading", {"agrees": True, "reason": "So I read it, too."})
    clock.now += timedelta(days=15)
    await do_jobs(desk)
    assert (await read(adjudicator, second["id"]))["state"] == "denied"
    questioned = await read(applicant, first["id"])
    assert questioned["state"] == "change_proposed"
    holder = await applicant.get(f"/advance-rulings/v1/rulings/{number}")
    proposal = holder.json()["proposal"]
    assert proposal["ground"] == "different_result"
    assert [each["requirement"] for each in proposal["reasons"]] == [
        each["requirement"]
        for each in DENIAL["reasons"]  # type: ignore[attr-defined]
    ]
    assert "Nuñez" not in holder.text
    clock.now += timedelta(days=61)
    await do_jobs(desk)
    assert (await read(applicant, first["id"]))["state"] == "in_force"
