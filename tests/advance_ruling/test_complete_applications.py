"""What is missing is said at once, each with the requirement that asks for it and what cures it."""

from datetime import timedelta

import httpx
import pytest
from tests.admission.cases import AFTER_SALES_FACTS, is_problem
from tests.advance_ruling.cases import (
    complete,
    documented,
    drafted,
    read,
    sent,
    step,
    submitted,
    took,
    traveller,
)
from tests.advance_ruling.desks import do_jobs
from tests.conftest import Desk, MovingClock

pytestmark = pytest.mark.anyio


async def test_what_is_missing_cites_who_asks_and_says_the_cure(applicant: httpx.AsyncClient) -> None:
    draft = await drafted(
        applicant,
        travellers=[traveller(request__employer=None, request__prior_decisions=None, facts__credentials=None)],
    )
    application = await submitted(applicant, draft)
    assert application["state"] == "deficient"
    items = {each["requirement"]: each for each in application["completeness"]["items"] if each["fields"]}
    assert "/request/employer/legal_name" in items["AR-5-3"]["fields"]
    assert "empty list" in items["AR-5-7"]["cure"]
    asked = [each for each in application["completeness"]["items"] if "/facts/credentials" in each["fields"]]
    assert asked
    assert asked[0]["cure"].startswith("Answer: ")
    papers = [each for each in application["completeness"]["items"] if "passport" in each["documents"]]
    assert papers
    assert all(each["requirement"] and each["text"] and each["cure"] for each in application["completeness"]["items"])


async def test_it_is_said_in_three_languages(applicant: httpx.AsyncClient) -> None:
    application = await submitted(applicant, await drafted(applicant))
    said = []
    for language in ("en", "fr", "es"):
        answer = await applicant.get(
            f"/advance-rulings/v1/applications/{application['id']}", headers={"Accept-Language": language}
        )
        said.append(answer.json()["completeness"]["items"][0]["cure"])
    assert [each.split()[0] for each in said] == ["Send", "Envoyez", "Envíe"]


async def test_supplying_what_is_missing_completes_it(applicant: httpx.AsyncClient) -> None:
    draft = await drafted(applicant, travellers=[traveller(request__duties=None)])
    application = await submitted(applicant, await documented(applicant, draft))
    assert [each["requirement"] for each in application["completeness"]["items"]] == ["AR-5-4"]
    assert application["due_at"] == "2026-12-21T15:00:00.000000Z"
    half = await took(applicant, application, "answers", {"text": "I will send them."})
    assert half["state"] == "deficient", "an answer without what is missing does not complete it"
    done = await took(applicant, half, "answers", {"request": {"duties": "Checks the structure of two bridges."}})
    assert (done["state"], done["completeness"]["items"]) == ("complete", [])
    assert done["due_at"] == "2026-12-06T15:00:00.000000Z", "15 days on the standard track"


async def test_a_document_that_was_missing_is_taken_in(applicant: httpx.AsyncClient) -> None:
    application = await submitted(applicant, await drafted(applicant))
    application = await documented(applicant, application)
    assert application["state"] == "deficient"
    assert (await took(applicant, application, "answers", {}))["state"] == "complete"


async def test_what_is_never_supplied_is_not_taken_up(
    desk: Desk, applicant: httpx.AsyncClient, clock: MovingClock
) -> None:
    application = await submitted(applicant, await drafted(applicant))
    clock.move(timedelta(days=30) - timedelta(seconds=1))
    await do_jobs(desk)
    assert (await read(applicant, application["id"]))["state"] == "deficient"
    clock.move(timedelta(seconds=1))
    await do_jobs(desk)
    application = await read(applicant, application["id"])
    assert application["state"] == "declined"
    assert "nothing of its merits" in application["now"]
    is_problem(await step(applicant, application, "answers", {"text": "Here it is."}), 409, "illegal-step")


async def test_admissibility_is_never_asked_for_and_never_ruled(applicant: httpx.AsyncClient) -> None:
    application = await complete(applicant, travellers=[traveller(facts__admissibility=None)])
    assert application["eligibility"]["outcome"] == "needs_judgement"
    assert application["determination"]["outcome"] == "needs_facts"
    assert "US-GEN-07" in application["eligibility"]["never_ruled"]
    unasked = traveller(facts__history__immigrant_petition_pending=None)
    [asked] = (await drafted(applicant, travellers=[unasked]))["eligibility"]["next_questions"]
    assert asked["fact"] == "history.immigrant_petition_pending", "what intent rests on is no matter of admissibility"
    assert "never ruled" in application["eligibility"]["never_ruled_text"]


async def test_after_sales_service_rests_on_its_contract(applicant: httpx.AsyncClient) -> None:
    facts = {key: value for key, value in AFTER_SALES_FACTS.items() if key != "travel_document"}
    draft = await drafted(applicant, **{"class": "us.b1.usmca"}, travellers=[traveller(facts=facts)])
    asked = [each for each in draft["completeness"]["items"] if each["requirement"] == "AR-5-6"]
    assert [each["documents"] for each in asked] == [
        ["contract_of_sale", "lease_agreement", "warranty_agreement", "service_agreement"]
    ]
    assert (await sent(applicant, draft, "warranty_agreement")).status_code == 201
    told = await read(applicant, draft["id"])
    assert "AR-5-6" not in [each["requirement"] for each in told["completeness"]["items"]]


@pytest.mark.parametrize(
    ("change", "ground"),
    [
        ({"request__first_entry": "2026-11-25"}, "travel_sooner_than_possible"),
        ({"request__pending_in_court": True}, "pending_in_court"),
    ],
)
async def test_a_ground_of_declination_is_looked_at_first(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient, change: dict[str, object], ground: str
) -> None:
    draft = await drafted(applicant, travellers=[traveller(**change)])
    application = await submitted(applicant, await documented(applicant, draft))
    assert application["state"] == "submitted"
    assert application["due_at"] == "2026-11-23T15:00:00.000000Z"
    for_the_desk = await read(adjudicator, application["id"])
    assert for_the_desk["desk"]["screening"] == [ground]
    unlisted = {"ground": "i_am_busy", "reason": "There is much to do."}
    is_problem(await step(adjudicator, for_the_desk, "declination", unlisted), 422, "ground-not-listed", "/ground")
    declined = await took(adjudicator, application, "declination", {"ground": ground, "reason": "As you say."})
    assert declined["state"] == "declined"
    seen = await read(applicant, application["id"])
    assert seen["declination"] == {"ground": ground, "reason": "As you say."}
    assert seen["denial"] is None


async def test_an_adjudicator_may_find_something_missing_at_the_first_look(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient
) -> None:
    draft = await drafted(applicant, travellers=[traveller(request__pending_in_court=True)])
    application = await submitted(applicant, await documented(applicant, draft))
    lacking = {"items": [{"requirement": "US-TN-04", "text": "Send the second page of the degree."}]}
    wrong = {"items": [{"requirement": "US-XX-1", "text": "Send me something."}]}
    refused = await step(adjudicator, await read(adjudicator, application["id"]), "deficiency", wrong)
    is_problem(refused, 422, "invalid-request", "/items/0/requirement")
    returned = await took(adjudicator, application, "deficiency", lacking)
    assert returned["state"] == "deficient"
    [item] = (await read(applicant, application["id"]))["completeness"]["items"]
    assert (item["requirement"], item["cure"]) == ("US-TN-04", "Send the second page of the degree.")


async def test_without_a_word_it_counts_as_complete_and_an_adjudicator_may_take_it_at_once(
    desk: Desk, applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient, clock: MovingClock
) -> None:
    soon = {"request__first_entry": "2026-11-25"}
    first = await drafted(applicant, travellers=[traveller(**soon)])
    first = await submitted(applicant, await documented(applicant, first))
    assert (await took(adjudicator, first, "assignment", {}))["state"] == "under_review"
    second = await drafted(applicant, travellers=[traveller(**soon)])
    second = await submitted(applicant, await documented(applicant, second))
    clock.move(timedelta(days=2))
    await do_jobs(desk)
    assert (await read(applicant, second["id"]))["state"] == "complete"
