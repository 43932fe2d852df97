"""A ruling that binds is honoured, or departed from: on a ground of the list, with reasons, by two officers."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from tests.admission.cases import EXAMINATIONS, admit, engineer, is_problem, opened, refuse, step, took
from tests.admission.desks import running_service
from tests.admission.rows import select
from tests.admission.rulings import NUMBER, Office, served
from tests.conftest import Desk, MovingClock

from crossing.kit.identity import Role

pytestmark = pytest.mark.anyio
REASON = "A conviction of 2019 is recorded."
#: A refusal names the requirement that is seen otherwise than determined.
REFUSAL = refuse(reason=REASON, departures=[{"requirement": "US-TN-13", "reason": REASON}])


@pytest.fixture(scope="module")
async def office(clock_of_module: MovingClock) -> AsyncIterator[Office]:
    office = Office(clock_of_module)
    async with served(office.app()) as address:
        office.address = f"{address}/advance-rulings"
        yield office


@pytest.fixture(scope="module")
async def desk(
    tmp_path_factory: pytest.TempPathFactory, clock_of_module: MovingClock, office: Office
) -> AsyncIterator[Desk]:
    """Admission, which knows the office and, as if it were there, redress; no worker delivers what is told."""
    known = {"advance_rulings_address": office.address, "redress_events_address": "http://127.0.0.1:9/redress"}
    async with running_service(tmp_path_factory.mktemp("service"), clock_of_module, **known) as desk:
        yield desk


@pytest.fixture
async def second(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """Another officer at Detroit."""
    async with desk.client(subject="test-second-officer") as client:
        yield client


@pytest.fixture
async def examination(officer: httpx.AsyncClient, office: Office) -> dict[str, Any]:
    """The engineer's, who presents the ruling that settles what was judged."""
    return await opened(officer, engineer(findings={}, rulings=[office.ruling()]))


def departing(**changes: Any) -> dict[str, Any]:
    return {"ruling": NUMBER, "ground": "inadmissibility_found", "reason": REASON} | changes


async def departed(
    officer: httpx.AsyncClient, second: httpx.AsyncClient, examination: dict[str, Any], **changes: Any
) -> dict[str, Any]:
    """The examination once both officers stand for a departure."""
    proposed = await took(officer, examination, "departure", departing(**changes))
    return await took(second, proposed, "departure/confirmation", {"ruling": NUMBER})


def told(desk: Desk, examination: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Receiver, type and data of the events that wait for delivery and speak of an examination."""
    payloads = [json.loads(row[0]) for row in select(desk.data, "SELECT payload FROM jobs ORDER BY id")]
    events = [(each["receiver"], each["event"]) for each in payloads]
    return [
        (receiver, event["type"], event["data"])
        for receiver, event in events
        if event["data"]["examination"] == examination["id"]
    ]


async def test_admitting_in_the_ruled_class_honours_the_ruling_and_tells_its_service(
    desk: Desk, officer: httpx.AsyncClient, examination: dict[str, Any]
) -> None:
    decided = await took(officer, examination, "decision", admit())
    assert decided["decision"]["rulings"] == [{"number": NUMBER, "version": 1, "outcome": "honoured"}]
    ((receiver, kind, data),) = told(desk, examination)
    assert (receiver, kind, data["number"]) == ("advance-rulings", "ruling.honoured", NUMBER)
    assert "Tremblay" not in json.dumps(data)


async def test_a_refusal_against_a_ruling_that_binds_is_no_decision_and_names_the_grounds(
    desk: Desk, officer: httpx.AsyncClient, examination: dict[str, Any]
) -> None:
    document = is_problem(await step(officer, examination, "decision", REFUSAL), 409, "ruling-binds", "/action")
    assert NUMBER in document["errors"][0]["detail"]
    assert "inadmissibility_found, identity_not_matched" in document["errors"][0]["detail"]
    assert (await officer.get(f"{EXAMINATIONS}/{examination['id']}")).json() == examination
    assert told(desk, examination) == []


async def test_admitting_in_another_class_does_not_honour_the_ruling(
    officer: httpx.AsyncClient, office: Office
) -> None:
    body = engineer(seeking=["us.tn", "us.b1.ordinary"], findings={}, rulings=[office.ruling()])
    answer = await step(officer, await opened(officer, body), "decision", admit(**{"class": "us.b1.ordinary"}))
    is_problem(answer, 409, "ruling-binds", "/class")


async def test_a_departure_confirmed_by_a_second_officer_lets_the_refusal_stand_and_opens_redress(
    desk: Desk, officer: httpx.AsyncClient, second: httpx.AsyncClient, examination: dict[str, Any]
) -> None:
    ready = await departed(officer, second, examination)
    (departure,) = ready["ruling_departures"]
    assert (departure["proposed_by"], departure["confirmed_by"]) == ("test-officer", "test-second-officer")
    assert told(desk, examination) == []
    decided = await took(officer, ready, "decision", REFUSAL)
    (made,) = decided["decision"]["rulings"]
    assert (made["outcome"], made["ground"], made["reason"]) == ("departed", "inadmissibility_found", REASON)
    assert [(receiver, kind) for receiver, kind, _ in told(desk, examination)] == [
        ("advance-rulings", "ruling.departed"),
        ("redress", "ruling.departed"),
    ]
    entries = select(
        desk.data,
        "SELECT event, actor FROM audit_entries WHERE subject LIKE ? ORDER BY seq",
        f"examinations/{examination['id']}/%",
    )
    assert entries == [
        ("examination.opened", "test-officer"),
        ("examination.departure_proposed", "test-officer"),
        ("examination.departure_confirmed", "test-second-officer"),
        ("examination.decided", "test-officer"),
    ]


async def test_a_departure_that_nobody_confirmed_has_no_effect(
    officer: httpx.AsyncClient, examination: dict[str, Any]
) -> None:
    proposed = await took(officer, examination, "departure", departing())
    assert proposed["ruling_departures"][0]["confirmed_by"] is None
    is_problem(await step(officer, proposed, "decision", REFUSAL), 409, "ruling-binds", "/action")


async def test_nobody_confirms_his_own_departure(officer: httpx.AsyncClient, examination: dict[str, Any]) -> None:
    proposed = await took(officer, examination, "departure", departing())
    answer = await step(officer, proposed, "departure/confirmation", {"ruling": NUMBER})
    is_problem(answer, 409, "second-officer-needed")


async def test_there_is_nothing_to_confirm_before_a_departure_is_proposed(
    second: httpx.AsyncClient, examination: dict[str, Any]
) -> None:
    answer = await step(second, examination, "departure/confirmation", {"ruling": NUMBER})
    is_problem(answer, 409, "no-departure-proposed")


@pytest.mark.parametrize("ground", ["I disagree with the ruling", "", "other"])
async def test_to_disagree_is_no_ground_the_officer_admits_and_proposes_a_change(
    officer: httpx.AsyncClient, examination: dict[str, Any], ground: str
) -> None:
    answer = await step(officer, examination, "departure", departing(ground=ground))
    document = is_problem(answer, 422, "no-ground-of-departure", "/ground")
    assert "admits, and proposes" in document["title"]
    assert "labour_dispute_notice" in document["errors"][0]["detail"]
    await took(officer, examination, "decision", admit())


async def test_false_information_is_shown_by_a_named_document(
    officer: httpx.AsyncClient, examination: dict[str, Any]
) -> None:
    shown = departing(ground="false_information_shown")
    is_problem(await step(officer, examination, "departure", shown), 422, "invalid-request", "/document")
    proposed = await took(officer, examination, "departure", shown | {"document": "Transcript of 2011"})
    assert proposed["ruling_departures"][0]["document"] == "Transcript of 2011"


@pytest.mark.parametrize("missing", ["ground", "reason", "ruling"])
async def test_a_departure_says_from_what_on_which_ground_and_why(
    officer: httpx.AsyncClient, examination: dict[str, Any], missing: str
) -> None:
    body = {key: value for key, value in departing().items() if key != missing}
    is_problem(await step(officer, examination, "departure", body), 422, "invalid-request", f"/{missing}")


async def test_there_is_no_departure_from_a_ruling_that_does_not_bind(
    officer: httpx.AsyncClient, office: Office
) -> None:
    refused = await opened(officer, engineer(rulings=[office.ruling(into="CA")]))
    is_problem(await step(officer, refused, "departure", departing()), 409, "no-binding-ruling")


async def test_a_ruling_on_changed_facts_stands_in_the_way_of_no_refusal(
    officer: httpx.AsyncClient, examination: dict[str, Any]
) -> None:
    changed = await took(officer, examination, "facts", {"facts": {"labour_dispute": {"certified": True}}})
    assert changed["rulings"][0]["outcome"] == "changed"
    decided = await took(officer, changed, "decision", REFUSAL)
    assert decided["decision"]["rulings"] == []


async def test_of_two_rulings_the_one_for_the_class_admitted_is_honoured(
    officer: httpx.AsyncClient, office: Office
) -> None:
    other = office.ruling(number="US-B1-2026-9", class_id="us.b1.usmca", settled=("US-B1-09",), index=8)
    body = engineer(seeking=["us.tn", "us.b1.usmca"], findings={}, rulings=[other, office.ruling()])
    decided = await took(officer, await opened(officer, body), "decision", admit())
    outcomes = {each["number"]: each["outcome"] for each in decided["decision"]["rulings"]}
    assert outcomes == {"US-B1-2026-9": "not_called_upon", NUMBER: "honoured"}


async def test_the_notice_names_the_ruling_the_ground_and_the_second_officer(
    officer: httpx.AsyncClient, second: httpx.AsyncClient, examination: dict[str, Any]
) -> None:
    decided = await took(officer, await departed(officer, second, examination), "decision", REFUSAL)
    address = f"{EXAMINATIONS}/{decided['id']}/notice"
    page = (await officer.get(address, headers={"Accept-Language": "fr"})).text
    for part in (NUMBER, "un motif d’interdiction de territoire a été constaté", REASON, "test-second-officer"):
        assert part in page
    document = await officer.get(address, params={"format": "pdf"})
    assert document.content.startswith(b"%PDF")


async def test_a_supervisor_s_other_decision_honours_the_ruling_too(
    desk: Desk, officer: httpx.AsyncClient, examination: dict[str, Any]
) -> None:
    decided = await took(officer, examination, "decision", admit())
    async with desk.client(Role.SUPERVISOR) as supervisor:
        body = {"reason": "Seen again.", "decision": REFUSAL}
        is_problem(await step(supervisor, decided, "supersession", body), 409, "ruling-binds", "/decision/action")


async def test_a_repeat_of_a_departure_is_answered_as_the_first(
    officer: httpx.AsyncClient, examination: dict[str, Any]
) -> None:
    first = await step(officer, examination, "departure", departing(), idempotency_key="once")
    again = await step(officer, examination, "departure", departing(), idempotency_key="once")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()


async def test_a_stale_departure_is_refused(officer: httpx.AsyncClient, examination: dict[str, Any]) -> None:
    await took(officer, examination, "facts", {"facts": {"history": {"overstayed": False}}})
    is_problem(await step(officer, examination, "departure", departing()), 412, "stale-version")
