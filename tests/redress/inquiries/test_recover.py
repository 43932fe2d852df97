"""The way back: the same answer and the same work for everybody; a message to the address on file, and no other."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text
from tests.admission.cases import is_problem
from tests.conftest import Desk, MovingClock
from tests.redress.conftest import service_of
from tests.redress.inquiries.cases import EMAIL, RECOVERY, at_some_address, filed, opened_by, person, read
from tests.redress.inquiries.messages import about, secret_in
from tests.redress.inquiries.test_open_inquiry import without_id

pytestmark = pytest.mark.anyio


def asked(number: int, **changes: str) -> dict[str, str]:
    whole = person(number)
    return {**{name: whole[name] for name in ("surname", "given_names", "born_on")}, "email": EMAIL, **changes}


async def jobs(desk: Desk) -> list[dict[str, str]]:
    """Requests that wait, as they are kept."""
    async with service_of(desk).state.engine.connect() as connection:
        rows = await connection.execute(text("SELECT payload FROM jobs WHERE kind = 'recovery' ORDER BY id"))
        return [json.loads(row.payload) for row in rows]


async def test_who_lost_the_secret_is_sent_it_again(desk: Desk) -> None:
    told = await filed(desk.suite, identity=person(10), contact={"email": EMAIL})
    before = await about(desk, told["control_number"])
    async with at_some_address(desk.suite) as anyone:
        answer = await anyone.post(RECOVERY, json=asked(10, surname="COTE-K", email=EMAIL.upper()))
    assert answer.status_code == 202
    after = await about(desk, told["control_number"])
    assert len(after) == len(before) + 1
    assert "retrouver votre demande" in after[-1]["Subject"]
    assert "Éloïse" not in after[-1].get_content()
    async with opened_by(desk.suite, told, secret_in(after[-1])) as traveller:
        assert (await read(traveller))["identity"]["given_names"] == "Éloïse"


async def test_present_absent_and_another_address_are_answered_and_worked_alike(desk: Desk) -> None:
    told = await filed(desk.suite, identity=person(11), contact={"email": EMAIL})
    sent = len(await about(desk, told["control_number"]))
    answers, kept = set(), []
    for body in (asked(11), asked(12), asked(11, email="stranger@example.org"), asked(11, born_on="1988-04-13")):
        async with at_some_address(desk.suite) as anyone:
            answer = await anyone.post(RECOVERY, json=body)
        answers.add((answer.status_code, answer.content, tuple(without_id(answer)[2])))
        (job,) = await jobs(desk)
        kept.append(sorted((name, len(value)) for name, value in job.items()))
        assert "Côté" not in json.dumps(job, ensure_ascii=False)
        after = await about(desk, told["control_number"])
        assert len(after) - sent == (1 if body == asked(11) else 0)
        sent = len(after)
    assert len(answers) == 1
    assert kept == [kept[0]] * 4


async def test_nobody_is_flooded_with_messages(desk: Desk, clock: MovingClock) -> None:
    answers = []
    for _ in range(6):
        async with at_some_address(desk.suite) as anyone:
            answers.append(await anyone.post(RECOVERY, json=asked(13)))
    assert [each.status_code for each in answers] == [202] * 5 + [429]
    is_problem(answers[-1], 429, "too-many-tries")
    clock.move(timedelta(hours=2))
    async with at_some_address(desk.suite) as anyone:
        assert (await anyone.post(RECOVERY, json=asked(13))).status_code == 202


async def test_what_is_asked_with_is_whole(desk: Desk) -> None:
    async with at_some_address(desk.suite) as anyone:
        is_problem(await anyone.post(RECOVERY, json={**asked(14), "email": "x"}), 422, "invalid-request", "/email")
        is_problem(await anyone.post(RECOVERY, json={**asked(14), "to": EMAIL}), 422, "invalid-request", "/to")
