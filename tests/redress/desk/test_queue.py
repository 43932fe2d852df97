"""The queue: what is due first, by whom, and what it costs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event, insert
from tests.conftest import MovingClock
from tests.redress.desk.conftest import SignedIn
from tests.redress.desk.files import CASES, accepted, refused, took

from crossing.kit.database import format_instant
from crossing.kit.identity import Role
from redress.desk.queue import page_of_cases
from redress.tables import case_heads, cases

pytestmark = pytest.mark.anyio
FIRST = datetime(2026, 11, 1, tzinfo=UTC)
FILLED: list[None] = []


async def listed(client: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get(CASES, params=query)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["cases"]]


async def test_cases_stand_in_the_order_in_which_they_are_due(
    service: FastAPI, clerk: httpx.AsyncClient, clock: MovingClock
) -> None:
    later = await accepted(service, unit="obim")
    first = await accepted(service, unit="obim", priority="P0")
    assert await listed(clerk, unit="obim") == [first, later]
    assert await listed(clerk, unit="obim", priority="P2") == [later]
    assert await listed(clerk, unit="obim", due_before="2026-11-22") == [first]
    clock.move(timedelta(hours=5))
    told = (await clerk.get(CASES, params={"unit": "obim"})).json()["cases"]
    assert [each["late"] for each in told] == [True, False]
    assert "Côté" not in str(told)


async def test_cases_are_found_by_unit_state_and_adjudicator(
    service: FastAPI, clerk: httpx.AsyncClient, ada: httpx.AsyncClient
) -> None:
    mine, routed = await accepted(service, unit="state"), await accepted(service, unit="state")
    await took(clerk, mine, "records", {})
    await took(clerk, mine, "assignment", {"to": "ada"})
    await took(clerk, routed, "routing", {"record_owner": "cbp", "reviewer": "reviewer"})
    assert await listed(ada, mine="true", unit="state") == [mine]
    assert await listed(clerk, state="routed") == [routed]
    assert await listed(clerk, unit="state") == [mine]
    assert await listed(clerk, unit="tsa") == []


async def test_pages_follow_one_another_without_a_gap(service: FastAPI, clerk: httpx.AsyncClient) -> None:
    made = {await accepted(service, unit="ircc") for _ in range(5)}
    found, cursor = [], None
    while True:
        told = (
            await clerk.get(CASES, params={"limit": 2, "unit": "ircc", **({"cursor": cursor} if cursor else {})})
        ).json()
        found += [each["id"] for each in told["cases"]]
        cursor = told["next"]
        if cursor is None:
            break
    assert len(found) == 5
    assert set(found) == made


async def test_the_queue_is_for_the_staff_of_redress(signed_in: SignedIn) -> None:
    assert refused(await signed_in("stranger").get(CASES))[:2] == (403, "not-on-staff-list")
    assert (await signed_in("clerk", Role.OFFICER).get(CASES)).status_code == 403


async def fill(service: FastAPI, number: int) -> None:
    """Put many open cases beside one another, as the read model has them."""
    heads, opened = [], []
    for each in range(number):
        at = format_instant(FIRST + timedelta(seconds=each))
        case_id = f"{each:036d}"
        opened.append(
            {"id": case_id, "control_number": f"{each:09d}", "priority": "P2", "kind": "inquiry", "opened_at": at,
             "examination_id": None, "ruling": None, "detail": "{}"}
        )  # fmt: skip
        heads.append(
            {"case_id": case_id, "control_number": f"{each:09d}", "revision": 1, "state": "accepted",
             "priority": f"P{each % 3}", "unit": f"unit-{each % 7}", "assigned_to": f"person-{each % 40}",
             "due_at": at, "opened_at": at, "open": True}
        )  # fmt: skip
    async with service.state.engine.begin() as connection:
        await connection.execute(insert(cases), opened)
        await connection.execute(insert(case_heads), heads)


@pytest.mark.parametrize(
    "only",
    [{}, {"priority": "P1"}, {"unit": "unit-3"}, {"assigned_to": "person-9"}, {"state": "accepted"}],
    ids=str,
)
@pytest.mark.parametrize("after", [None, ["2026-11-01T00:02:00.000000Z", "0"]], ids=["first page", "a later page"])
async def test_a_page_is_read_from_an_index_in_its_order(
    service: FastAPI, only: dict[str, str], after: list[str] | None
) -> None:
    """So that fifteen thousand cases cost what a hundred and fifty do: nothing is sorted, nothing skipped."""
    if not FILLED:
        FILLED.append(await fill(service, 300))
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        asked.append((statement, parameters))

    engine = service.state.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    async with service.state.engine.connect() as connection:
        rows = await page_of_cases(connection, only, due_before=None, after=after, limit=5)
        statement, parameters = asked[-1]
        plan = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)).all()
    event.remove(engine, "before_cursor_execute", note)
    assert len(rows) > 0
    assert [row.due_at for row in rows] == sorted(row.due_at for row in rows)
    steps = " ".join(str(row[-1]) for row in plan)
    assert "USING INDEX ix_case_heads" in steps
    assert "TEMP B-TREE" not in steps
