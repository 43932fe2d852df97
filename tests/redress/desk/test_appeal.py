"""Appeals: heard by a panel none of whom took part before, decided once, late only for a reason."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from tests.conftest import MovingClock
from tests.redress.desk.conftest import SignedIn
from tests.redress.desk.files import CASES, GRANT, OFFICER, UPHELD, decided, read, refused, step, took

from redress.casework.deadlines import pass_deadlines
from redress.casework.record import record
from redress.casework.steps import Step, load_case, plan_all

pytestmark = pytest.mark.anyio
PANEL = {"members": ["panel-1", "panel-2", "panel-3"]}


async def appealed(service: FastAPI, case_id: str) -> None:
    """What the traveller does."""
    async with service.state.engine.connect() as connection:
        case = await load_case(connection, case_id)
    content = {"appeal": {"reason": "The stamp was not looked at."}}
    rows, after = plan_all(case, [Step("appeal", "applicant", "the traveller", service.state.clock(), content)])
    await record(service.state, case, after, rows)


async def on_appeal(service: FastAPI, clerk: httpx.AsyncClient, ada: httpx.AsyncClient) -> str:
    case_id = await decided(service, clerk, ada, UPHELD)
    await appealed(service, case_id)
    return case_id


@pytest.mark.parametrize("member", ["ada", OFFICER, "reviewer"])
async def test_nobody_who_took_part_sits_on_the_panel(
    service: FastAPI, clerk: httpx.AsyncClient, ada: httpx.AsyncClient, member: str
) -> None:
    case_id = await on_appeal(service, clerk, ada)
    answer = await step(clerk, case_id, "panel", {"members": ["panel-1", "panel-2", member]})
    assert answer.status_code in (409, 422)
    assert refused(answer)[2] == ["/members/2"]
    assert (await read(clerk, case_id))["desk"].get("panel") is None


async def test_a_panel_has_the_number_of_members_that_the_procedure_says(
    service: FastAPI, clerk: httpx.AsyncClient, ada: httpx.AsyncClient
) -> None:
    case_id = await on_appeal(service, clerk, ada)
    answer = await step(clerk, case_id, "panel", {"members": ["panel-1", "panel-2"]})
    assert refused(answer)[:2] == (409, "step-not-ready")


async def test_the_panel_drafts_and_decides_by_a_letter_that_passes(
    service: FastAPI, clerk: httpx.AsyncClient, ada: httpx.AsyncClient, signed_in: SignedIn
) -> None:
    case_id = await on_appeal(service, clerk, ada)
    await took(clerk, case_id, "panel", PANEL)
    member = signed_in("panel-2")
    assert refused(await step(member, case_id, "appeal-decision"))[:2] == (409, "nothing-drafted")
    await took(member, case_id, "draft", {**GRANT, "letter": {**GRANT["letter"], "facts": []}}, method="PUT")
    assert refused(await step(member, case_id, "appeal-decision"))[:2] == (422, "letter-fails-checks")
    await took(member, case_id, "draft", GRANT, method="PUT")
    told = await took(member, case_id, "appeal-decision")
    assert (told["state"], told["desk"]["decision"]["outcome"]) == ("decided", "granted")
    letter: dict[str, Any] = (await member.get(f"{CASES}/{case_id}/letter")).json()
    assert "Redress appeal panel" not in {each["body"] for each in letter["next_steps"]}
    assert await pass_hour(service, case_id) == "correction_pending"


async def pass_hour(service: FastAPI, case_id: str) -> str:
    """Where a case stands once the clock has done what was due an hour later."""
    at = service.state.clock() + timedelta(hours=1, minutes=1)
    async with service.state.engine.connect() as connection:
        await pass_deadlines(service.state, await load_case(connection, case_id), at)
        await connection.rollback()
        return (await load_case(connection, case_id)).state


async def test_whoever_is_not_on_the_panel_decides_no_appeal(
    service: FastAPI, clerk: httpx.AsyncClient, ada: httpx.AsyncClient
) -> None:
    case_id = await on_appeal(service, clerk, ada)
    await took(clerk, case_id, "panel", PANEL)
    assert refused(await step(ada, case_id, "draft", GRANT, method="PUT"))[:2] == (403, "not-your-step")
    assert (await read(clerk, case_id))["state"] == "appealed"


async def test_a_late_appeal_needs_a_reason_that_was_accepted(
    service: FastAPI, clerk: httpx.AsyncClient, ada: httpx.AsyncClient, clock: MovingClock
) -> None:
    case_id = await decided(service, clerk, ada, UPHELD)
    clock.move(timedelta(days=40))
    told = await took(clerk, case_id, "late-appeal", {"reason": "The traveller was in hospital."})
    assert told["desk"]["late_reason_accepted"]["by"] == "clerk"
    await appealed(service, case_id)
    assert (await read(clerk, case_id))["state"] == "appealed"
