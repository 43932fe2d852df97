"""What a remedy changes for the officer who has the traveller before them."""

from typing import Any

import httpx
import pytest
from tests.admission.cases import (
    EXAMINATIONS,
    PASSPORT,
    admit,
    changed,
    engineer,
    is_problem,
    opened,
    refuse,
    step,
    technician,
    took,
)
from tests.admission.desks import running_service, service_of
from tests.admission.rows import select
from tests.admission.subjects.orders import CASE, NUMBER, applied, subject_of
from tests.admission.subjects.test_apply_remedies import keep, lookout
from tests.conftest import Desk, MovingClock

from admission.subjects.keys import keys_of
from crossing.kit.identity import Role
from crossing.kit.json_text import json_text

pytestmark = pytest.mark.anyio
TECHNICIAN = technician()["scan"]["fields"]
INVITED = {"classes": ["us.b1.usmca"], "valid_until": "2027-05-21"}


@pytest.fixture
async def desk(fresh_desk: Desk) -> Desk:
    """A service of the test's own: what stands on record of one traveller would be seen by the next test."""
    return fresh_desk


def key_of(desk: Desk, scan: dict[str, Any]) -> str:
    """By what the service finds whoever a scan names."""
    secret = service_of(desk).state.identity_key
    return keys_of(secret, scan["surname"], scan["given_names"], scan["born_on"], None, None).person


def of(examination: dict[str, Any]) -> tuple[str, str, int]:
    """An examination as the record that a remedy names."""
    return "examination", examination["id"], examination["revision"]


async def refused(officer: httpx.AsyncClient) -> dict[str, Any]:
    return await took(officer, await opened(officer, technician()), "decision", refuse())


async def history(officer: httpx.AsyncClient, examination: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await officer.get(f"{EXAMINATIONS}/{examination['id']}/history")
    found: list[dict[str, Any]] = answer.json()["examinations"]
    return found


async def read(officer: httpx.AsyncClient, examination: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = (await officer.get(f"{EXAMINATIONS}/{examination['id']}")).json()
    return told


async def test_an_annulled_refusal_stays_on_record_and_is_no_longer_adverse(
    desk: Desk, officer: httpx.AsyncClient
) -> None:
    before = await refused(officer)
    again = await opened(officer, technician())
    (earlier,) = await history(officer, again)
    assert (earlier["action"], earlier["adverse"], earlier["annulled"]) == ("refuse", True, None)
    await applied(desk, "refusal_annulled", {"reason_code": "RC4"}, of(before), subject=subject_of(TECHNICIAN))
    (earlier,) = await history(officer, again)
    assert (earlier["action"], earlier["adverse"]) == ("refuse", False)
    assert (earlier["annulled"]["control_number"], earlier["annulled"]["on"]) == (NUMBER, "2026-11-21")
    decision = (await read(officer, before))["decision"]
    assert (decision["adverse"], decision["annulled"]["control_number"]) == (False, NUMBER)
    notice = await officer.get(f"{EXAMINATIONS}/{before['id']}/notice")
    is_problem(notice, 404, "no-notice")


async def test_an_amended_admission_shows_what_it_is_and_what_it_was(desk: Desk, officer: httpx.AsyncClient) -> None:
    entered = await took(officer, await opened(officer, engineer()), "decision", admit(until="2026-12-31"))
    amended = {"class": "us.tn", "until": "2028-06-30", "rule_version": "us"}
    await applied(desk, "admission_amended", amended, of(entered))
    decision = (await read(officer, entered))["decision"]
    assert (decision["until"], decision["amended"]["until"]) == ("2026-12-31", "2028-06-30")
    assert decision["amended"]["control_number"] == NUMBER


async def test_an_invitation_attaches_the_file_and_is_decided_by_a_senior_officer_once(
    desk: Desk, officer: httpx.AsyncClient, supervisor: httpx.AsyncClient
) -> None:
    before = await refused(officer)
    invitation = await applied(desk, "examination_invited", INVITED, of(before), subject=subject_of(TECHNICIAN))
    bare = {"scan": {"fields": TECHNICIAN}, "facts": {"equipment": {"manufactured_in": "CA"}}}
    again = await opened(officer, bare)
    assert again["subject"]["invitation"]["examination"] == before["id"]
    assert [each["class"] for each in again["determination"]["classes"]] == ["us.b1.usmca"]
    assert again["facts"]["service_contract"]["kind"] == "warranty"
    assert again["facts"]["equipment"]["manufactured_in"] == "CA"
    assert again["facts"]["arrival"] == {"mode": "land", "place": "class_a_port"}
    assert again["findings"] == {}
    decision = refuse(departures=[{"requirement": "US-B1-09", "reason": "No home abroad shown."}])
    is_problem(await step(officer, again, "decision", decision), 403, "senior-officer-needed")
    await took(supervisor, again, "decision", decision)
    assert select(desk.data, "SELECT remedy_id, examination_id FROM remedy_uses") == [(invitation, again["id"])]
    assert (await opened(officer, technician()))["subject"]["invitation"] is None


async def test_an_invitation_is_over_after_its_last_day(
    desk: Desk, officer: httpx.AsyncClient, clock: MovingClock
) -> None:
    before = await refused(officer)
    until = INVITED | {"valid_until": "2026-11-30"}
    await applied(desk, "examination_invited", until, of(before), subject=subject_of(TECHNICIAN))
    clock.now = clock.now.replace(month=12)
    async with desk.client() as later:
        again = await opened(later, technician())
        assert again["subject"]["invitation"] is None
        await took(later, again, "decision", refuse())


async def test_a_statement_beside_a_record_is_read_before_the_record_is_used(
    desk: Desk, officer: httpx.AsyncClient
) -> None:
    before = await refused(officer)
    note = await applied(
        desk, "record_notated", {"text": "The press was made in Québec."}, of(before), subject=subject_of(TECHNICIAN)
    )
    again = await opened(officer, technician())
    assert [each["text"] for each in again["subject"]["notations"]] == ["The press was made in Québec."]
    problem = is_problem(await step(officer, again, "decision", refuse()), 409, "notation-unread", "/notations_read")
    assert note in problem["errors"][0]["detail"]
    decided = await took(officer, again, "decision", refuse(notations_read=[note]))
    assert decided["decision"]["notations_read"] == [note]


async def test_biometrics_are_taken_anew_at_one_examination_only(desk: Desk, officer: httpx.AsyncClient) -> None:
    await applied(desk, "biometric_reenrolled", {"reason": "Prints of another"})
    first = await opened(officer, engineer())
    assert first["subject"]["biometric_reenrol"]["reason"] == "Prints of another"
    await took(officer, first, "decision", admit())
    assert (await opened(officer, engineer()))["subject"]["biometric_reenrol"] is None


async def test_a_route_is_offered_and_changes_nothing_else(desk: Desk, officer: httpx.AsyncClient) -> None:
    await applied(desk, "route_pointed", {"route": "i192"})
    examination = await opened(officer, engineer())
    (route,) = examination["subject"]["routes"]
    assert (route["route"], route["title"]) == (
        "i192",
        "Form I-192: advance permission to enter as a nonimmigrant",
    )
    assert examination["look_closer"] is False
    assert examination["determination"]["recommended"]["action"] == "admit"


async def test_a_mistaken_match_does_not_count_for_its_victim_and_still_fires_for_the_other(
    desk: Desk, officer: httpx.AsyncClient
) -> None:
    await keep(desk, lookout(1, person_key=key_of(desk, PASSPORT), reason="wanted"))
    other = changed(engineer(), scan__fields__document_number="XX999999")
    assert (await opened(officer, engineer()))["look_closer"] is True
    await applied(desk, "identity_disambiguated", {}, ("lookout", "lookout-1", 1))
    victim = await opened(officer, engineer())
    assert victim["look_closer"] is False
    assert victim["subject"]["lookouts"][0]["suppressed"] == {"control_number": NUMBER, "since": "2026-11-21"}
    assert (await opened(officer, other))["look_closer"] is True
    with_number = await opened(officer, other | {"redress_control_number": NUMBER})
    assert with_number["look_closer"] is False


async def watching(folder: Any, clock: MovingClock, recurs_on: list[dict[str, Any]], look: Any) -> list[Any]:
    """The events that wait for redress once a watched subject was met again."""
    known = {"redress_events_address": "http://127.0.0.1:9/redress"}
    async with running_service(folder, clock, **known) as desk, desk.client() as officer:
        await applied(
            desk, "watch_set", {"recurs_on": recurs_on, "until": "2028-11-21"}, subject=subject_of(TECHNICIAN)
        )
        await look(desk, officer)
        return [row[0] for row in select(folder, "SELECT payload FROM jobs WHERE kind = 'event' ORDER BY id")]


async def test_a_refusal_on_the_same_ground_tells_redress_of_its_case(tmp_path: Any, clock: MovingClock) -> None:
    async def look(desk: Desk, officer: httpx.AsyncClient) -> None:
        await refused(officer)

    recurs_on = [{"kind": "requirement", "id": "US-B1-38"}]
    (event,) = await watching(tmp_path, clock, recurs_on, look)
    assert '"type":"subject.recurred"' in event
    assert CASE in event
    assert "US-B1-38" in event
    assert TECHNICIAN["surname"] not in event


async def test_another_ground_or_an_admission_tells_nobody(tmp_path: Any, clock: MovingClock) -> None:
    async def look(desk: Desk, officer: httpx.AsyncClient) -> None:
        await refused(officer)
        await took(officer, await opened(officer, engineer()), "decision", admit())

    assert await watching(tmp_path, clock, [{"kind": "requirement", "id": "US-TN-23"}], look) == []


async def test_a_hit_by_another_entry_of_the_same_list_tells_redress(tmp_path: Any, clock: MovingClock) -> None:
    async def look(desk: Desk, officer: httpx.AsyncClient) -> None:
        await keep(desk, lookout(1, id="lookout-9", person_key=key_of(desk, TECHNICIAN), reason="wanted"))
        await opened(officer, technician())

    recurs_on = [{"kind": "lookout", "id": "lookout-1", "list": "LIST-1"}]
    (event,) = await watching(tmp_path, clock, recurs_on, look)
    assert json_text({"kind": "lookout", "id": "lookout-9", "list": "LIST-1"}) in event


async def test_a_watch_that_ended_tells_nobody(tmp_path: Any, clock: MovingClock) -> None:
    async def look(desk: Desk, officer: httpx.AsyncClient) -> None:
        await applied(desk, "watch_ended", {}, subject=subject_of(TECHNICIAN))
        await refused(officer)

    assert await watching(tmp_path, clock, [{"kind": "requirement", "id": "US-B1-38"}], look) == []


async def test_a_supervisor_decides_whoever_was_invited_after_withdrawing(
    desk: Desk, officer: httpx.AsyncClient
) -> None:
    gone = await took(officer, await opened(officer, technician()), "withdrawal", {"reason": "Pressed to leave."})
    await applied(desk, "examination_invited", INVITED, of(gone), subject=subject_of(TECHNICIAN))
    async with desk.client(Role.SUPERVISOR) as supervisor:
        again = await opened(supervisor, technician())
        decided = await took(supervisor, again, "decision", refuse())
    assert decided["state"] == "decided"
