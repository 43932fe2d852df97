"""What becomes of corrections later: a repeat takes the case up again, and what was suppressed is reviewed."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.admission.cases import PASSPORT, engineer, opened
from tests.admission.rows import select
from tests.admission.subjects.test_apply_remedies import keep, lookout
from tests.admission.subjects.test_effects_at_port import key_of
from tests.redress.remedies.test_deliver import REENROL, mailed, of, on, refused, states
from tests.redress.remedies.two_services import ADJUDICATOR, World, content_of, ordered

from crossing.casework.steps import Step
from crossing.kit.identity import Role
from crossing.kit.issuer import DevelopmentIssuer
from redress.casework.record import record
from redress.casework.steps import plan_all
from redress.remedies.order import order_correction
from redress.remedies.recur import taken_up_again

pytestmark = pytest.mark.anyio


async def test_the_same_match_again_reopens_the_case_before_all_others(world: World) -> None:
    person = key_of(world.ports, PASSPORT)
    await keep(world.ports, lookout(1, person_key=person, reason="wanted"))
    mistaken = {"kind": "identity_disambiguated", "record": of("lookout", "lookout-1", 1), "content": {}}
    hits = {"lookouts": [{"id": "lookout-1", "list": "LIST-1"}]}
    case_id = await ordered(world.redress, [mistaken], content=content_of(records=hits))
    await world.work()
    async with world.ports.client() as officer:
        assert (await opened(officer, engineer()))["look_closer"] is False
        await world.work()
        assert (await world.case(case_id)).state == "watch"
        await keep(world.ports, lookout(1, id="lookout-7", person_key=person, reason="wanted", batch_id="again"))
        examination = await opened(officer, engineer())
    for _ in range(2):  # the event, then what follows from it: the watch ends
        await world.work()
    case = await world.case(case_id)
    assert (case.state, case.latest.event, case.content["priority"]) == ("accepted", "recurrence", "P0")
    detail = json.loads(case.latest.detail)
    assert (detail["examination"], detail["repeat"]["id"]) == (examination["id"], "lookout-7")
    assert select(world.ports.data, "SELECT kind FROM remedies ORDER BY applied_at, id")[-1] == ("watch_ended",)
    async with world.ports.client() as officer:
        await opened(officer, engineer())
    await world.work()
    assert (await world.case(case_id)).latest.revision == case.latest.revision


async def test_what_was_corrected_before_a_repeat_is_watched_for_but_not_probed_again(world: World) -> None:
    """The invitation of the first decision has long run out; the second decision is corrected all the same."""
    examination = await refused(world)
    traveller = examination["traveller"]
    whose = {name: traveller[name] for name in ("surname", "given_names", "born_on", "document_number", "issued_by")}
    invited = on(examination, "examination_invited", classes=["us.tn"], valid_until="2026-12-21")
    annulled = on(examination, "refusal_annulled", reason_code="RC4")
    records = {"examinations": [{"id": examination["id"], "decision": {"not_met": ["US-TN-23"]}}]}
    case_id = await ordered(world.redress, [annulled, invited], content=content_of(whose, records=records))
    await world.work()
    assert (await world.case(case_id)).state == "watch"
    world.clock.move(timedelta(days=200))
    case = await world.case(case_id)
    now, by = world.clock(), ADJUDICATOR["subject"]
    again = Step(
        "recurrence", "admission", "admission", now, taken_up_again(case), {"same_subject": True, "cause": "RC1"}
    )
    rows, after = plan_all(case, [again])
    await record(world.redress.state, case, after, rows)
    assert after.content["corrections"] == []
    route = Step("route", "case_officer", "clerk", now, {"record_owner": "cbp"}, {"reviewer": {"unit": "cbp"}})
    answer = {"facts": ["x"], "sources": ["y"], "secrecy_basis": None}
    answered = Step("component_answer", "component_reviewer", "r", now, detail={"answer": answer})
    decision = {"outcome": "granted", "root_cause": "RC1", "remedies": [REENROL]}
    detail = {"adjudicator": ADJUDICATOR, "lint": []}
    decide = Step("decide", "independent_adjudicator", by, now, {"decision": decision}, detail)
    order = order_correction(after, "independent_adjudicator", by, now, [REENROL])
    rows, decided = plan_all(after, [route, answered, decide, order])
    await record(world.redress.state, after, decided, rows)
    assert [each["number"] for each in decided.content["corrections"]] == [3]
    await world.work()
    case = await world.case(case_id)
    assert case.state == "watch"
    watch = json.loads(select(world.ports.data, "SELECT content FROM remedies ORDER BY applied_at, id")[-1][0])
    assert [each["id"] for each in watch["recurs_on"]] == ["US-TN-23"]


async def test_a_repeat_leaves_no_late_reason_and_no_panel_of_the_decision_before(world: World) -> None:
    case_id = await ordered(world.redress, [REENROL])
    case = await world.case(case_id)
    content = {
        **case.content,
        "late_reason_accepted": {"by": "clerk"},
        "panel": ["panel-1"],
        "draft": {"outcome": "upheld"},
    }
    kept = content | taken_up_again(case)
    assert not kept["late_reason_accepted"]
    assert not kept["panel"]
    assert not kept["draft"]


async def test_a_suppressed_match_is_put_before_the_desk_after_five_years(world: World) -> None:
    await keep(world.ports, lookout(1, person_key=key_of(world.ports, PASSPORT), reason="wanted"))
    mistaken = {"kind": "identity_disambiguated", "record": of("lookout", "lookout-1", 1), "content": {}}
    case_id = await ordered(world.redress, [mistaken])
    await world.work()
    assert await states(world, case_id) == ["verified"]
    world.clock.now = world.clock.now.replace(year=2031, day=20)
    await world.work()
    assert await states(world, case_id) == ["verified"]
    world.clock.move(timedelta(days=2))
    await world.work()
    assert await states(world, case_id) == ["review_due"]
    number = (await world.case(case_id)).control_number
    assert f"{number}: a correction is due for review" in mailed(world)
    (remedy,) = (await world.case(case_id)).content["corrections"]
    listed = {"unit": "redress", "reports_to": None, "duties": ["case_officer"]}
    staff = "/v1/staff/clerk"
    (await asked(world, "PUT", staff, Role.SUPERVISOR, listed, {"If-Match": "*"})).raise_for_status()
    assert [each["id"] for each in await due_for_review(world)] == [case_id]
    revision = {"If-Match": f'"{(await world.case(case_id)).latest.revision}"'}
    looked = {"remedy": remedy["id"], "reason": "Still two people."}
    address = f"/v1/cases/{case_id}/remedy-review"
    (await asked(world, "POST", address, Role.CASEWORKER, looked, revision)).raise_for_status()
    assert (await states(world, case_id), await due_for_review(world)) == (["verified"], [])
    world.clock.now = world.clock.now.replace(year=2036, month=12)
    await world.work()
    assert await states(world, case_id) == ["review_due"]


async def due_for_review(world: World) -> list[dict[str, Any]]:
    """The desk's list of cases of which a remedy waits for review."""
    cases: list[dict[str, Any]] = (await asked(world, "GET", "/v1/cases?review_due=true", Role.CASEWORKER)).json()[
        "cases"
    ]
    return cases


async def asked(
    world: World, method: str, address: str, role: Role, body: Any = None, headers: dict[str, str] | None = None
) -> httpx.Response:
    """What redress answers to somebody of its desk."""
    issuer = DevelopmentIssuer(world.ports.data, now=lambda: world.clock().timestamp())
    shown = {"Authorization": f"Bearer {issuer.token(role, subject='clerk')}", **(headers or {})}
    transport = httpx.ASGITransport(app=world.redress, raise_app_exceptions=False)
    async with httpx.AsyncClient(base_url="http://redress.test", transport=transport) as client:
        return await client.request(method, address, json=body, headers=shown)
