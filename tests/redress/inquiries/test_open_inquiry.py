"""Opening an inquiry: by number and secret only; wrong and absent look alike; who guesses is locked out (T6)."""

import statistics
import time
from datetime import timedelta

import httpx
import pytest
from tests.admission.cases import is_problem
from tests.conftest import Desk, MovingClock
from tests.redress.inquiries.cases import INQUIRY, at_some_address, filed, opened_by, read, step

from redress.inquiries.access_secret import LETTERS, new_control_number, new_salt, secret_of

pytestmark = pytest.mark.anyio


def wrong_secret() -> str:
    """A secret with its check character, of nobody's."""
    return secret_of(b"not the key", new_salt())


def without_id(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """What a caller sees, but for the request's own id."""
    headers = [(name, value) for name, value in answer.headers.items() if name != "x-request-id"]
    return answer.status_code, answer.content, headers


async def test_number_and_secret_open_it_however_they_are_typed(desk: Desk) -> None:
    told = await filed(desk.suite)
    by_hand = told["control_number"].lower(), "-".join(told["secret"][i : i + 4] for i in range(0, 22, 4)).lower()
    async with at_some_address(desk.suite, by_hand) as traveller:
        assert (await read(traveller))["control_number"] == told["control_number"]


async def test_the_number_with_a_birth_date_opens_nothing(desk: Desk) -> None:
    told = await filed(desk.suite)
    async with at_some_address(desk.suite, (told["control_number"], "1988-04-12")) as guess:
        answer = await guess.get(INQUIRY)
    is_problem(answer, 401, "wrong-number-or-secret")
    assert answer.headers["www-authenticate"].startswith("Basic ")


async def test_one_inquirys_secret_does_not_open_another(desk: Desk) -> None:
    first, second = await filed(desk.suite), await filed(desk.suite)
    async with opened_by(desk.suite, first, second["secret"]) as crossed:
        is_problem(await crossed.get(INQUIRY), 401, "wrong-number-or-secret")


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic " + "QQ==" * 400, "Bearer abc", "Basic /w==", ""])
async def test_a_header_that_is_none_opens_nothing(desk: Desk, header: str) -> None:
    async with at_some_address(desk.suite) as anyone:
        is_problem(await anyone.get(INQUIRY, headers={"Authorization": header}), 401, "wrong-number-or-secret")


async def test_absent_and_wrong_give_the_same_bytes_and_the_same_work(desk: Desk) -> None:
    """A thousand pairs: a number that is not there, and one that is, with secrets that are neither's."""
    told = [await filed(desk.suite, draft=True) for _ in range(100)]  # ten misses each, which is all that is let pass
    seen, times = set(), {"absent": [], "wrong": []}  # type: ignore[var-annotated]
    for pair in range(1_000):
        present = told[pair % len(told)]["control_number"]
        both = [("absent", new_control_number()), ("wrong", present)]
        for kind, number in both if pair % 2 else reversed(both):
            async with at_some_address(desk.suite, (number, wrong_secret())) as guess:
                began = time.perf_counter()
                answer = await guess.get(INQUIRY)
                times[kind].append(time.perf_counter() - began)
            seen.add((answer.status_code, answer.content, tuple(without_id(answer)[2])))
    assert len(seen) == 1
    assert next(iter(seen))[0] == 401
    apart = abs(statistics.median(times["absent"]) - statistics.median(times["wrong"]))
    assert apart < 0.001


async def test_after_ten_misses_a_number_is_locked_from_everywhere_even_for_its_owner(
    desk: Desk, clock: MovingClock
) -> None:
    told = await filed(desk.suite)
    for _ in range(10):
        async with opened_by(desk.suite, told, wrong_secret()) as guess:
            is_problem(await guess.get(INQUIRY), 401, "wrong-number-or-secret")
    async with opened_by(desk.suite, told) as owner:
        locked = await owner.get(INQUIRY)
        is_problem(locked, 429, "too-many-tries")
        assert 0 < int(locked.headers["retry-after"]) <= 901
        clock.move(timedelta(minutes=16))
        assert (await read(owner))["control_number"] == told["control_number"]


async def test_a_number_that_is_not_there_is_locked_just_the_same(desk: Desk) -> None:
    number = new_control_number()
    answers = []
    for _ in range(11):
        async with at_some_address(desk.suite, (number, wrong_secret())) as guess:
            answers.append((await guess.get(INQUIRY)).status_code)
    assert answers == [401] * 10 + [429]


async def test_after_ten_misses_an_address_is_locked_for_every_number(desk: Desk) -> None:
    told = await filed(desk.suite)
    for _ in range(10):
        async with at_some_address(desk.suite, (new_control_number(), wrong_secret()), "192.0.2.7") as guess:
            assert (await guess.get(INQUIRY)).status_code == 401
    async with at_some_address(desk.suite, (told["control_number"], told["secret"]), "192.0.2.7") as same:
        is_problem(await same.get(INQUIRY), 429, "too-many-tries")
    async with opened_by(desk.suite, told) as elsewhere:
        assert (await elsewhere.get(INQUIRY)).status_code == 200


async def test_a_slip_of_the_pen_does_not_lock_the_inquiry(desk: Desk) -> None:
    told = await filed(desk.suite)
    slip = told["secret"][:-1] + LETTERS[(LETTERS.index(told["secret"][-1]) + 1) % len(LETTERS)]
    for _ in range(12):
        async with opened_by(desk.suite, told, slip) as typing:
            assert (await typing.get(INQUIRY)).status_code == 401
    async with opened_by(desk.suite, told) as owner:
        assert (await owner.get(INQUIRY)).status_code == 200


async def test_a_change_says_what_was_read(desk: Desk) -> None:
    told = await filed(desk.suite)
    async with opened_by(desk.suite, told) as traveller:
        is_problem(await traveller.patch(INQUIRY, json={"narrative": "Une fois."}), 428, "precondition-required")
        assert (await step(traveller, told, "", {"narrative": "Une fois."}, method="PATCH")).status_code == 200
        stale = await step(traveller, told, "", {"narrative": "Deux fois."}, method="PATCH")
        is_problem(stale, 412, "stale-version")
        assert (await read(traveller))["narrative"] == "Une fois."
