"""Each clock has its effect: when its time is over and not before, and as well when the worker comes late."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import MovingClock
from tests.redress.conftest import running_redress
from tests.redress.keeping import GRANTED, NOBODY, UPHELD, Cases, events, instant

from redress.casework.standing import standing
from redress.remedies.order import order_correction

pytestmark = pytest.mark.anyio
DAY, HOUR, MOMENT = timedelta(days=1), timedelta(hours=1), timedelta(microseconds=1)
TO_DECIDE = ("accepted", "routed", "evidence_requested", "adjudication")
ON_CALL = "on-call@example.com"
REMEDIES = [
    {"kind": "record_notated", "record": {"kind": "examination", "id": "e", "version": 1}, "content": {"text": "No."}}
]
#: State, its case file, after how long what happens by itself, and where that leads.
EXPIRIES: list[tuple[str, dict[str, Any], timedelta, str, str]] = [
    ("submitted", {}, DAY, "acknowledge", "accepted"),
    ("submitted", {"items": [{"kind": "passport"}]}, DAY, "acknowledge", "documents_needed"),
    ("accepted", {}, 2 * DAY, "escalate", "accepted"),
    ("accepted", {"priority": "P0"}, 4 * HOUR, "escalate", "accepted"),
    ("accepted", {"priority": "P1"}, DAY, "escalate", "accepted"),
    ("routed", {}, 20 * DAY, "expire", "adjudication"),
    ("evidence_requested", {}, 30 * DAY, "expire", "adjudication"),
    ("adjudication", {}, 15 * DAY, "escalate", "adjudication"),
    ("decided", {"decision": GRANTED}, HOUR, "order_correction", "correction_pending"),
    ("decided", {"decision": UPHELD}, 30 * DAY, "no_correction", "watch"),
    ("correction_pending", {}, DAY, "page_on_call", "correction_pending"),
    ("correction_verified", {}, 7 * DAY, "page_on_call", "correction_verified"),
    ("appealed", {}, 60 * DAY, "deemed_outcome", "decided"),
    ("appealed", {"security_sourced": True}, 60 * DAY, "deemed_outcome", "appealed"),
    ("watch", {}, datetime(2028, 11, 21, tzinfo=UTC) - datetime(2026, 11, 21, tzinfo=UTC), "expire", "closed"),
]
NAMES = [f"{state} {event} {next(iter(content), '')}" for state, content, _, event, _ in EXPIRIES]


@pytest.fixture
async def cases(tmp_path: Path, clock: MovingClock) -> AsyncIterator[Cases]:
    """A service whose worker works when told to."""
    async with running_redress(tmp_path, clock, on_call_mailbox=ON_CALL) as service:
        service.state.worker._handlers.pop("mail")  # messages stay where a test can read them
        yield Cases(service, clock)


@pytest.mark.parametrize(("state", "content", "lasts", "event", "to"), EXPIRIES, ids=NAMES)
async def test_an_expiry_takes_effect_when_its_time_is_over(
    cases: Cases, state: str, content: dict[str, Any], lasts: timedelta, event: str, to: str
) -> None:
    case_id = await cases.put(state, **content)
    cases.clock.move(lasts - MOMENT)
    await cases.work()
    assert events(await cases.read(case_id)) == ["put"]
    cases.clock.move(MOMENT)
    await cases.work()
    case = await cases.read(case_id)
    assert (events(case), case.state) == (["put", event], to)
    assert (case.latest.party, instant(case.latest.at)) == ("clock", cases.clock())
    assert (await cases.head(case_id)).state == to
    assert await cases.faults() == []


@pytest.mark.parametrize(("state", "content", "lasts", "event", "to"), EXPIRIES, ids=NAMES)
async def test_it_takes_effect_before_anybody_acts_though_no_worker_runs(
    cases: Cases, state: str, content: dict[str, Any], lasts: timedelta, event: str, to: str
) -> None:
    case_id = await cases.put(state, **content)
    cases.clock.move(lasts - MOMENT)
    assert not await cases.look(case_id)
    cases.clock.move(MOMENT)
    assert await cases.look(case_id)
    case = await cases.read(case_id)
    assert (events(case), case.state) == (["put", event], to)
    assert not await cases.look(case_id)
    await cases.work()  # the worker comes late and finds nothing to do
    assert events(await cases.read(case_id)) == ["put", event]


async def test_a_late_worker_lets_one_deadline_after_the_other_pass(cases: Cases) -> None:
    case_id = await cases.put("routed")
    cases.clock.move(119 * DAY)
    await cases.work()
    case = await cases.read(case_id)
    assert (events(case), case.state) == (["put", "expire"], "adjudication")
    assert instant(case.latest.due_at) == cases.clock() + 15 * DAY
    cases.clock.move(2 * DAY)
    await cases.work()
    assert events(await cases.read(case_id)) == ["put", "expire", "deemed_outcome"]


async def test_papers_are_reminded_of_twice_before_the_case_rests(cases: Cases) -> None:
    case_id = await cases.put("documents_needed", items=[{"kind": "passport"}])
    seen = []
    for _ in range(6):
        cases.clock.move(5 * DAY)
        await cases.work()
        seen.append(events(await cases.read(case_id))[1:])
    case = await cases.read(case_id)
    first, second = ["remind"], ["remind", "remind"]
    assert seen == [[], first, first, second, second, [*second, "expire"]]
    assert case.state == "abandoned"
    assert [each[0] for each in await cases.messages()].count("reminder") >= 2


async def test_a_worker_that_comes_late_reminds_before_it_closes_anything(cases: Cases) -> None:
    """Nobody's papers count as not received after reminders that came on one day."""
    case_id = await cases.put("documents_needed", items=[{"kind": "passport"}])
    cases.clock.move(100 * DAY)
    await cases.work()
    assert events(await cases.read(case_id))[1:] == ["remind"]
    cases.clock.move(3 * DAY)
    await cases.work()
    case = await cases.read(case_id)
    assert (events(case)[1:], case.state) == (["remind", "remind"], "documents_needed")
    assert instant(case.latest.due_at) == cases.clock() + 3 * DAY
    cases.clock.move(3 * DAY)
    await cases.work()
    assert (await cases.read(case_id)).state == "abandoned"


async def test_reopening_begins_the_reminders_anew(cases: Cases) -> None:
    case_id = await cases.put("abandoned", items=[{"kind": "passport"}])
    cases.clock.move(180 * DAY)
    await cases.take(case_id, "reopen", "applicant")
    cases.clock.move(30 * DAY - MOMENT)
    await cases.look(case_id)
    assert events(await cases.read(case_id))[2:] == ["remind"]


@pytest.mark.parametrize(
    ("state", "party", "lasts", "longer"),
    [("documents_needed", "applicant", 30 * DAY, 30 * DAY), ("routed", "component_reviewer", 20 * DAY, 20 * DAY)],
)
async def test_an_extension_moves_the_deadline_once(
    cases: Cases, state: str, party: str, lasts: timedelta, longer: timedelta
) -> None:
    case_id = await cases.put(state)
    began = cases.clock()
    due = instant((await cases.read(case_id)).latest.due_at)
    assert due == began + lasts
    await cases.take(case_id, "extend", party, due_at=due + longer)
    for _ in range((lasts + longer) // (10 * DAY)):
        assert (await cases.read(case_id)).state == state
        cases.clock.move(10 * DAY)
        await cases.work()
    assert (await cases.read(case_id)).state != state


async def test_a_question_pauses_the_clock(cases: Cases) -> None:
    adjudicator = {"subject": "test", "unit": "redress"}
    case_id = await cases.put("adjudication", adjudicator="test", conflicts=[])
    cases.clock.move(3 * DAY)
    detail = {"adjudicator": adjudicator, "questions": [{"text": "When did you leave?"}]}
    await cases.take(case_id, "ask_applicant", "independent_adjudicator", detail=detail)
    cases.clock.move(10 * DAY)
    await cases.take(case_id, "answer", "applicant")
    cases.clock.move(2 * DAY)
    after = await cases.take(case_id, "note", "case_officer")
    assert after.latest.clock_used_s == (5 * DAY).total_seconds()


@pytest.mark.parametrize("state", TO_DECIDE)
async def test_day_120_counts_as_granted_and_orders_what_was_drafted(cases: Cases, state: str) -> None:
    case_id = await cases.put(state, draft={"outcome": "upheld", "root_cause": "RC2", "remedies": REMEDIES})
    cases.clock.move(120 * DAY - MOMENT)
    await cases.look(case_id)
    assert "deemed_outcome" not in events(await cases.read(case_id))
    cases.clock.move(MOMENT)
    await cases.work()
    case = await cases.read(case_id)
    assert (case.latest.event, case.state) == ("deemed_outcome", "decided")
    decision = case.content["decision"]
    assert (decision["outcome"], decision["root_cause"], decision["remedies"]) == ("granted", "RC2", REMEDIES)
    cases.clock.move(HOUR)
    await cases.work()
    assert (await cases.read(case_id)).state == "correction_pending"
    assert await cases.faults() == []


async def test_what_nobody_had_drafted_by_day_120_is_drafted_and_ordered_afterwards(cases: Cases) -> None:
    case_id = await cases.put("adjudication", adjudicator="test", conflicts=[])
    for lasts in (120 * DAY, HOUR):
        cases.clock.move(lasts)
        await cases.work()
    assert (await cases.read(case_id)).content["corrections"] == []
    detail = {"adjudicator": {"subject": "test", "unit": "redress"}}
    draft = {"draft": {"remedies": REMEDIES}}
    drafted = await cases.take(case_id, "draft_decision", "independent_adjudicator", content=draft, detail=detail)
    ordered = order_correction(drafted, "independent_adjudicator", "test", cases.clock())
    after = await cases.take(case_id, ordered.event, ordered.party, content=ordered.content)
    assert [each["kind"] for each in after.content["corrections"]] == ["record_notated"]
    assert len(await cases.select("SELECT id FROM remedies")) == 1
    assert await cases.faults() == []


@pytest.mark.parametrize("state", TO_DECIDE)
async def test_day_120_of_a_secret_source_is_the_panels_and_decides_nothing(cases: Cases, state: str) -> None:
    case_id = await cases.put(state, security_sourced=True)
    cases.clock.move(120 * DAY)
    await cases.work()
    case = await cases.read(case_id)
    assert (case.latest.event, case.state) == ("deemed_outcome", "appealed")
    assert "decision" not in case.content
    assert instant(case.latest.due_at) == cases.clock() + 60 * DAY
    cases.clock.move(60 * DAY)
    await cases.work()
    again = await cases.read(case_id)
    assert (events(again).count("deemed_outcome"), again.state) == (2, "appealed")
    assert [told for told in await cases.messages() if told[0] == "on_call"].count(
        ("on_call", "deemed_outcome", ON_CALL)
    ) == 2  # the panel is to be seated, and then its time is over
    cases.clock.move(60 * DAY)
    await cases.look(case_id)
    assert events(await cases.read(case_id)).count("deemed_outcome") == 2


async def test_a_question_does_not_move_day_120(cases: Cases) -> None:
    case_id = await cases.put("accepted")
    day = (await cases.read(case_id)).content["deemed_at"]
    cases.clock.move(DAY)
    await cases.take(
        case_id,
        "route",
        "case_officer",
        content={"record_owner": "US-CBP"},
        detail={"reviewer": {"subject": "reviewer", "unit": "US-CBP"}},
    )
    assert (await cases.read(case_id)).content["deemed_at"] == day


async def test_a_recurrence_begins_every_clock_anew_at_the_first_priority(cases: Cases) -> None:
    case_id = await cases.put("watch", decision=GRANTED)
    cases.clock.move(200 * DAY)
    detail = {"same_subject": True, "cause": "RC1"}
    after = await cases.take(case_id, "recurrence", "admission", content={"priority": "P0"}, detail=detail)
    assert (after.state, after.latest.clock_used_s) == ("accepted", 0)
    assert instant(after.latest.due_at) == cases.clock() + 4 * HOUR
    assert instant(after.content["deemed_at"]) == cases.clock() + 120 * DAY
    head = await cases.head(case_id)
    assert (head.priority, bool(head.open)) == ("P0", True)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "It happened again, so we reopened your case by ourselves, before all others. The decision is due "),
        ("fr", "C’est arrivé de nouveau; nous avons rouvert votre dossier de nous-mêmes, avant tous les autres. La "),
        ("es", "Volvió a ocurrir, así que reabrimos su caso por nuestra cuenta, antes que todos los demás. La "),
    ],
)
async def test_a_recurrence_is_told_as_one(cases: Cases, language: str, words: str) -> None:
    case_id = await cases.put("watch", decision=GRANTED)
    detail = {"same_subject": True, "cause": "RC1"}
    after = await cases.take(case_id, "recurrence", "admission", content={"priority": "P0"}, detail=detail)
    assert standing(after, "applicant", cases.clock(), language)["now"].startswith(words)
    first = await cases.read(await cases.put("accepted"))
    assert not standing(first, "applicant", cases.clock(), language)["now"].startswith(words)


async def test_what_nobody_did_in_time_is_told_to_whoever_is_on_call_and_names_nobody(cases: Cases) -> None:
    await cases.put("correction_pending")
    cases.clock.move(DAY)
    await cases.work()
    told = await cases.messages()
    assert ("on_call", "page_on_call", ON_CALL) in told
    payloads = [row.payload for row in await cases.select("SELECT payload FROM jobs WHERE kind = 'mail'")]
    assert all(NOBODY not in payload for payload in payloads)


async def test_lists_sort_an_upheld_case_by_the_day_it_closes_and_a_granted_one_by_its_correction(cases: Cases) -> None:
    upheld, granted = await cases.put("decided", decision=UPHELD), await cases.put("decided", decision=GRANTED)
    assert instant((await cases.head(upheld)).due_at) == cases.clock() + 30 * DAY
    assert instant((await cases.head(granted)).due_at) == cases.clock() + HOUR
