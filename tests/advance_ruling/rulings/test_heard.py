"""What other services tell: how a port honoured a ruling, what redress restored, and that new law was released."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.advance_ruling.rulings_desk import RulingDesk

from crossing.kit.events import MEDIA_TYPE
from crossing.kit.identity import Role
from crossing.rules import Pack

pytestmark = pytest.mark.anyio

PORT = {"examination": "01a20000-0000-7000-8000-000000000001", "port": "US-DETROIT"}


async def tell(
    desk: RulingDesk, source: str, kind: str, data: dict[str, Any], identifier: str = "one"
) -> httpx.Response:
    """Tell an event as a service does."""
    event = {"specversion": "1.0", "id": identifier, "source": f"/{source}", "type": kind, "data": data}
    async with desk.client(Role.SERVICE, source) as service:
        return await service.post("/events", json=event, headers={"Content-Type": MEDIA_TYPE})


async def test_what_a_port_did_is_noted_once(desk: RulingDesk) -> None:
    number = await desk.issue()
    honoured = {"number": number, "version": 1, "outcome": "equal", **PORT}
    departed = {"number": number, "version": 1, "ground": "law_changed", **PORT}
    assert (await tell(desk, "admission", "ruling.honoured", honoured)).status_code == 204
    assert (await tell(desk, "admission", "ruling.honoured", honoured)).status_code == 204
    assert (await tell(desk, "admission", "ruling.departed", departed, "two")).status_code == 204
    notes = [step["detail"] for step in (await desk.read(number))["history"] if step["event"] == "note_port"]
    assert [(note["kind"], note["port"]) for note in notes] == [
        ("ruling.honoured", "US-DETROIT"),
        ("ruling.departed", "US-DETROIT"),
    ]
    assert notes[1]["ground"] == "law_changed"
    assert await desk.status(number) == "valid"


async def test_redress_restores_a_suspended_ruling(desk: RulingDesk) -> None:
    number = await desk.issue()
    await desk.act(number, "suspension", {"ground": "fraud_investigation_open", "reference": "Demonstration file 4"})
    assert (await tell(desk, "redress", "ruling.restored", {"number": number, "case": "RCN-1"})).status_code == 204
    assert await desk.status(number) == "valid"


async def test_an_event_about_no_ruling_is_refused(desk: RulingDesk) -> None:
    absent = {"number": "US-TN-2026-000404", "version": 1, **PORT}
    assert (await tell(desk, "admission", "ruling.honoured", absent)).status_code == 404
    broken = await tell(desk, "admission", "ruling.honoured", {"number": "nonsense"})
    assert broken.status_code == 422


def without_engineers(pack: Pack) -> Pack:
    """The law of a country that lists engineers no more."""
    table = pack.content["tables"]["us.professions"]
    kept = [row for row in table["rows"] if row["id"] != "engineer"]
    tables = {**pack.content["tables"], "us.professions": {**table, "rows": kept}}
    return Pack({**pack.content, "tables": tables}, pack.names)


async def released(desk: RulingDesk, takes_effect: str | None) -> list[dict[str, Any]]:
    """Release new law and hold the rulings against it; those it would decide otherwise."""
    lawbook = desk.service.state.lawbook
    lawbook.packs["US"] = without_engineers(lawbook.packs["US"])
    data = {"country": "US", "digest": lawbook.packs["US"].digest, "takes_effect": takes_effect}
    assert (await tell(desk, "rules", "pack.released", data)).status_code == 204
    await desk.do_jobs()
    async with desk.client(Role.SUPERVISOR) as supervisor:
        answer = await supervisor.get("/rulings/affected")
    assert answer.status_code == 200
    rulings: list[dict[str, Any]] = answer.json()["rulings"]
    return rulings


async def test_new_law_lists_the_rulings_it_would_decide_otherwise_and_changes_none(desk: RulingDesk) -> None:
    engineer, visitor = await desk.issue("US-CASE-11"), await desk.issue("US-CASE-06")
    canadian = await desk.issue("CA-CASE-24")
    listed = await released(desk, None)
    assert [each["number"] for each in listed] == [engineer]
    assert listed[0]["outcome"] != "qualifies"
    assert listed[0]["ends_at"] is None
    assert [await desk.status(number) for number in (engineer, visitor, canadian)] == ["valid", "valid", "valid"]


async def test_law_that_takes_effect_by_its_own_terms_ends_the_binding_effect_on_that_day(desk: RulingDesk) -> None:
    number = await desk.issue("US-CASE-11")
    listed = await released(desk, "2026-12-01")
    assert listed[0]["ends_at"] == "2026-12-01T00:00:00.000000Z"
    desk.clock.move(timedelta(days=9))
    assert await desk.status(number) == "valid"
    desk.clock.move(timedelta(days=1))
    assert await desk.status(number) == "expired"
    told = await desk.read(number)
    assert (told["state"], told["binds"]) == ("in_force", False)
