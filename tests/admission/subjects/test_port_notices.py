"""A notice to a port: officers read it, and whoever does not cannot go on deciding in that class after its time."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.admission.cases import EXAMINATIONS, admit, engineer, is_problem, opened, refuse, step, technician, took
from tests.admission.desks import running_service
from tests.conftest import Desk, MovingClock
from tests.pages.markup import Page
from uuid_utils.compat import uuid7

from admission.covered import covered_rows, rows_without_entry
from crossing.kit.database import create_engine
from crossing.kit.identity import Role
from crossing.kit.verify import verify_chains

pytestmark = pytest.mark.anyio
NOTICES = "/admission/v1/port-notices"
TEXTS = {
    "en": "US-TN-13 was held wrongly three times here.",
    "fr": "US-TN-13 a été mal appliquée trois fois ici.",
    "es": "US-TN-13 se aplicó mal tres veces aquí.",
}


@pytest.fixture
async def desk(tmp_path: Path, clock: MovingClock) -> AsyncIterator[Desk]:
    """A service of the test's own, so that no other test's notice is in the way."""
    async with running_service(tmp_path, clock) as desk:
        yield desk


def notice(**changes: Any) -> dict[str, Any]:
    """A notice to Detroit about TN, made now and to be read within seven days."""
    return {
        "port_id": "US-DETROIT",
        "requirement": "US-TN-13",
        "class_ids": ["us.tn"],
        "texts": TEXTS,
        "made_at": "2026-11-21T15:00:00Z",
        "block_after": "2026-11-28T15:00:00Z",
    } | changes


async def given(
    desk: Desk, notice_id: str | None = None, *, role: Role = Role.SERVICE, subject: str = "redress", **changes: Any
) -> tuple[str, httpx.Response]:
    """A notice as redress gives it."""
    identifier = notice_id or str(uuid7())
    async with desk.client(role, subject=subject) as redress:
        return identifier, await redress.put(f"{NOTICES}/{identifier}", json=notice(**changes))


async def listed(officer: httpx.AsyncClient, language: str = "en", **query: Any) -> dict[str, Any]:
    answer = await officer.get(NOTICES, headers={"Accept-Language": language}, params=query)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def read(officer: httpx.AsyncClient, notice_id: str) -> httpx.Response:
    return await officer.post(f"{NOTICES}/{notice_id}/reading")


@pytest.mark.parametrize("language", ["en", "fr", "es"])
async def test_an_officer_of_the_port_sees_a_notice_in_the_own_language(
    desk: Desk, officer: httpx.AsyncClient, language: str
) -> None:
    identifier, answer = await given(desk)
    assert answer.status_code == 204, answer.text
    (seen,) = (await listed(officer, language))["notices"]
    assert (seen["id"], seen["text"], seen["read_at"], seen["blocks"]) == (identifier, TEXTS[language], None, False)


async def test_a_notice_is_for_its_port_alone(
    desk: Desk, officer: httpx.AsyncClient, canadian_officer: httpx.AsyncClient
) -> None:
    identifier, _ = await given(desk)
    assert (await listed(canadian_officer))["notices"] == []
    is_problem(await read(canadian_officer, identifier), 404, "not-found")
    is_problem(await read(officer, str(uuid7())), 404, "not-found")


async def test_a_notice_sent_again_is_one_and_another_under_its_id_is_refused(
    desk: Desk, officer: httpx.AsyncClient
) -> None:
    identifier, first = await given(desk)
    _, again = await given(desk, identifier)
    assert (first.status_code, again.status_code) == (204, 204)
    _, other = await given(desk, identifier, requirement="US-TN-03")
    is_problem(other, 422, "port-notice-differs")
    assert len((await listed(officer))["notices"]) == 1


async def test_only_redress_gives_notices(desk: Desk, officer: httpx.AsyncClient) -> None:
    _, other_service = await given(desk, subject="advance-ruling")
    is_problem(other_service, 403, "not-allowed")
    _, person = await given(desk, role=Role.SUPERVISOR, subject="redress")
    is_problem(person, 403, "not-allowed")
    assert (await listed(officer))["notices"] == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"port_id": "US-NOWHERE"}, "/port_id"),
        ({"class_ids": []}, "/class_ids"),
        ({"texts": {"en": "Read this.", "fr": "Lisez ceci."}}, "/texts/es"),
        ({"block_after": "2026-11-28T15:00:00"}, "/block_after"),
    ],
)
async def test_a_notice_that_is_not_whole_is_refused_by_its_field(
    desk: Desk, changes: dict[str, Any], pointer: str
) -> None:
    _, answer = await given(desk, **changes)
    is_problem(answer, 422, "invalid-request", pointer)


async def test_unread_notices_come_first_and_pages_follow_one_another(desk: Desk, officer: httpx.AsyncClient) -> None:
    made = [(await given(desk, made_at=f"2026-11-2{day}T15:00:00Z"))[0] for day in (1, 2, 3)]
    assert (await read(officer, made[2])).status_code == 204
    first = await listed(officer, limit=2)
    rest = await listed(officer, limit=2, cursor=first["next"])
    assert [each["id"] for each in first["notices"] + rest["notices"]] == [made[1], made[0], made[2]]
    assert rest["next"] is None


async def test_for_its_first_days_a_notice_blocks_nothing(desk: Desk, clock: MovingClock) -> None:
    await given(desk)
    clock.move(timedelta(days=7, seconds=-1))
    async with desk.client() as officer:
        examination = await opened(officer, engineer())
        assert (await took(officer, examination, "decision", admit()))["state"] == "decided"


async def test_after_its_time_an_unread_notice_stops_opening_and_deciding_in_that_class(
    desk: Desk, clock: MovingClock
) -> None:
    async with desk.client() as officer:
        before = await opened(officer, engineer())
    identifier, _ = await given(desk)
    clock.move(timedelta(days=7))
    async with desk.client() as officer:
        problem = is_problem(await officer.post(EXAMINATIONS, json=engineer()), 409, "port-notice-unread")
        assert identifier in problem["detail"]
        is_problem(await step(officer, before, "decision", admit()), 409, "port-notice-unread")
        assert (await read(officer, identifier)).status_code == 204
        assert (await opened(officer, engineer()))["state"] == "primary"
        assert (await took(officer, before, "decision", admit()))["state"] == "decided"


async def test_another_class_goes_on(desk: Desk, clock: MovingClock) -> None:
    await given(desk)
    clock.move(timedelta(days=8))
    async with desk.client() as officer:
        examination = await opened(officer, technician())
        assert (await took(officer, examination, "decision", refuse()))["state"] == "decided"


async def test_a_class_sought_by_the_first_part_of_its_id_is_stopped_too(desk: Desk, clock: MovingClock) -> None:
    await given(desk, class_ids=["us.b1.usmca"], requirement="US-B1-38")
    clock.move(timedelta(days=8))
    async with desk.client() as officer:
        answer = await officer.post(EXAMINATIONS, json=technician(seeking=["us.b1"]))
    is_problem(answer, 409, "port-notice-unread")


async def test_what_one_officer_has_read_another_has_not(desk: Desk, clock: MovingClock) -> None:
    identifier, _ = await given(desk)
    async with desk.client() as officer:
        await read(officer, identifier)
    clock.move(timedelta(days=8))
    async with desk.client() as officer, desk.client(subject="test-second-officer") as second:
        assert (await officer.post(EXAMINATIONS, json=engineer())).status_code == 201
        is_problem(await second.post(EXAMINATIONS, json=engineer()), 409, "port-notice-unread")


async def test_reading_twice_is_one_reading_in_the_audit_chain(desk: Desk, officer: httpx.AsyncClient) -> None:
    identifier, _ = await given(desk)
    assert [(await read(officer, identifier)).status_code for _ in range(2)] == [204, 204]
    engine = create_engine(f"sqlite+aiosqlite:///{desk.data / 'admission.sqlite'}")
    async with engine.connect() as connection:
        _, faults = await verify_chains(connection, covered_rows, rows_without_entry)
        events = (await connection.exec_driver_sql("SELECT event FROM audit_entries ORDER BY at, seq")).scalars().all()
    await engine.dispose()
    assert faults == []
    assert [each for each in events if each.startswith("port_notice.")] == [
        "port_notice.kept",
        "port_notice.acknowledged",
    ]


async def test_the_desk_shows_what_is_unread_until_it_is_confirmed(desk: Desk, clock: MovingClock) -> None:
    await given(desk)
    async with desk.client(None) as browser:
        token = desk.issuer.token(Role.OFFICER, subject="officer-1", port_id="US-DETROIT", terminal_id="LANE-1")
        browser.cookies.set("crossing_session", token)
        browser.headers["Accept-Language"] = "fr"
        page = (await browser.get("/admission/")).text
        assert TEXTS["fr"] in page
        assert "À lire au plus tard le 2026-11-28." in page
        form = Page(page).form("/reading")
        after = await browser.post(form.action, data=form.filled({}), follow_redirects=True)
        assert after.status_code == 200
        assert TEXTS["fr"] not in after.text
