"""What an examination shows of its subject: a reason to look, never a refusal."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.admission.cases import EXAMINATIONS, PASSPORT, admit, changed, engineer, is_problem, opened, took
from tests.admission.desks import service_of
from tests.admission.rows import select
from tests.admission.subjects.lists import bring, document_of, lookout, member, named
from tests.admission.subjects.orders import NUMBER, applied
from tests.admission.zones import passport_zone
from tests.conftest import Desk, MovingClock

from admission.covered import covered_rows, rows_without_entry
from crossing.kit.identity import Role
from crossing.kit.verify import verify_chains

pytestmark = pytest.mark.anyio
NAMESAKE = changed(PASSPORT, document_number="GA999888")


@pytest.fixture
async def fresh_officer(fresh_desk: Desk) -> Any:
    """An officer of a service that nobody else uses, so that its lists are the test's own."""
    async with fresh_desk.client() as client:
        yield client


async def seen(officer: httpx.AsyncClient, scan: dict[str, Any] = PASSPORT, **changes: Any) -> dict[str, Any]:
    """What an examination shows of whoever a scan names."""
    subject: dict[str, Any] = (await opened(officer, engineer(scan__fields=scan, **changes)))["subject"]
    return subject


def ids(subject: dict[str, Any]) -> list[tuple[str, str]]:
    return [(hit["id"], hit["match"]) for hit in subject["lookouts"]]


async def test_of_somebody_on_no_list_the_check_says_that_it_looked(fresh_officer: httpx.AsyncClient) -> None:
    examination = await opened(fresh_officer, engineer())
    subject = examination["subject"]
    assert (subject["checked"], subject["look_closer"], subject["text"]) == (True, False, None)
    assert (subject["lookouts"], subject["stays"], subject["member"]) == ([], [], None)
    assert examination["look_closer"] is False


async def test_a_name_is_found_in_whatever_letters_with_its_birth_date(
    fresh_desk: Desk, fresh_officer: httpx.AsyncClient
) -> None:
    await bring(fresh_desk, "lookouts", lookout(surname="TREMBLAY", given_names="eloise"))
    subject = await seen(fresh_officer)
    assert ids(subject) == [("L-1", "name")]
    assert subject["look_closer"] is True
    assert subject["lookouts"][0]["person"] == {
        "surname": "TREMBLAY",
        "given_names": "eloise",
        "born_on": "1988-04-12",
    }
    assert ids(await seen(fresh_officer, changed(PASSPORT, born_on="1988-04-13"))) == []
    assert ids(await seen(fresh_officer, changed(PASSPORT, given_names="Louise"))) == []


async def test_a_hit_leaves_the_determination_as_it_is(fresh_desk: Desk, fresh_officer: httpx.AsyncClient) -> None:
    before = await opened(fresh_officer, engineer())
    await bring(fresh_desk, "lookouts", lookout())
    after = await opened(fresh_officer, engineer())
    assert (before["look_closer"], after["look_closer"]) == (False, True)
    assert after["determination"] == before["determination"]
    assert after["determination"]["recommended"]["action"] == "admit"
    assert (await took(fresh_officer, after, "decision", admit()))["state"] == "decided"


async def test_a_document_is_found_whoever_shows_it(fresh_desk: Desk, fresh_officer: httpx.AsyncClient) -> None:
    entry = lookout(
        kind="document",
        reason="stolen_document",
        surname="Roy",
        given_names="Jean",
        born_on="1960-01-01",
        document={"issued_by": "CA", "number": "GA-302 922"},
    )
    await bring(fresh_desk, "lookouts", entry)
    assert ids(await seen(fresh_officer)) == [("L-1", "document")]
    elsewhere = changed(PASSPORT, issued_by="MX", nationality="MX")
    assert ids(await seen(fresh_officer, elsewhere, facts__traveller={"citizenships": ["CA", "MX"]})) == []


async def test_somebody_with_two_citizenships_is_found_by_name_on_either_passport(
    fresh_desk: Desk, fresh_officer: httpx.AsyncClient
) -> None:
    await bring(fresh_desk, "lookouts", lookout())
    other = changed(PASSPORT, issued_by="FR", nationality="FR", document_number="20AB11111")
    facts = {"traveller": {"citizenships": ["CA", "FR"]}}
    assert ids(await seen(fresh_officer, other, facts__traveller=facts["traveller"])) == [("L-1", "name")]


async def test_somebody_with_one_name_is_found_by_it(fresh_desk: Desk, fresh_officer: httpx.AsyncClient) -> None:
    await bring(fresh_desk, "lookouts", lookout(surname="Suharto", given_names=""))
    one_name = changed(PASSPORT, surname="SUHARTO", given_names=None)
    assert ids(await seen(fresh_officer, one_name)) == [("L-1", "name")]


async def test_without_a_birth_date_a_name_is_found_only_among_those_of_whom_none_is_known(
    fresh_desk: Desk, fresh_officer: httpx.AsyncClient
) -> None:
    await bring(fresh_desk, "lookouts", lookout(born_on=None))
    assert ids(await seen(fresh_officer)) == []
    zone = passport_zone(birth="<<<<<<")
    examination = await opened(fresh_officer, engineer(scan={"mrz": zone}))
    assert ids(examination["subject"]) == [("L-1", "name")]


async def test_an_entry_holds_until_its_last_day_and_until_it_is_withdrawn(
    fresh_desk: Desk, fresh_officer: httpx.AsyncClient
) -> None:
    await bring(
        fresh_desk,
        "lookouts",
        lookout("ended", ends_on="2026-11-20"),
        lookout("ends-today", ends_on="2026-11-21"),
        lookout("stays"),
    )
    assert [each for each, _ in ids(await seen(fresh_officer))] == ["ends-today", "stays"]
    await bring(fresh_desk, "lookouts", lookout("stays", withdrawn=True))
    subject = await seen(fresh_officer)
    assert [each for each, _ in ids(subject)] == ["ends-today"]


async def test_what_was_shown_stays_with_the_examination(fresh_desk: Desk, fresh_officer: httpx.AsyncClient) -> None:
    await bring(fresh_desk, "lookouts", lookout())
    examination = await opened(fresh_officer, engineer())
    await bring(fresh_desk, "lookouts", lookout(withdrawn=True))
    address = f"{EXAMINATIONS}/{examination['id']}"
    read = (await fresh_officer.get(address, headers={"Accept-Language": "fr"})).json()
    assert read["subject"]["lookouts"][0]["id"] == "L-1"
    assert read["subject"]["lookouts"][0]["text"] == (
        "Avis de guet visant une personne : une question douanière à vérifier (par le nom et la date de naissance)"
    )
    assert read["look_closer"] is True
    [first] = (await fresh_officer.get(f"{address}/revisions")).json()["revisions"]
    assert first["detail"]["subject"]["lookouts"][0]["version"] == 1


async def test_a_membership_is_told_with_whether_it_counts(fresh_desk: Desk, fresh_officer: httpx.AsyncClient) -> None:
    await bring(fresh_desk, "members", member())
    found = (await seen(fresh_officer))["member"]
    assert (found["number"], found["valid"], found["match"]) == ("98765432", True, "document")
    assert (found["classes"], found["endorsements"]) == (["us.tn"], ["XPT"])
    assert (await seen(fresh_officer, NAMESAKE))["member"]["match"] == "name"
    await bring(fresh_desk, "members", member(state="suspended"))
    suspended = (await seen(fresh_officer))["member"]
    assert (suspended["version"], suspended["state"], suspended["valid"]) == (2, "suspended", False)
    await bring(fresh_desk, "members", member(valid_until="2026-11-20"))
    subject = await seen(fresh_officer)
    assert subject["member"]["valid"] is False
    assert subject["look_closer"] is False


async def test_a_mistaken_match_is_suppressed_for_whoever_was_mistaken_and_for_nobody_else(
    fresh_desk: Desk, fresh_officer: httpx.AsyncClient
) -> None:
    await bring(fresh_desk, "lookouts", lookout("of-another"), lookout("other-list", list="other"))
    await applied(fresh_desk, "identity_disambiguated", record=("lookout", "of-another", 1))
    hits = {hit["id"]: hit for hit in (await seen(fresh_officer))["lookouts"]}
    assert hits["of-another"]["suppressed"] == {"control_number": NUMBER, "since": "2026-11-21"}
    assert NUMBER in hits["of-another"]["suppressed_text"]
    assert hits["other-list"]["suppressed"] is None
    # The person of the entry has the same name and birth date.
    assert [hit["suppressed"] for hit in (await seen(fresh_officer, NAMESAKE))["lookouts"]] == [None, None]


async def test_with_a_new_passport_the_control_number_says_who_it_is(
    fresh_desk: Desk, fresh_officer: httpx.AsyncClient
) -> None:
    await bring(fresh_desk, "lookouts", lookout())
    await applied(fresh_desk, "identity_disambiguated", record=("lookout", "L-1", 1))
    subject = await seen(fresh_officer, NAMESAKE, redress_control_number=NUMBER)
    assert subject["control_number"] == {"given": NUMBER, "known": True}
    assert (subject["lookouts"][0]["suppressed"] or {}).get("control_number") == NUMBER
    assert subject["look_closer"] is False
    wrong = await seen(fresh_officer, NAMESAKE, redress_control_number="ZZZZZZZZZ")
    assert wrong["control_number"] == {"given": "ZZZZZZZZZ", "known": False}
    assert wrong["look_closer"] is True
    somebody = changed(PASSPORT, surname="Roy", document_number="GA111222")
    assert (await seen(fresh_officer, somebody, redress_control_number=NUMBER))["control_number"]["known"] is False


async def test_a_number_that_cannot_be_one_is_named(officer: httpx.AsyncClient) -> None:
    answer = await officer.post(EXAMINATIONS, json=engineer(redress_control_number="x"))
    is_problem(answer, 422, "invalid-request", "/redress_control_number")


async def admitted_until(officer: httpx.AsyncClient, until: str) -> dict[str, Any]:
    return await took(officer, await opened(officer, engineer()), "decision", admit(until=until))


async def test_a_stay_without_an_exit_by_its_last_day_is_a_reason_to_look(fresh_desk: Desk, clock: MovingClock) -> None:
    async with fresh_desk.client() as officer:
        stay = await admitted_until(officer, "2026-12-10")
    clock.move(timedelta(days=30))
    async with fresh_desk.client() as officer:
        subject = await seen(officer)
        assert subject["look_closer"] is True
        [told] = subject["stays"]
        assert (told["examination"], told["class"], told["from"]) == (stay["id"], "us.tn", "2026-11-21")
        assert (told["until"], told["left_on"], told["overstay"]) == ("2026-12-10", None, True)
        left = {"country": "US", "left_on": "2026-12-10", "port": "US-DETROIT", **named()}
        await bring(fresh_desk, "exits", {"id": "E-1", **left, "left_on": "2026-12-11"})
        assert [each["left_on"] for each in (await seen(officer))["stays"]] == ["2026-12-11"]
        await bring(fresh_desk, "exits", {"id": "E-1", **left})
        subject = await seen(officer)
    assert (subject["stays"], subject["look_closer"]) == ([], False)


async def test_a_stay_that_redress_corrected_is_told_and_is_no_reason_to_look(
    fresh_desk: Desk, clock: MovingClock
) -> None:
    async with fresh_desk.client() as officer:
        stay = await admitted_until(officer, "2026-12-10")
    clock.move(timedelta(days=30))
    corrected = {"left_on": "2026-12-01", "proof": "Boarding pass."}
    await applied(fresh_desk, "stay_corrected", corrected, ("examination", stay["id"], stay["revision"]))
    async with fresh_desk.client() as officer:
        subject = await seen(officer)
    [told] = subject["stays"]
    assert (told["left_on"], told["overstay"], subject["look_closer"]) == ("2026-12-01", False, False)
    assert told["corrected"]["control_number"] == NUMBER


async def test_whoever_is_admitted_anew_had_left(fresh_desk: Desk, clock: MovingClock) -> None:
    async with fresh_desk.client() as officer:
        await admitted_until(officer, "2026-12-10")
    clock.move(timedelta(days=10))
    async with fresh_desk.client() as officer:
        await admitted_until(officer, "2028-01-31")
    clock.move(timedelta(days=40))
    async with fresh_desk.client() as officer:
        assert (await seen(officer))["stays"] == []


async def test_an_admission_that_was_superseded_by_a_refusal_leaves_no_stay(
    fresh_desk: Desk, clock: MovingClock
) -> None:
    async with fresh_desk.client() as officer, fresh_desk.client(Role.SUPERVISOR) as supervisor:
        stay = await admitted_until(officer, "2026-12-10")
        refusal = {
            "action": "refuse",
            "reason": "The offer was withdrawn.",
            "departures": [{"requirement": "US-TN-03", "reason": "Means to stay."}],
        }
        await took(supervisor, stay, "supersession", {"reason": "New evidence.", "decision": refusal})
    clock.move(timedelta(days=40))
    async with fresh_desk.client() as officer:
        assert (await seen(officer))["stays"] == []
    async with service_of(fresh_desk).state.engine.connect() as connection:
        _, faults = await verify_chains(connection, covered_rows, rows_without_entry)
    assert faults == []


async def test_a_check_asked_for_no_case_leaves_an_entry_and_the_chains_verify(fresh_desk: Desk) -> None:
    async with fresh_desk.client(Role.SERVICE, subject="redress") as redress:
        assert (await redress.post("/admission/v1/subject-checks", json=named())).status_code == 200
    async with service_of(fresh_desk).state.engine.connect() as connection:
        _, faults = await verify_chains(connection, covered_rows, rows_without_entry)
    assert faults == []
    looks = select(fresh_desk.data, "SELECT subject FROM audit_entries WHERE event = 'records.read'")
    assert looks == [("subject-checks",)]


async def test_where_the_lists_do_not_answer_the_examination_opens_and_says_so(fresh_desk: Desk) -> None:
    await bring(fresh_desk, "lookouts", lookout(document=document_of()))
    with closing(sqlite3.connect(fresh_desk.data / "admission.sqlite")) as beside:
        beside.execute("ALTER TABLE lookouts RENAME TO away")
        async with fresh_desk.client() as officer:
            examination = await opened(officer, engineer())
            assert examination["subject"]["checked"] is False
            assert examination["subject"]["text"] == "The check did not answer; no notice"
            assert examination["determination"]["recommended"]["action"] == "admit"
            assert (await took(officer, examination, "decision", admit()))["state"] == "decided"
        async with fresh_desk.client(Role.SERVICE, subject="redress") as redress:
            # Who asks for a case must know: it is not told that there is nothing.
            is_problem(await redress.post("/admission/v1/subject-checks", json=named()), 503, "unavailable")
        beside.execute("ALTER TABLE away RENAME TO lookouts")
    async with fresh_desk.client() as officer:
        assert ids(await seen(officer)) == [("L-1", "document")]


@pytest.mark.parametrize("path", ["subject-checks", "subject-records", "examination-subjects"])
async def test_no_other_service_asks_about_subjects(desk: Desk, path: str) -> None:
    case = {"case_id": "01a20203-589b-755d-8f73-8fa02fc3653f"}
    body = {**case, "examination_id": case["case_id"]} if path == "examination-subjects" else {**named(), **case}
    async with desk.client(Role.SERVICE, subject="redress") as redress:
        asked = await redress.post(f"/admission/v1/{path}", json=body)
    async with desk.client(Role.SERVICE, subject="advance-ruling") as another:
        is_problem(await another.post(f"/admission/v1/{path}", json=body), 403, "not-allowed")
    assert asked.status_code == (404 if path == "examination-subjects" else 200)
