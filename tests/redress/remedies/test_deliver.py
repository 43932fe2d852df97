"""A correction is ordered, brought to the port, acknowledged, probed, and watched; whatever is away is waited for."""

import email
import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from email.policy import default
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.admission.cases import PASSPORT, admit, engineer, is_problem, opened, refuse, technician, took
from tests.admission.desks import running_service, service_of
from tests.admission.rows import select
from tests.admission.rulings import served
from tests.admission.subjects.test_apply_remedies import keep, lookout, member
from tests.admission.subjects.test_effects_at_port import key_of
from tests.conftest import MovingClock
from tests.redress.conftest import running_redress
from tests.redress.remedies.two_services import (
    ADJUDICATOR,
    World,
    being_decided,
    content_of,
    free_port,
    ordered,
    tokens,
)

from crossing.casework.steps import Step
from crossing.kit.events import MEDIA_TYPE
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from crossing.kit.jobs import Job
from crossing.kit.json_text import json_text
from crossing.kit.verify import verify_chains
from crossing.redress.remedies import load_remedies
from redress.casework.record import record
from redress.casework.steps import load_case, plan_all
from redress.covered import covered_rows, rows_without_entry
from redress.remedies.deliver import Deliveries
from redress.remedies.order import reorder_correction

pytestmark = pytest.mark.anyio
TECHNICIAN = technician()["scan"]["fields"]
REENROL = {"kind": "biometric_reenrolled", "record": None, "content": {"reason": "Prints of another"}}
ROUTE = {"kind": "route_pointed", "record": None, "content": {"route": "i192"}}


def of(kind: str, identifier: str, version: int) -> dict[str, Any]:
    """A record as a correction names it."""
    return {"kind": kind, "id": identifier, "version": version}


def on(examination: dict[str, Any], kind: str, **content: Any) -> dict[str, Any]:
    """A correction of an examination."""
    record = {"kind": "examination", "id": examination["id"], "version": examination["revision"]}
    return {"kind": kind, "record": record, "content": content}


async def refused(world: World) -> dict[str, Any]:
    async with world.ports.client() as officer:
        return await took(officer, await opened(officer, technician()), "decision", refuse())


async def entered(world: World) -> dict[str, Any]:
    async with world.ports.client() as officer:
        return await took(officer, await opened(officer, engineer()), "decision", admit(until="2026-12-31"))


async def states(world: World, case_id: str) -> list[str]:
    """How far the remedies of a case are, by the read model."""
    async with world.redress.state.engine.connect() as connection:
        statement = "SELECT state FROM remedy_states WHERE case_id = ? ORDER BY number, remedy_id"
        rows = await connection.exec_driver_sql(statement, (case_id,))
        return [row[0] for row in rows]


async def test_a_correction_reaches_the_port_is_probed_and_the_case_is_watched(world: World) -> None:
    examination = await refused(world)
    remedies = [
        on(examination, "refusal_annulled", reason_code="RC4"),
        on(examination, "examination_invited", classes=["us.b1.usmca"], valid_until="2027-05-21"),
    ]
    content = content_of(TECHNICIAN)
    case_id = await ordered(world.redress, remedies, cause="RC4", content=content)
    assert await states(world, case_id) == ["ordered", "ordered"]
    await world.work()
    case = await world.case(case_id)
    assert case.state == "watch"
    events = [each.event for each in case.history]
    assert events[-5:] == ["order_correction", "remedy_applied", "remedy_applied", "applied", "probe_passed"]
    assert await states(world, case_id) == ["verified", "verified"]
    async with world.ports.client() as officer:
        again = await opened(officer, technician())
    assert again["subject"]["invitation"]["control_number"] == case.control_number
    async with world.redress.state.engine.connect() as connection:
        _, faults = await verify_chains(connection, covered_rows, rows_without_entry)
    assert faults == []


async def test_every_kind_of_correction_reaches_the_port_and_passes_its_probe(world: World) -> None:
    """One case of each kind, for one traveller who was admitted once and one who was refused."""
    welcome, turned_away = await entered(world), await refused(world)
    entry = lookout(1, person_key=key_of(world.ports, PASSPORT), reason="wanted")
    lost = member(1, "suspended", added_at="2026-11-01", person_key=key_of(world.ports, PASSPORT))
    await keep(world.ports, entry, lost)
    amended = {"class": "us.tn", "until": "2028-06-30", "rule_version": "us"}
    invited = {"classes": ["us.b1.usmca"], "valid_until": "2027-05-21"}
    engineers = [
        {"kind": "identity_disambiguated", "record": of("lookout", "lookout-1", 1), "content": {"match": "name"}},
        {"kind": "member_restored", "record": of("member", "980123456", 1), "content": {}},
        {"kind": "record_notated", "record": of("lookout", "lookout-1", 1), "content": {"text": "It was not me."}},
        on(welcome, "stay_corrected", left_on="2026-11-21", proof="Boarding pass"),
        on(welcome, "admission_amended", **amended),
        REENROL,
        ROUTE,
    ]
    technicians = [
        on(turned_away, "refusal_annulled", reason_code="RC4"),
        on(turned_away, "examination_invited", **invited),
    ]
    tried = {each["kind"] for each in (*engineers, *technicians)}
    assert tried == {*load_remedies()["may_be_ordered"]} - {"ruling_restored"}
    cases = [await ordered(world.redress, [each]) for each in engineers]
    cases += [await ordered(world.redress, [each], content=content_of(TECHNICIAN)) for each in technicians]
    await world.work()
    ends = {}
    for each, case_id in zip((*engineers, *technicians), cases, strict=True):
        case = await world.case(case_id)
        ends[each["kind"]] = (case.state, case.history[-1].event)
    assert set(ends.values()) == {("watch", "probe_passed")}, ends
    async with world.redress.state.engine.connect() as connection:
        _, faults = await verify_chains(connection, covered_rows, rows_without_entry)
    assert faults == []


async def test_admission_away_is_waited_for_and_the_remedy_is_applied_once(tmp_path: Path, clock: MovingClock) -> None:
    at_admission = free_port()
    token = tokens(tmp_path, clock)["redress"]
    address = f"http://127.0.0.1:{at_admission}"
    async with running_redress(tmp_path, clock, admission_address=address, service_token_file=token) as redress:
        case_id = await ordered(redress, [ROUTE])
        for _ in range(100):  # far more than a job's attempts
            await redress.state.worker.run_due()
            clock.move(timedelta(minutes=10))
        async with running_service(tmp_path, clock) as desk, served(service_of(desk), at_admission):
            await redress.state.worker.run_due()
            async with redress.state.engine.connect() as connection:
                case = await load_case(connection, case_id)
            assert case.state == "watch"
            assert select(tmp_path, "SELECT count(*) FROM remedies") == [(1,)]


async def test_a_record_that_changed_is_refused_told_and_ordered_anew_after_a_fresh_look(world: World) -> None:
    examination = await refused(world)
    async with world.ports.client(Role.SUPERVISOR) as supervisor:
        another = {"reason": "Looked at again.", "decision": refuse(reason="Still made in the United States.")}
        later = await took(supervisor, examination, "supersession", another)
    stale = on(examination, "refusal_annulled", reason_code="RC4")
    case_id = await ordered(world.redress, [stale], content=content_of(TECHNICIAN))
    await world.work()
    case = await world.case(case_id)
    assert (case.state, case.latest.event) == ("correction_pending", "remedy_refused")
    (correction,) = case.content["corrections"]
    assert correction["refused"]["problem"] == "/problems/record-changed"
    assert "superseded" in correction["refused"]["what"][0]
    assert await states(world, case_id) == ["refused"]
    assert mailed(world) == [f"{case.control_number}: the record changed"]
    detail = {"adjudicator": ADJUDICATOR, "looked_at": later["id"]}
    fresh = {1: on(later, "refusal_annulled", reason_code="RC4")}
    step = reorder_correction(case, "independent_adjudicator", ADJUDICATOR["subject"], world.clock(), fresh, detail)
    rows, after = plan_all(case, [step])
    await record(world.redress.state, case, after, rows)
    await world.work()
    case = await world.case(case_id)
    (correction,) = case.content["corrections"]
    assert (case.state, correction["version"], correction["applied"]["version"]) == ("watch", 2, 2)
    assert await states(world, case_id) == ["refused", "verified"]


async def test_a_correction_without_effect_fails_its_probe_and_goes_back(world: World) -> None:
    """Between the acknowledgement and the probe a supervisor refused the traveller again."""
    examination = await refused(world)
    annulled = on(examination, "refusal_annulled", reason_code="RC4")
    case_id = await ordered(world.redress, [annulled, REENROL], content=content_of(TECHNICIAN))
    state = world.redress.state
    await Deliveries(world.redress)(await the_job(world, "remedy", 0))
    await Deliveries(world.redress)(await the_job(world, "remedy", 1))
    assert (await world.case(case_id)).state == "correction_verified"
    with closing(sqlite3.connect(world.ports.data / "admission.sqlite")) as beside, beside:
        beside.execute("DELETE FROM remedies WHERE kind = 'biometric_reenrolled'")
    await state.worker.run_due()
    case = await world.case(case_id)
    assert (case.state, case.latest.event) == ("correction_pending", "probe_failed")
    assert [bool(each["failed"]) for each in case.content["corrections"]] == [False, True]
    assert await states(world, case_id) == ["applied", "failed"]


async def test_an_event_of_a_repeat_taken_twice_or_for_no_case_changes_nothing(world: World) -> None:
    case_id = await ordered(world.redress, [ROUTE])
    data = {"case": case_id, "examination": "e", "cause": {"kind": "lookout", "id": "l"}}
    event = {"specversion": "1.0", "id": "one", "source": "/admission", "type": "subject.recurred", "data": data}
    assert (await tell(world, event)).status_code == 204  # the case is not watched yet
    assert (await world.case(case_id)).latest.event == "order_correction"
    missing = {**event, "id": "two", "data": {"case": case_id}}
    is_problem(await tell(world, missing), 422, "invalid-request", "/data/examination", "/data/cause")
    nobody = {**event, "id": "three", "data": data | {"case": "nobody"}}
    is_problem(await tell(world, nobody), 404, "not-found")
    is_problem(await tell(world, {**event, "id": "four"}, subject="advance-ruling"), 403, "source-is-another")


async def test_what_the_clock_orders_is_what_the_decision_grants(world: World) -> None:
    """The adjudicator decided and went home: an hour later the correction is ordered all the same."""
    case = await being_decided(world.redress, content_of())
    decision = {"outcome": "granted", "root_cause": "RC1", "remedies": [REENROL]}
    detail = {"adjudicator": ADJUDICATOR, "lint": []}
    now, by = world.clock(), ADJUDICATOR["subject"]
    decide = Step("decide", "independent_adjudicator", by, now, content={"decision": decision}, detail=detail)
    rows, after = plan_all(case, [decide])
    await record(world.redress.state, case, after, rows)
    world.clock.move(timedelta(hours=1))
    await world.work()
    case = await world.case(case.id)
    assert case.state == "watch"
    assert [each["kind"] for each in case.content["corrections"]] == ["biometric_reenrolled"]


def waiting(world: World, kind: str) -> list[str]:
    """The payloads of the jobs of redress that wait."""
    with closing(sqlite3.connect(world.ports.data / "redress.sqlite")) as connection:
        rows = connection.execute("SELECT payload FROM jobs WHERE kind = ? ORDER BY id", (kind,)).fetchall()
    return [row[0] for row in rows]


def mailed(world: World) -> list[str]:
    """The subjects of the messages to whoever is on call; the cases have no other address."""
    files = sorted((world.ports.data / "mail").glob("*.eml"))
    return [str(email.message_from_bytes(file.read_bytes(), policy=default)["Subject"]) for file in files]


async def the_job(world: World, kind: str, place: int) -> Job:
    """A job that waits, as a worker would hand it over."""
    payload = json.loads(waiting(world, kind)[place])
    return Job("id", kind, "key", "", payload, 1, "")


async def tell(world: World, event: dict[str, Any], subject: str = "admission") -> httpx.Response:
    """The answer of redress to an event."""
    issuer = DevelopmentIssuer(world.ports.data, now=lambda: world.clock().timestamp())
    token = issuer.token(Role.SERVICE, subject=subject)
    transport = httpx.ASGITransport(app=world.redress, raise_app_exceptions=False)
    async with httpx.AsyncClient(base_url="http://redress.test", transport=transport) as client:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": MEDIA_TYPE}
        return await client.post("/v1/events", content=json_text(event), headers=headers)
