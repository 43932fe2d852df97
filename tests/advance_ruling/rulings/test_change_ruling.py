"""Changes: proposals and their comments, adoption, notice, reliance, letters, suspension and revocation, by the clock."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import KeySet
from sqlalchemy import text
from tests.advance_ruling.rulings_desk import HOLDER, RulingDesk, ruling_desk
from tests.conftest import MovingClock

from crossing.kit.identity import Role
from crossing.rulings.status_list import StatusList, read_status_list
from crossing.rulings.token import read_ruling

pytestmark = pytest.mark.anyio

REASONS = [{"requirement": "US-TN-01", "text": "The court read the requirement otherwise."}]
MODIFY: dict[str, Any] = {
    "ground": "court_decision",
    "action": "modify",
    "text": "The ruling ends sooner.",
    "reasons": REASONS,
    "modification": {
        "valid_until": "2027-12-31",
        "no_longer_settled": ["US-TN-01"],
        "conditions": ["Shows the letter."],
    },
}
REVOKE: dict[str, Any] = {
    "ground": "error_of_law",
    "action": "revoke",
    "text": "The ruling is revoked.",
    "reasons": REASONS,
}
ANSWER = {"answer_to_comments": "The comment was weighed; the decision of the court stands."}
SUSPEND = {"ground": "court_order", "reference": "Demonstration order 1 of 20 November 2026"}


async def status_list(desk: RulingDesk) -> StatusList:
    """The list as a port reads it."""
    async with desk.client(None) as anyone:
        keys = KeySet.import_key_set((await anyone.get("/jwks.json")).json())
        return read_status_list((await anyone.get("/status-list")).text, keys)


async def index_carried(desk: RulingDesk, number: str) -> tuple[int, int]:
    """Version and place in the status list of the token that the holder gets now."""
    async with desk.client(Role.APPLICANT, HOLDER) as holder, desk.client(None) as anyone:
        keys = KeySet.import_key_set((await anyone.get("/jwks.json")).json())
        claims = read_ruling((await holder.get(f"/rulings/{number}/token")).text, keys)
    return claims.version, claims.index


async def proposed(desk: RulingDesk, number: str, proposal: dict[str, Any]) -> None:
    answer = await desk.act(number, "change-proposals", proposal)
    assert answer.status_code == 200, answer.text


async def adopted(desk: RulingDesk, number: str, proposal: dict[str, Any]) -> dict[str, Any]:
    await proposed(desk, number, proposal)
    await desk.pass_time(timedelta(days=30))
    answer = await desk.act(number, "adoption", ANSWER)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.parametrize("example", ["US-CASE-11", "CA-CASE-24"])
async def test_the_old_version_binds_until_the_new_one_has_effect(desk: RulingDesk, example: str) -> None:
    number = await desk.issue(example)
    settled = (await desk.read(number))["current"]["settled"]
    proposal = {**MODIFY, "modification": {**MODIFY["modification"], "no_longer_settled": settled[:1]}}
    _, old_index = await index_carried(desk, number)
    told = await adopted(desk, number, proposal)
    assert told["effective_from"] == "2027-02-19T15:00:00.000000Z"  # sixty days after the adoption
    await desk.pass_time(timedelta(days=60) - timedelta(seconds=1))
    before = await desk.read(number)
    assert (before["status"], before["state"], before["current"]["version"]) == ("valid", "modified", 1)
    assert before["coming"]["valid_until"] == "2027-12-31"
    assert not (await status_list(desk)).is_set(old_index)
    await desk.pass_time(timedelta(seconds=1))
    after = await desk.read(number)
    assert (after["status"], after["state"], after["current"]["version"]) == ("valid", "in_force", 2)
    assert after["current"]["valid_until"] == "2027-12-31"
    assert after["current"]["conditions"] == ["Shows the letter."]
    assert settled[0] not in after["current"]["settled"]
    version, new_index = await index_carried(desk, number)
    bits = await status_list(desk)
    assert version == 2
    assert (bits.is_set(old_index), bits.is_set(new_index)) == (True, False)


async def test_comments_are_open_for_thirty_days_and_adoption_waits_for_them(desk: RulingDesk) -> None:
    number = await desk.issue()
    await proposed(desk, number, MODIFY)
    assert (await desk.act(number, "adoption", ANSWER)).json()["type"] == "/problems/step-not-ready"
    said = await desk.act(number, "comments", {"text": "We hired on the strength of it."}, Role.APPLICANT)
    assert said.status_code == 200
    assert [each["text"] for each in (await desk.read(number))["proposal"]["comments"]] == [
        "We hired on the strength of it."
    ]
    await desk.pass_time(timedelta(days=30))
    late = await desk.act(number, "comments", {"text": "One more thing."}, Role.APPLICANT)
    assert late.json()["type"] == "/problems/step-not-ready"


async def test_a_proposal_that_nobody_adopts_falls_after_sixty_days(desk: RulingDesk) -> None:
    number = await desk.issue()
    await proposed(desk, number, REVOKE)
    await desk.pass_time(timedelta(days=60) - timedelta(seconds=1))
    assert (await desk.read(number))["state"] == "change_proposed"
    await desk.pass_time(timedelta(seconds=1))
    assert (await desk.read(number))["state"] == "in_force"
    assert await desk.status(number) == "valid"


async def test_a_proposal_can_be_dropped(desk: RulingDesk) -> None:
    number = await desk.issue()
    await proposed(desk, number, REVOKE)
    assert (await desk.act(number, "drop", {"reason": "The comment convinced us."})).json()["state"] == "in_force"


@pytest.mark.parametrize("example", ["US-CASE-11", "CA-CASE-24"])
async def test_a_revocation_has_effect_after_sixty_days(desk: RulingDesk, example: str) -> None:
    number = await desk.issue(example)
    _, index = await index_carried(desk, number)
    await adopted(desk, number, REVOKE)
    await desk.pass_time(timedelta(days=60) - timedelta(seconds=1))
    assert await desk.status(number) == "valid"
    assert not (await status_list(desk)).is_set(index)
    desk.clock.move(timedelta(seconds=1))
    assert await desk.status(number) == "revoked"
    assert (await status_list(desk)).is_set(index)


@pytest.mark.parametrize("proposal", [MODIFY, REVOKE], ids=["modified", "revoked"])
async def test_reliance_postpones_the_effect_by_ninety_days_at_most(desk: RulingDesk, proposal: dict[str, Any]) -> None:
    number = await desk.issue()
    await adopted(desk, number, proposal)
    relied = "A worker was hired and a lease was signed."
    too_long = {"reliance": relied, "until": "2027-05-21T15:00:01Z"}
    assert (await desk.act(number, "postponement", too_long)).json()["type"] == "/problems/step-not-ready"
    postponed = await desk.act(number, "postponement", {"reliance": relied, "until": "2027-05-20T15:00:00Z"})
    assert postponed.json()["effective_from"] == "2027-05-20T15:00:00.000000Z"
    await desk.pass_time(timedelta(days=60))
    told = await desk.read(number)
    assert (told["status"], told["current"]["version"]) == ("valid", 1)
    again = await desk.act(number, "postponement", {"reliance": relied, "until": "2027-05-20T16:00:00Z"})
    assert again.json()["type"] == "/problems/step-not-ready"
    await desk.pass_time(timedelta(days=90))
    told = await desk.read(number)
    assert (told["status"] == "revoked") if proposal is REVOKE else (told["current"]["valid_until"] == "2027-12-31")


async def test_a_letter_changes_only_a_young_ruling(desk: RulingDesk) -> None:
    change = {"letter_sent_on": "2026-11-21", "modification": {"valid_until": "2027-12-31"}, "reasons": REASONS}
    young, old = await desk.issue(), await desk.issue(document="DEMO00002")
    await desk.pass_time(timedelta(days=60) - timedelta(seconds=1))
    assert (await desk.act(young, "short-change", change)).json()["state"] == "modified"
    await desk.pass_time(timedelta(seconds=1))
    assert (await desk.act(old, "short-change", change)).json()["type"] == "/problems/step-not-ready"


async def test_a_suspension_ends_by_itself_after_thirty_days(desk: RulingDesk) -> None:
    number = await desk.issue()
    _, index = await index_carried(desk, number)
    assert (await desk.act(number, "suspension", SUSPEND)).status_code == 200
    assert await desk.status(number) == "suspended"
    assert (await status_list(desk)).is_set(index)
    await desk.pass_time(timedelta(days=30) - timedelta(seconds=1))
    assert await desk.status(number) == "suspended"
    await desk.pass_time(timedelta(seconds=1))
    assert await desk.status(number) == "valid"
    assert not (await status_list(desk)).is_set(index)
    assert (await desk.read(number))["state"] == "in_force"


async def test_a_suspension_needs_a_listed_ground_and_can_be_ended(desk: RulingDesk) -> None:
    number = await desk.issue("CA-CASE-24")
    refused = await desk.act(number, "suspension", {**SUSPEND, "ground": "disagreement"})
    assert refused.status_code == 422
    assert "order_under_irpa_87_302" in refused.json()["errors"][0]["detail"]
    await desk.act(number, "suspension", {**SUSPEND, "ground": "order_under_irpa_87_302"})
    assert (await desk.act(number, "resumption", {"reason": "The order was lifted."})).json()["state"] == "in_force"
    assert await desk.status(number) == "valid"


async def test_falsehood_revokes_at_once_after_the_holder_was_heard(desk: RulingDesk) -> None:
    number = await desk.issue()
    body = {"document": "Degree register, extract 7", "reasons": REASONS, "from_the_beginning": True}
    assert (await desk.act(number, "revocation", body)).status_code == 422
    revoked = await desk.act(number, "revocation", {**body, "heard_on": "2026-11-20"})
    assert revoked.json()["effective_from"] == (await desk.read(number))["history"][0]["at"]
    assert await desk.status(number) == "revoked"


async def test_a_new_ruling_on_changed_facts_takes_the_place_of_the_old_one(desk: RulingDesk) -> None:
    old = await desk.issue()
    _, index = await index_carried(desk, old)
    async with desk.client(Role.APPLICANT, HOLDER) as holder:
        begun = await holder.post(f"/rulings/{old}/update", json={})
    assert begun.status_code == 201, begun.text
    new = await desk.issue(replaces=old, document="DEMO00001")
    assert await desk.status(old) == "revoked"
    assert (await desk.read(old))["state"] == "superseded"
    assert await desk.status(new) == "valid"
    assert (await status_list(desk)).is_set(index)


async def test_only_the_authority_of_that_country_changes_a_ruling(desk: RulingDesk) -> None:
    number = await desk.issue("US-CASE-11")
    async with desk.client(Role.SUPERVISOR, port="CA-YUL") as canadian, desk.client(Role.ADJUDICATOR) as adjudicator:
        other_side = await canadian.post(f"/rulings/{number}/suspension", json=SUSPEND, headers={"If-Match": "*"})
        at_desk = await adjudicator.post(f"/rulings/{number}/suspension", json=SUSPEND, headers={"If-Match": "*"})
    assert other_side.json()["type"] == "/problems/not-your-step"
    assert at_desk.status_code == 403
    assert await desk.status(number) == "valid"


async def test_another_applicant_learns_nothing_of_a_ruling(desk: RulingDesk) -> None:
    number = await desk.issue()
    async with desk.client(Role.APPLICANT, "somebody-else") as stranger:
        answers = [await stranger.get(f"/rulings/{number}{what}") for what in ("", "/token", "/qr.svg")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]


async def test_a_stale_change_is_refused_and_a_repeat_gets_its_first_answer(desk: RulingDesk) -> None:
    number = await desk.issue()
    async with desk.client(Role.SUPERVISOR) as client:
        tag = (await client.get(f"/rulings/{number}")).headers["etag"]
        headers = {"If-Match": tag, "Idempotency-Key": "once"}
        first = await client.post(f"/rulings/{number}/suspension", json=SUSPEND, headers=headers)
        repeat = await client.post(f"/rulings/{number}/suspension", json=SUSPEND, headers=headers)
        stale = await client.post(
            f"/rulings/{number}/resumption", json={"reason": "Lifted."}, headers={"If-Match": tag}
        )
    assert repeat.json() == first.json()
    assert repeat.headers["idempotency-replayed"] == "true"
    assert stale.status_code == 412


async def test_admission_is_told_of_every_change_without_a_name(tmp_path: Path, clock: MovingClock) -> None:
    async with ruling_desk(tmp_path, clock, event_addresses={"admission": "http://admission.test"}) as desk:
        number = await desk.issue()
        await desk.act(number, "suspension", SUSPEND)
        await desk.pass_time(timedelta(days=30))
        await adopted(desk, number, REVOKE)
        async with desk.service.state.engine.connect() as connection:
            statement = text("SELECT payload FROM jobs WHERE kind = 'event' ORDER BY created_at, id")
            sent = [json.loads(each)["event"] for each in (await connection.execute(statement)).scalars()]
    assert [each["type"] for each in sent] == ["ruling.issued", "ruling.suspended", "ruling.resumed", "ruling.revoked"]
    assert {each["subject"] for each in sent} == {number}
    assert sent[-1]["data"]["effective_from"] == "2027-03-21T15:00:00.000000Z"
    assert "monstration" not in json.dumps(sent)
