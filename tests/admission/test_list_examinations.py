"""The port's examinations, newest first, by pages that neither skip nor repeat while travellers keep arriving."""

from urllib.parse import urlsplit

import httpx
import pytest
from tests.admission.cases import EXAMINATIONS, admit, engineer, is_problem, opened, refuse, technician, took
from tests.conftest import Desk

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk(fresh_desk: Desk) -> Desk:
    """These tests count all there is."""
    return fresh_desk


async def test_pages_have_every_examination_once_though_new_ones_arrive(officer: httpx.AsyncClient) -> None:
    there = [(await opened(officer, engineer()))["id"] for _ in range(7)]
    address: str | None = f"{EXAMINATIONS}?limit=2"
    seen: list[str] = []
    pages = 0
    while address:
        answer = await officer.get(address)
        body = answer.json()
        seen += [each["id"] for each in body["examinations"]]
        pages += 1
        following = answer.links.get("next", {}).get("url")
        assert bool(following) is bool(body["next"])
        assert body["next"] is None or body["next"] in following
        address = following
        await opened(officer, engineer())
    assert seen == sorted(there, reverse=True)
    assert pages == 4


async def test_the_last_page_names_no_next(officer: httpx.AsyncClient) -> None:
    for _ in range(2):
        await opened(officer, engineer())
    answer = await officer.get(EXAMINATIONS, params={"limit": 2})
    assert answer.json()["next"] is None
    assert "link" not in answer.headers


async def test_the_link_to_the_next_page_keeps_the_filter(officer: httpx.AsyncClient) -> None:
    for _ in range(3):
        await took(officer, await opened(officer, technician()), "decision", refuse())
    await opened(officer, engineer())
    answer = await officer.get(EXAMINATIONS, params={"limit": 2, "state": "decided"})
    following = answer.links["next"]["url"]
    assert urlsplit(following).path == EXAMINATIONS
    assert "state=decided" in following
    last = (await officer.get(following)).json()["examinations"]
    assert [each["state"] for each in last] == ["decided"]


async def test_examinations_are_found_by_the_state_they_are_in_now(officer: httpx.AsyncClient) -> None:
    primary = await opened(officer, engineer())
    secondary = await took(officer, await opened(officer, engineer()), "referral", {"reason": "Duties unclear."})
    decided = await took(officer, await opened(officer, engineer()), "decision", admit())
    gone = await took(officer, await opened(officer, engineer()), "withdrawal", {"reason": "Went home."})
    for examination in (primary, secondary, decided, gone):
        listed = (await officer.get(EXAMINATIONS, params={"state": examination["state"]})).json()["examinations"]
        assert [each["id"] for each in listed] == [examination["id"]]


async def test_an_entry_says_what_was_sought_and_decided_and_names_nobody(officer: httpx.AsyncClient) -> None:
    decided = await took(officer, await opened(officer, engineer()), "decision", admit())
    answer = await officer.get(EXAMINATIONS)
    assert answer.json()["examinations"] == [
        {
            "id": decided["id"],
            "port_id": "US-DETROIT",
            "opened_at": "2026-11-21T15:00:00.000000Z",
            "state": "decided",
            "seeking": ["us.tn"],
            "action": "admit",
            "class": "us.tn",
            "adverse": False,
            "annulled": None,
            "amended": None,
        }
    ]
    assert "Tremblay" not in answer.text


async def test_an_empty_port_has_an_empty_list(officer: httpx.AsyncClient) -> None:
    assert (await officer.get(EXAMINATIONS)).json() == {"examinations": [], "next": None, "unreadable": []}


@pytest.mark.parametrize("cursor", ["", "x", "!!!", "bnVsbA", "WyJhIiwiYiJd", "W10", "é", "\x00", "A" * 500])
async def test_a_cursor_that_no_page_gave_is_refused(officer: httpx.AsyncClient, cursor: str) -> None:
    answer = await officer.get(EXAMINATIONS, params={"cursor": cursor})
    is_problem(answer, 422, "invalid-request", "/cursor")


@pytest.mark.parametrize("limit", ["0", "-1", "201", "ten", "1e2", "", "9" * 5000])
async def test_a_page_has_1_to_200_entries(officer: httpx.AsyncClient, limit: str) -> None:
    is_problem(await officer.get(EXAMINATIONS, params={"limit": limit}), 422, "invalid-request", "/limit")


@pytest.mark.parametrize("query", [{"state": "asleep"}, {"cursor": "A" * 513}])
async def test_a_filter_that_is_none_is_refused(officer: httpx.AsyncClient, query: dict[str, str]) -> None:
    [name] = query
    is_problem(await officer.get(EXAMINATIONS, params=query), 422, "invalid-request", f"/{name}")
