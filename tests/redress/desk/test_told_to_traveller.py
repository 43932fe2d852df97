"""What a traveller hears while others act: a question, a decision from its hour on, the letter, the way to appeal."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.routing import Router
from tests.admission.cases import is_problem
from tests.conftest import MovingClock
from tests.redress.conftest import case_of
from tests.redress.desk.files import CLOSED, SECRET, UPHELD
from tests.redress.desk.files import took as desk_took
from tests.redress.inquiries.cases import AGENT, INQUIRY, filed, opened_by, read, send, step, took
from tests.redress.specified import WHOLE

from crossing.casework.steps import Step
from redress.casework.record import record
from redress.casework.steps import plan_all

pytestmark = pytest.mark.anyio
QUESTION = {"text": "On which day was it?", "about": None}
APPEAL = {"reason": "The officer looked at another person’s record."}


@pytest.fixture
def front(service: FastAPI) -> Router:
    """The service under its path."""
    front = Router()
    front.mount("/redress", service)
    return front


@pytest.fixture
async def told(front: Router) -> dict[str, Any]:
    """An inquiry that needs no papers, as it was filed."""
    return await filed(front, experiences=["EXP-CRCL"], language="en")


@pytest.fixture
async def traveller(front: Router, told: dict[str, Any]) -> AsyncIterator[httpx.AsyncClient]:
    """Who filed it, and sent a document."""
    async with opened_by(front, told) as client:
        told |= (await send(client, told)).json()
        yield client


async def in_adjudication(service: FastAPI, clerk: httpx.AsyncClient, told: dict[str, Any]) -> str:
    """The inquiry with an adjudicator, once the body that keeps the record has answered; the case's id."""
    at = service.state.clock()
    async with service.state.engine.connect() as connection:
        case = await case_of(connection, told["control_number"])
    reviewer = {"subject": "reviewer", "unit": "crcl"}
    routed = Step("route", "case_officer", "clerk", at, {"record_owner": "crcl"}, {"reviewer": reviewer})
    answered = Step("component_answer", "component_reviewer", "reviewer", at, detail={"answer": WHOLE})
    rows, after = plan_all(case, [routed, answered])
    await record(service.state, case, after, rows)
    await desk_took(clerk, case.id, "records", {})
    await desk_took(clerk, case.id, "assignment", {"to": "ada"})
    return case.id


async def decide(ada: httpx.AsyncClient, case_id: str, draft: dict[str, Any]) -> None:
    """Decide a case as drafted."""
    await desk_took(ada, case_id, "draft", draft, method="PUT")
    await desk_took(ada, case_id, "decision")


async def test_a_question_is_answered_once_and_goes_back(
    service: FastAPI,
    clerk: httpx.AsyncClient,
    ada: httpx.AsyncClient,
    traveller: httpx.AsyncClient,
    told: dict[str, Any],
) -> None:
    case_id = await in_adjudication(service, clerk, told)
    await desk_took(ada, case_id, "questions", {"questions": [QUESTION]})
    told |= await read(traveller)
    assert (told["state"], told["who_acts"]) == ("evidence_requested", "you")
    assert told["questions"][0]["text"] == "On which day was it?"
    unknown = {"answers": [{"question": 7, "text": "Which one?"}]}
    is_problem(await step(traveller, told, "answers", unknown), 422, "invalid-request", "/answers/0/question")
    given = {"answers": [{"question": 1, "text": "On 3 November, à 14 h."}]}
    told |= await took(traveller, told, "answers", given)
    assert (told["state"], told["questions"][0]["answer"]) == ("adjudication", "On 3 November, à 14 h.")
    is_problem(await step(traveller, told, "answers", given), 409, "illegal-step")


async def test_an_employer_is_not_told_a_question_about_health(
    service: FastAPI,
    front: Router,
    clerk: httpx.AsyncClient,
    ada: httpx.AsyncClient,
    traveller: httpx.AsyncClient,
    told: dict[str, Any],
) -> None:
    scope = ["status", "documents", "decisions"]
    employer = {**AGENT, "kind": "employer", "paid": False, "consent": {"scope": scope, "given_on": "2026-11-20"}}
    await took(traveller, told, "representative", employer, method="PUT")
    case_id = await in_adjudication(service, clerk, told)
    questions = [QUESTION, {"text": "Which illness was it?", "about": "medical"}]
    await desk_took(ada, case_id, "questions", {"questions": questions})
    async with opened_by(front, told, await _secret_of_representative(service, told)) as client:
        seen = await read(client)
        assert [each["text"] for each in seen["questions"]] == ["On which day was it?", None]
        is_problem(await client.get(f"{INQUIRY}/letter"), 403, "not-your-step")


async def _secret_of_representative(service: FastAPI, told: dict[str, Any]) -> str:
    """The secret that was sent to the representative, made again as the service makes it."""
    from redress.inquiries.access_secret import secret_of
    from redress.inquiries.queries import salt_of

    async with service.state.engine.connect() as connection:
        case = await case_of(connection, told["control_number"])
        return secret_of(service.state.identity_key, await salt_of(connection, case.id, 2))


@pytest.mark.parametrize("draft", [UPHELD, CLOSED, SECRET])
async def test_a_decision_that_corrects_nothing_is_told_at_its_hour_and_not_before(
    service: FastAPI,
    clock: MovingClock,
    clerk: httpx.AsyncClient,
    ada: httpx.AsyncClient,
    traveller: httpx.AsyncClient,
    told: dict[str, Any],
    draft: dict[str, Any],
) -> None:
    case_id = await in_adjudication(service, clerk, told)
    before = await read(traveller)
    await decide(ada, case_id, draft)
    after = await read(traveller)
    shown = [name for name in before if name not in ("revision", "history")]
    assert {name: before[name] for name in shown} == {name: after[name] for name in shown}
    assert [each["state"] for each in after["history"]] == [each["state"] for each in before["history"]]
    is_problem(await traveller.get(f"{INQUIRY}/letter"), 404, "not-found")
    waiting = is_problem(await step(traveller, after, "appeal", APPEAL), 409, "step-not-ready")
    assert waiting["detail"] == "The decision is on its way to you; look again within a day."
    clock.now = datetime(2026, 11, 22, 14, 0, tzinfo=clock.now.tzinfo)
    seen = await read(traveller)
    assert (seen["state"], bool(seen["decision"]["outcome"])) == ("decided", True)
    letter = await traveller.get(f"{INQUIRY}/letter", params={"format": "html"})
    assert (letter.status_code, letter.headers["content-language"]) == (200, "en")
    pdf = await traveller.get(f"{INQUIRY}/letter", params={"format": "pdf"})
    assert pdf.content.startswith(b"%PDF-1.7")


async def test_what_was_found_is_told_by_the_same_outcome_as_that_nothing_was(
    service: FastAPI, front: Router, clock: MovingClock, clerk: httpx.AsyncClient, ada: httpx.AsyncClient
) -> None:
    seen = []
    for draft in (CLOSED, SECRET):
        told = await filed(front, experiences=["EXP-CRCL"], language="en")
        async with opened_by(front, told) as traveller:
            await send(traveller, told)
            clock.now = datetime(2026, 11, 21, 15, 0, tzinfo=clock.now.tzinfo)
            await decide(ada, await in_adjudication(service, clerk, told), draft)
            clock.move(timedelta(days=1))
            answer = await read(traveller)
        seen.append({name: answer[name] for name in ("state", "now", "decision", "who_acts", "you_can", "revision")})
    assert seen[0] == seen[1]


async def test_an_appeal_goes_to_the_panel_once(
    service: FastAPI,
    clock: MovingClock,
    clerk: httpx.AsyncClient,
    ada: httpx.AsyncClient,
    traveller: httpx.AsyncClient,
    told: dict[str, Any],
) -> None:
    await decide(ada, await in_adjudication(service, clerk, told), UPHELD)
    clock.move(timedelta(days=2))
    told |= await read(traveller)
    assert "appeal" in [each["step"] for each in told["you_can"]]
    told |= await took(traveller, told, "appeal", APPEAL)
    assert (told["state"], told["who_acts"]) == ("appealed", "the appeal panel")
    is_problem(await step(traveller, told, "appeal", APPEAL), 409, "illegal-step")


async def test_a_late_appeal_is_heard_once_its_reason_is_accepted(
    service: FastAPI,
    clock: MovingClock,
    signed_in: Any,
    ada: httpx.AsyncClient,
    clerk: httpx.AsyncClient,
    traveller: httpx.AsyncClient,
    told: dict[str, Any],
) -> None:
    case_id = await in_adjudication(service, clerk, told)
    await decide(ada, case_id, UPHELD)
    clock.move(timedelta(days=40))
    told |= await read(traveller)
    while await service.state.worker.run_due():
        told |= await read(traveller)
    assert told["state"] == "watch"
    assert "request_late_appeal" in [each["step"] for each in told["you_can"]]
    assert "appeal" not in [each["step"] for each in told["you_can"]]
    is_problem(await step(traveller, told, "appeal", APPEAL), 409, "step-not-ready")
    told |= await took(traveller, told, "appeal", {**APPEAL, "late_reason": "I was in hospital."})
    assert told["state"] == "watch"
    await desk_took(clerk, case_id, "late-appeal", {"reason": "The hospital confirms it."})
    told |= await read(traveller)
    told |= await took(traveller, told, "appeal", APPEAL)
    assert told["state"] == "appealed"
