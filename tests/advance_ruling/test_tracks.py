"""How fast a case is decided: the four tracks, what is told on the way, and the law's last day."""

import asyncio
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import httpx
import pytest
from tests.advance_ruling.cases import (
    complete,
    documented,
    drafted,
    findings,
    read,
    sent,
    submitted,
    took,
    traveller,
    under_review,
)
from tests.advance_ruling.desks import do_jobs, running_rulings, signed_in
from tests.conftest import Desk, MovingClock

from crossing.kit.identity import Role

pytestmark = pytest.mark.anyio

FIRM = {"id": "CA-1234567", "legal_name": "Pont-Neuf inc."}


def letters(desk: Desk) -> list[EmailMessage]:
    """The messages kept in the folder, the oldest first."""
    files = sorted((desk.data / "mail").glob("*.eml"))
    return [message_from_bytes(each.read_bytes(), policy=policy.default) for each in files]  # type: ignore[misc]


async def issued(applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient, **changes: object) -> dict[str, object]:
    application = await under_review(applicant, adjudicator, **changes)
    await took(adjudicator, application, "findings", findings(), method="PUT")
    return await took(adjudicator, application, "issuance")


async def test_an_emergency_may_travel_in_the_night_of_the_same_day(
    applicant: httpx.AsyncClient, clock: MovingClock
) -> None:
    clock.move(timedelta(hours=7))
    person = traveller(request__first_entry="2026-11-21")
    draft = await documented(applicant, await drafted(applicant, track="emergency", travellers=[person]))
    assert (await sent(applicant, draft, "proof_of_stoppage")).status_code == 201
    application = await submitted(applicant, draft)
    assert (application["state"], application["due_at"]) == ("complete", "2026-11-22T02:00:00.000000Z")


async def test_an_emergency_is_shown_and_has_four_hours(applicant: httpx.AsyncClient) -> None:
    person = traveller(request__first_entry="2026-11-21")
    draft = await documented(applicant, await drafted(applicant, track="emergency", travellers=[person]))
    application = await submitted(applicant, draft)
    assert [each["requirement"] for each in application["completeness"]["items"]] == ["AR-6-EMERGENCY"]
    assert (await sent(applicant, application, "proof_of_stoppage")).status_code == 201
    application = await took(applicant, application, "answers", {})
    assert (application["state"], application["track"]) == ("complete", "emergency")
    assert application["due_at"] == "2026-11-21T19:00:00.000000Z"


async def test_a_second_person_of_the_same_firm_with_the_same_facts_is_fast(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient
) -> None:
    one, other, third = traveller(), traveller(), traveller()
    other["facts"] = third["facts"] = one["facts"]
    await issued(applicant, adjudicator, petitioner=FIRM, travellers=[one])
    alike = await complete(applicant, petitioner=FIRM, travellers=[other])
    assert (alike["track"], alike["due_at"]) == ("fast", "2026-11-23T15:00:00.000000Z")
    elsewhere = await complete(applicant, petitioner={**FIRM, "id": "CA-7654321"}, travellers=[third])
    assert elsewhere["track"] == "standard"


async def test_the_same_person_again_is_looked_at_first(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient
) -> None:
    one = traveller()
    await issued(applicant, adjudicator, petitioner=FIRM, travellers=[one])
    draft = await documented(applicant, await drafted(applicant, petitioner=FIRM, travellers=[one]))
    again = await submitted(applicant, draft)
    assert (again["state"], again["track"]) == ("submitted", "standard")
    assert (await read(adjudicator, again["id"]))["desk"]["screening"] == ["already_decided"]


TRANSFER: dict[str, Any] = {
    "arrival": {"mode": "air", "from": "CA", "place": "preclearance_station"},
    "admissibility": {"recorded_grounds": [], "waived_grounds": []},
    "history": {"overstayed": False, "immigrant_petition_pending": False},
    "labour_dispute": {"certified": False},
    "approval_notice": {"class": "none"},
    "engagement": {"ends_on": "2029-10-31"},
    "l_blanket": {"in_force": True},
    "l_petition": {
        "contents": ["signed_form", "relationship_papers", "employment_papers", "position_papers", "fees"],
        "capacity": "manager_or_executive",
        "first_with_employer": True,
        "mostly_h1b_or_l_staff": False,
    },
    "l_transfer": {"employed_from": "2021-03-01", "employed_until": "2026-11-15"},
    "l_history": {"stayed_in_l_or_h": False},
}


async def with_everything(client: httpx.AsyncClient, application: dict[str, Any]) -> dict[str, Any]:
    """The application submitted, once a document of each kind that is asked for was sent."""
    while kinds := [each["documents"][0] for each in application["completeness"]["items"] if each["documents"]]:
        assert (await sent(client, application, kinds[0])).status_code == 201
        application = await read(client, application["id"])
    return await submitted(client, application)


async def test_transferees_under_the_firms_own_blanket_ruling_are_fast(
    applicant: httpx.AsyncClient, adjudicator: httpx.AsyncClient
) -> None:
    blanket = {"class": "us.l1.blanket", "petitioner": FIRM}
    first = await with_everything(
        applicant, await drafted(applicant, **blanket, travellers=[traveller(facts=TRANSFER)])
    )
    assert (first["state"], first["track"]) == ("complete", "standard")
    await took(adjudicator, first, "assignment", {})
    found = {name: {"finding": "met", "reason": "Seen in the file."} for name in ("US-L-04", "US-L-05")}
    await took(adjudicator, first, "findings", {"findings": found}, method="PUT")
    number = (await took(adjudicator, first, "issuance"))["number"]
    other = {**TRANSFER, "engagement": {"ends_on": "2028-01-31"}, "employer": {"country": "FR"}}
    citing = traveller(facts=other, request__blanket_ruling=number)
    second = await with_everything(applicant, await drafted(applicant, **blanket, travellers=[citing]))
    assert (second["state"], second["track"]) == ("complete", "fast")
    somebody_elses = {**blanket, "petitioner": {**FIRM, "id": "CA-7654321"}}
    third = await with_everything(applicant, await drafted(applicant, **somebody_elses, travellers=[citing]))
    assert third["track"] == "standard"


@pytest.mark.parametrize("fact", ["new_office", "ownership_changed", "credential_unlisted"])
async def test_what_is_harder_has_thirty_days(applicant: httpx.AsyncClient, fact: str) -> None:
    person = traveller(**{f"request__{fact}": True})
    application = await complete(applicant, travellers=[person])
    assert (application["track"], application["due_at"]) == ("complex", "2026-12-21T15:00:00.000000Z")


async def test_the_next_level_is_told_once_of_each_share_of_the_time(
    tmp_path_factory: pytest.TempPathFactory, clock: MovingClock
) -> None:
    folder = tmp_path_factory.mktemp("levels")
    async with (
        running_rulings(folder, clock, escalation_mailbox="duty@example.org") as desk,
        signed_in(desk, Role.APPLICANT, "test-applicant") as applicant,
    ):
        await complete(applicant)
        told = []
        for days in (7, 1, 4, 3, 200):  # 7, 8, 12, 15 and 215 days
            clock.move(timedelta(days=days))
            await do_jobs(desk)
            told.append(
                [each["Subject"].partition(": ")[2] for each in letters(desk) if "time used" in each["Subject"]]
            )
        assert [len(each) for each in told] == [0, 1, 2, 3, 3]
        assert told[-1] == ["half of its time used", "four fifths of its time used", "all of its time used"]


async def test_while_it_waits_for_the_applicant_no_time_is_used(
    tmp_path_factory: pytest.TempPathFactory, clock: MovingClock
) -> None:
    folder = tmp_path_factory.mktemp("pauses")
    async with running_rulings(folder, clock, escalation_mailbox="duty@example.org") as desk:
        applicant = signed_in(desk, Role.APPLICANT, "test-applicant")
        adjudicator = signed_in(desk, Role.ADJUDICATOR, "test-adjudicator")
        async with applicant, adjudicator:
            application = await under_review(applicant, adjudicator)
            clock.move(timedelta(days=7))
            asked = {"questions": [{"requirement": "US-TN-13", "text": "Where do you live?"}]}
            await took(adjudicator, application, "questions", asked)
            clock.move(timedelta(days=20))
            await do_jobs(desk)
            assert not [each for each in letters(desk) if "time used" in each["Subject"]]
            await took(applicant, application, "answers", {"answers": [{"question": 1, "text": "In Montréal."}]})
            clock.move(timedelta(hours=11))
            await do_jobs(desk)
            assert not [each for each in letters(desk) if "time used" in each["Subject"]]
            clock.move(timedelta(hours=1))
            await do_jobs(desk)
            assert len([each for each in letters(desk) if "time used" in each["Subject"]]) == 1


async def test_a_case_later_than_the_laws_last_day_says_so_and_is_counted_by_class(
    tmp_path_factory: pytest.TempPathFactory, clock: MovingClock
) -> None:
    async with (
        running_rulings(tmp_path_factory.mktemp("late"), clock) as desk,
        signed_in(desk, Role.APPLICANT, "test-applicant") as applicant,
        desk.client(None) as anyone,
    ):
        application = await complete(applicant)
        clock.move(timedelta(days=120) - timedelta(seconds=1))
        await do_jobs(desk)
        assert not (await read(applicant, application["id"]))["late"]
        assert (await anyone.get("/advance-rulings/v1/statistics/late")).json() == {"late": []}
        clock.move(timedelta(seconds=1))
        await do_jobs(desk)
        told = await read(applicant, application["id"])
        assert told["late"]
        assert "senior officer" in told["late_text"]
        assert told["state"] == "complete", "nothing is deemed granted"
        counted = (await anyone.get("/advance-rulings/v1/statistics/late")).json()
        assert counted == {"late": [{"into": "US", "class": "us.tn", "count": 1}]}


async def test_each_new_state_is_told_in_the_contacts_language_without_a_name(
    tmp_path_factory: pytest.TempPathFactory, clock: MovingClock
) -> None:
    async with (
        running_rulings(tmp_path_factory.mktemp("mail"), clock) as desk,
        signed_in(desk, Role.APPLICANT, "test-applicant") as applicant,
    ):
        application = await submitted(applicant, await drafted(applicant))
        await do_jobs(desk)
        [letter] = letters(desk)
        assert letter["Content-Language"] == "fr"
        assert letter["Subject"].startswith(application["id"])
        assert letter["Subject"].endswith(": incomplète")
        clock.move(timedelta(days=27))
        await do_jobs(desk)
        reminder = letters(desk)[-1]
        assert "votre réponse est attendue" in reminder["Subject"]
        await documented(applicant, application)
        await took(applicant, application, "answers", {})
        await do_jobs(desk)
        assert letters(desk)[-1]["Subject"].endswith(": complète")
        said = "".join(each.get_content() for each in letters(desk))
        assert f"/v1/applications/{application['id']}" in said
        assert "Côté" not in said
        assert "Éloïse" not in said


async def test_the_worker_inside_the_service_sends_what_is_due(
    tmp_path_factory: pytest.TempPathFactory, clock: MovingClock
) -> None:
    async with (
        running_rulings(tmp_path_factory.mktemp("worker"), clock, run_worker=True) as desk,
        signed_in(desk, Role.APPLICANT, "test-applicant") as applicant,
        asyncio.timeout(20),
    ):
        application = await submitted(applicant, await drafted(applicant))
        while not letters(desk):
            await read(applicant, application["id"])
        clock.move(timedelta(days=30))
        while (await read(applicant, application["id"]))["state"] != "declined":
            pass


async def test_no_reminder_comes_once_the_answer_is_there(
    tmp_path_factory: pytest.TempPathFactory, clock: MovingClock
) -> None:
    async with (
        running_rulings(tmp_path_factory.mktemp("mail"), clock) as desk,
        signed_in(desk, Role.APPLICANT, "test-applicant") as applicant,
    ):
        application = await submitted(applicant, await drafted(applicant))
        await documented(applicant, application)
        await took(applicant, application, "answers", {})
        clock.move(timedelta(days=29))
        await do_jobs(desk)
        assert not [each for each in letters(desk) if "attendue" in each["Subject"]]
