"""The registry: drafts that holders see first, objections, patterns too rare to tell, tombstones, search, the file."""

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from tests.advance_ruling.rulings_desk import EXAMPLES, HOLDER, RulingDesk

from crossing.kit.identity import Role

pytestmark = pytest.mark.anyio

REASON = (
    "The degree is the one the list asks for. Une Démonstration showed it in person. "
    "The salary is paid from abroad. The post is that of an engineer."
)
REASONS = [{"requirement": "US-TN-03", "text": REASON}]


async def five_alike(desk: RulingDesk, example: str = "US-CASE-11", **changes: Any) -> list[str]:
    """Rulings on one pattern of facts, for five firms."""
    return [
        await desk.issue(example, document=f"DEMO0000{place}", petitioner=f"DEMO-FIRM-{place}", **changes)
        for place in range(5)
    ]


async def found(desk: RulingDesk, **query: str) -> list[dict[str, Any]]:
    """What anyone finds."""
    async with desk.client(None) as anyone:
        answer = await anyone.get("/registry", params=query)
    assert answer.status_code == 200, answer.text
    digests: list[dict[str, Any]] = answer.json()["digests"]
    return digests


async def draft(desk: RulingDesk, number: str) -> dict[str, Any]:
    """The draft as its holder sees it."""
    async with desk.client(Role.APPLICANT, HOLDER) as holder:
        answer = await holder.get(f"/registry/{number}/draft")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_digest_is_published_after_its_holder_saw_it_for_fourteen_days(desk: RulingDesk) -> None:
    numbers = await five_alike(desk)
    await desk.pass_time(timedelta(hours=1))
    seen = await draft(desk, numbers[0])
    assert seen["published_at"] is None
    assert seen["published_not_before"][:10] == "2026-12-05"
    await desk.pass_time(timedelta(days=13))
    assert await found(desk) == []
    await desk.pass_time(timedelta(days=2))
    digests = await found(desk)
    assert {digest["number"] for digest in digests} == set(numbers)
    assert digests[0]["question"].startswith("Does a person on these facts qualify")
    assert digests[0]["status"] == "valid"


async def test_no_name_pay_or_number_of_the_file_is_ever_told(desk: RulingDesk) -> None:
    numbers = await five_alike(desk, reasons=REASONS, facts={"remuneration.yearly_amount": 91234})
    await desk.pass_time(timedelta(days=16))
    async with desk.client(None) as anyone:
        told = (await anyone.get(f"/registry/{numbers[0]}")).text
        everything = (await anyone.get("/registry/bulk")).text
    reasons = [reason["text"] for reason in json.loads(told)["reasons"]]
    assert reasons == ["The degree is the one the list asks for.", "The post is that of an engineer."]
    for secret in ("monstration", "DEMO", "91234", "salary", "1988-04-12", "2036-10-31"):
        assert secret not in told + everything


async def test_a_pattern_that_fewer_than_five_share_is_held_back(desk: RulingDesk) -> None:
    numbers = (await five_alike(desk))[:4]
    same_firm = await desk.issue("CA-CASE-24", petitioner="DEMO-FIRM-1")
    await desk.pass_time(timedelta(days=40))
    assert len(await found(desk, into="US")) == 5
    assert await found(desk, into="CA") == []
    async with desk.client(None) as anyone:
        assert (await anyone.get(f"/registry/{same_firm}")).status_code == 404
        assert (await anyone.get(f"/registry/{numbers[0]}")).status_code == 200


async def test_several_rulings_of_one_firm_do_not_hide_it(desk: RulingDesk) -> None:
    for place in range(5):
        await desk.issue(document=f"DEMO0000{place}", petitioner="DEMO-FIRM-1")
    await desk.pass_time(timedelta(days=40))
    assert await found(desk) == []


async def test_a_rare_pattern_is_made_more_general_until_five_share_it(desk: RulingDesk) -> None:
    for place in range(5):
        level = ["baccalaureate", "master", "doctorate", "baccalaureate", "master"][place]
        credentials = [{"country": "CA", "kind": "degree", "level": level, "discipline": f"field_{place}"}]
        facts = {"credentials": credentials}
        await desk.issue(document=f"DEMO0000{place}", petitioner=f"DEMO-FIRM-{place}", facts=facts)
    await desk.pass_time(timedelta(days=40))
    digests = await found(desk)
    assert len(digests) == 5
    assert all("credentials" not in digest["facts"] for digest in digests)
    assert all(digest["facts"]["position.profession"] == "engineer" for digest in digests)


async def object_to(desk: RulingDesk, number: str, sentence: str) -> None:
    body = {"sentence": sentence, "reason": "It tells how we work."}
    async with desk.client(Role.APPLICANT, HOLDER) as holder:
        assert (await holder.post(f"/registry/{number}/objections", json=body)).status_code == 200


async def answer_to(desk: RulingDesk, number: str, sentence: str, subject: str, *, upheld: bool) -> int:
    body = {"sentence": sentence, "upheld": upheld, "answer": "It was weighed."}
    async with desk.client(Role.ADJUDICATOR, subject) as reader:
        return (await reader.post(f"/registry/{number}/objections/answer", json=body)).status_code


async def test_an_objection_waits_for_its_answer_but_not_past_thirty_days(desk: RulingDesk) -> None:
    numbers = await five_alike(desk, reasons=REASONS)
    await desk.pass_time(timedelta(hours=1))
    upheld, let_stand, unanswered = numbers[:3]
    for number in numbers[:3]:
        await object_to(desk, number, "reason-1-2")
    await answer_to(desk, upheld, "reason-1-2", "second-reader", upheld=True)
    await answer_to(desk, let_stand, "reason-1-2", "second-reader", upheld=False)
    await desk.pass_time(timedelta(days=15))
    reasons = {digest["number"]: len(digest["reasons"]) for digest in await found(desk)}
    assert (reasons[upheld], reasons[let_stand]) == (1, 2)
    assert unanswered not in reasons
    await desk.pass_time(timedelta(days=15))
    reasons = {digest["number"]: len(digest["reasons"]) for digest in await found(desk)}
    assert reasons[unanswered] == 1


async def test_an_objection_names_a_sentence_and_is_answered_once(desk: RulingDesk) -> None:
    number = await desk.issue(reasons=REASONS)
    await desk.pass_time(timedelta(hours=1))
    async with desk.client(Role.APPLICANT, HOLDER) as holder, desk.client(Role.APPLICANT, "else") as stranger:
        unknown = await holder.post(
            f"/registry/{number}/objections", json={"sentence": "reason-9-9", "reason": "It is wrong."}
        )
        other = await stranger.get(f"/registry/{number}/draft")
    assert unknown.json()["errors"][0]["pointer"] == "/sentence"
    assert other.status_code == 404
    await object_to(desk, number, "reason-1-1")
    assert await answer_to(desk, number, "reason-1-1", "second-reader", upheld=True) == 200
    assert await answer_to(desk, number, "reason-1-1", "second-reader", upheld=False) == 409


async def test_a_revoked_ruling_stays_as_a_tombstone(desk: RulingDesk) -> None:
    numbers = await five_alike(desk)
    await desk.pass_time(timedelta(days=16))
    body = {
        "document": "Degree register, extract 7",
        "heard_on": "2026-11-30",
        "reasons": [{"requirement": "US-TN-03", "text": "The degree was never conferred."}],
    }
    assert (await desk.act(numbers[0], "revocation", body)).status_code == 200
    await desk.pass_time(timedelta(days=16))
    async with desk.client(None) as anyone:
        told = (await anyone.get(f"/registry/{numbers[0]}")).json()
        lines = [json.loads(line) for line in (await anyone.get("/registry/bulk")).text.splitlines()]
    assert (told["kind"], told["status"], told["facts"]) == ("revoked", "revoked", {})
    assert told["withdrawn_on"] == "2026-12-07"
    assert [step["event"] for step in told["status_history"]] == ["issue", "effective", "revoke_false"]
    assert [line["kind"] for line in lines if line["number"] == numbers[0]] == ["issued", "revoked"]
    assert [digest["kind"] for digest in await found(desk) if digest["number"] == numbers[0]] == ["revoked"]


async def test_a_superseded_ruling_names_the_one_in_its_place(desk: RulingDesk) -> None:
    numbers = await five_alike(desk)
    new = await desk.issue(replaces=numbers[0], petitioner="DEMO-FIRM-0")
    await desk.pass_time(timedelta(days=16))
    async with desk.client(None) as anyone:
        told = (await anyone.get(f"/registry/{numbers[0]}")).json()
    assert (told["kind"], told["replaced_by"]) == ("superseded", new)


async def test_a_denial_on_law_is_published_under_a_number_of_its_own(desk: RulingDesk) -> None:
    reasons = [{"requirement": "US-TN-07", "text": "The post is not on the list."}]
    for place in range(5):
        denied = EXAMPLES["US-CASE-19"]
        identifier = await desk.under_review(
            denied, document=f"DEMO0000{place}", petitioner=f"DEMO-FIRM-{place}", reasons=reasons
        )
        await desk.deny(identifier)
    await desk.pass_time(timedelta(days=16))
    digests = await found(desk, q="not on the list")
    assert sorted(digest["number"] for digest in digests) == [f"US-TN-2026-00000{place}" for place in range(1, 6)]
    assert {digest["status"] for digest in digests} == {"denied"}
    assert "US-TN-07" in digests[0]["holding"]
    assert await desk.status("US-TN-2026-000001") == "unknown"


async def test_search_finds_by_words_class_requirement_country_and_day(desk: RulingDesk) -> None:
    american = await five_alike(desk, reasons=REASONS)
    await desk.pass_time(timedelta(days=1))
    canadian = await five_alike(desk, "CA-CASE-24")
    await desk.pass_time(timedelta(days=16))

    async def numbers(**query: str) -> set[str]:
        return {digest["number"] for digest in await found(desk, **query)}

    assert await numbers(q="LIST ásks") == set(american)
    assert await numbers(q="ingenieur") == await numbers(q="Ingénieur") != set()
    assert await numbers(q="nowhere") == set()
    assert await numbers(**{"class": "ca.work_permit.t36"}) == set(canadian)
    assert await numbers(requirement="US-TN-03") == set(american)
    assert await numbers(requirement="US-TN-03", into="CA") == set()
    assert await numbers(into="CA") == set(canadian)
    assert await numbers(**{"from": "2026-11-22"}) == set(canadian)
    assert await numbers(to="2026-11-21") == set(american)
    async with desk.client(None) as anyone:
        assert (await anyone.get("/registry", params={"q": "???"})).status_code == 422


async def test_pages_follow_one_another_without_gap_or_repeat(desk: RulingDesk) -> None:
    numbers = await five_alike(desk)
    await desk.pass_time(timedelta(days=16))
    pages, cursor = [], None
    async with desk.client(None) as anyone:
        while True:
            query = {"q": "engineer", "limit": "2", **({"cursor": cursor} if cursor else {})}
            page = (await anyone.get("/registry", params=query)).json()
            pages.append([digest["number"] for digest in page["digests"]])
            cursor = page["next"]
            if cursor is None:
                break
    assert [len(page) for page in pages] == [2, 2, 1]
    assert sorted(number for page in pages for number in page) == sorted(numbers)


async def test_the_file_of_everything_has_its_checksum(desk: RulingDesk) -> None:
    numbers = await five_alike(desk)
    await desk.pass_time(timedelta(days=16))
    async with desk.client(None) as anyone:
        file = await anyone.get("/registry/bulk")
        unchanged = await anyone.get("/registry/bulk", headers={"If-None-Match": file.headers["etag"]})
    summed = hashlib.sha256(file.content).digest()
    assert file.headers["content-digest"] == f"sha-256=:{base64.b64encode(summed).decode()}:"
    assert file.headers["etag"] == f'"{summed.hex()}"'
    assert {json.loads(line)["number"] for line in file.text.splitlines()} == set(numbers)
    assert unchanged.status_code == 304
