"""A request repeated with its Idempotency-Key gets the first answer and is done once."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.admission.cases import EXAMINATIONS, admit, engineer, is_problem, opened, step, technician
from tests.admission.desks import running_suite
from tests.admission.rows import counts, select
from tests.conftest import Desk, MovingClock

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk(fresh_desk: Desk) -> Desk:
    """These tests use the same key again and again."""
    return fresh_desk


KEY = {"Idempotency-Key": "lane-1/0001"}


async def test_a_repeat_gets_the_same_bytes_and_headers(desk: Desk, officer: httpx.AsyncClient) -> None:
    first = await officer.post(EXAMINATIONS, json=engineer(), headers=KEY)
    before = counts(desk.data)
    desk.clock.now = desk.clock.now.replace(hour=20)
    second = await officer.post(EXAMINATIONS, json=engineer(), headers=KEY)
    assert first.status_code == second.status_code == 201
    assert second.content == first.content
    for name in ("etag", "location", "content-type"):
        assert second.headers[name] == first.headers[name]
    assert second.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert counts(desk.data) == before


async def test_the_first_answer_outlives_a_restart(tmp_path: Path, clock: MovingClock) -> None:
    bodies = []
    for _ in range(2):
        async with running_suite(tmp_path, clock) as desk, desk.client() as officer:
            bodies.append((await officer.post(EXAMINATIONS, json=engineer(), headers=KEY)).content)
    assert bodies[0] == bodies[1]
    assert select(tmp_path, "SELECT count(*) FROM examinations") == [(1,)]


@pytest.mark.parametrize(
    "second",
    [engineer(language="en"), engineer(scan__fields__document_number="GA302923"), technician()],
)
async def test_the_key_of_another_request_is_refused(
    desk: Desk, officer: httpx.AsyncClient, second: dict[str, Any]
) -> None:
    await officer.post(EXAMINATIONS, json=engineer(), headers=KEY)
    before = counts(desk.data)
    is_problem(await officer.post(EXAMINATIONS, json=second, headers=KEY), 422, "idempotency-key-reused")
    assert counts(desk.data) == before


async def test_a_key_used_at_one_address_is_refused_at_another(officer: httpx.AsyncClient) -> None:
    first = await opened(officer, engineer())
    other = await opened(officer, engineer())
    body = {"reason": "Duties unclear."}
    assert (await step(officer, first, "referral", body, idempotency_key="k-1")).status_code == 200
    is_problem(await step(officer, other, "referral", body, idempotency_key="k-1"), 422, "idempotency-key-reused")


async def test_the_same_key_of_another_caller_is_another_key(desk: Desk) -> None:
    async with desk.client(subject="first") as first, desk.client(subject="second") as second:
        answers = [await each.post(EXAMINATIONS, json=engineer(), headers=KEY) for each in (first, second)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] != answers[1].json()["id"]


async def test_without_a_key_each_request_is_a_new_one(officer: httpx.AsyncClient) -> None:
    assert (await opened(officer, engineer()))["id"] != (await opened(officer, engineer()))["id"]


async def test_twenty_repeats_at_once_open_one_examination(desk: Desk, officer: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(officer.post(EXAMINATIONS, json=engineer(), headers=KEY) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert select(desk.data, "SELECT count(*) FROM examinations") == [(1,)]
    assert select(desk.data, "SELECT count(*) FROM audit_entries WHERE event = 'examination.opened'") == [(1,)]


async def test_twenty_repeats_of_one_decision_at_once_decide_once_and_all_hear_it(
    desk: Desk, officer: httpx.AsyncClient
) -> None:
    examination = await opened(officer, engineer())
    answers = await asyncio.gather(
        *(step(officer, examination, "decision", admit(), idempotency_key="d-1") for _ in range(20))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert select(desk.data, "SELECT count(*) FROM revisions WHERE kind = 'decided'") == [(1,)]


async def test_a_repeat_of_a_step_is_answered_though_the_examination_went_on(officer: httpx.AsyncClient) -> None:
    examination = await opened(officer, engineer(findings={}))
    body = {"findings": {"US-TN-13": "met"}}
    first = await step(officer, examination, "facts", body, idempotency_key="f-1")
    await step(officer, first.json(), "referral", {"reason": "Duties unclear."})
    second = await step(officer, examination, "facts", body, idempotency_key="f-1")
    assert second.content == first.content


async def test_a_request_that_was_refused_leaves_its_key_free(officer: httpx.AsyncClient) -> None:
    examination = await opened(officer, technician())
    decision = {"action": "admit", "class": "us.b1.usmca", "reason": "Seen."}
    is_problem(
        await step(officer, examination, "decision", decision, idempotency_key="d-2"),
        422,
        "departure-not-explained",
        "/departures",
    )
    explained = {**decision, "departures": [{"requirement": "US-B1-38", "reason": "The invoice names Ontario."}]}
    assert (await step(officer, examination, "decision", explained, idempotency_key="d-2")).status_code == 200


@pytest.mark.parametrize(
    "key", ["", " ", "a b", "k" * 256, "k" * 10_000, "clé".encode(), "ключ".encode(), b"\xff", "a\tb"]
)
async def test_a_key_that_cannot_be_one_is_refused_and_nothing_stored(
    desk: Desk, officer: httpx.AsyncClient, key: str | bytes
) -> None:
    before = counts(desk.data)
    raw = key if isinstance(key, bytes) else key.encode()
    headers = [(b"content-type", b"application/json"), (b"idempotency-key", raw)]
    answer = await officer.post(EXAMINATIONS, content=json.dumps(engineer()).encode(), headers=headers)
    document = is_problem(answer, 422, "invalid-request", "/Idempotency-Key")
    assert "255" in document["errors"][0]["detail"]
    assert len(answer.content) < 1_000
    assert counts(desk.data) == before


@pytest.mark.parametrize("key", ["k", "k" * 255, "!~", '"quoted"'])
async def test_any_printable_key_up_to_255_characters_serves(officer: httpx.AsyncClient, key: str) -> None:
    for _ in range(2):
        answer = await officer.post(EXAMINATIONS, json=engineer(), headers={"Idempotency-Key": key})
        assert answer.status_code == 201
    assert answer.headers["idempotency-replayed"] == "true"
