"""Every way from one state to another, as section 7 of the specification has them: allowed, and refused.

The table is written from the specification; the procedure's data file is held against it.
"""

import json
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tests.redress.specified import (
    DAY,
    DEADLINES,
    ENTRIES,
    EVERYBODY,
    ME,
    NOW,
    OTHERWISE,
    PEOPLE,
    SPECIFIED,
    STATES,
    UNMET,
    URGENT,
    WHOLE,
)

from crossing.casework.problems import IllegalStep, NotYourStep, StepNotReady
from crossing.casework.steps import Step
from crossing.kit.database import format_instant
from crossing.kit.json_text import json_text
from redress.casework.steps import Case, plan
from redress.procedure import load_procedure

NO_CORRECTION = {"outcome": "upheld", "root_cause": "RC0"}
IN_PART = {"outcome": "granted_in_part", "root_cause": "RC1"}
CONTENT: dict[str, Any] = {
    "identity": {"surname": "Moreau", "given_names": "Alix", "born_on": "1990-02-03"},
    "representative": {"name": "x", "consent": {"scope": ["status", "documents"], "given_on": "2026-11-01"}},
    "experiences": ["EXP-DENY-BOARD"],
    "items": [],
    "priority": "P2",
    "record_owner": "US-CBP",
    "adjudicator": ME,
    "conflicts": [{"who": "officer", "why": "involved"}, {"unit": "US-CBP", "why": "owner"}],
    "decision": {"outcome": "granted", "root_cause": "RC1"},
    "appeal_until": format_instant(NOW + DAY),
    "corrections": [{"version": 2, "applied": {"version": 3}}],
    "deemed_at": format_instant(NOW),
}
DETAIL: dict[str, Any] = {
    "statement_of_truth": True,
    "in_scope": [],
    "body": "privacy office",
    "reviewer": {"subject": "reviewer", "unit": "US-CBP"},
    "document": 1,
    "adjudicator": PEOPLE[0],
    "lint": [],
    "answer": WHOLE,
    "questions": [{"text": "Which flight was it?"}],
    "panel": PEOPLE,
    "same_subject": True,
    "cause": "RC1",
    "reason": "The letter came late.",
    "looked_at": 4,
}
#: What must hold in the case for a way to be open, beside what always does.
OPEN: dict[tuple[str, str], dict[str, Any]] = {
    ("documents_needed", "expire"): {"reminded": 2},
    ("decided", "no_correction"): {"decision": NO_CORRECTION, "appeal_until": format_instant(NOW)},
    ("correction_verified", "appeal"): {"decision": IN_PART},
    ("watch", "appeal"): {"late_reason_accepted": True, "decision": NO_CORRECTION},
    ("decided", "notate"): {"decision": IN_PART},
    ("watch", "notate"): {"decision": NO_CORRECTION},
    ("correction_pending", "order_correction"): {"corrections": []},
    ("appealed", "appeal_decided"): {"adjudicator": "first", "panel": [ME, "second", "third"]},
    ("appealed", "draft_decision"): {"adjudicator": "first", "panel": [ME, "second", "third"]},
    ("appealed", "seat_panel"): {"adjudicator": "first", "panel": [ME, "second", "third"]},
}


def standing(state: str, **case: Any) -> Case:
    """A case that came to a state a day ago; keywords replace parts of its case file, or say what happened in it."""
    since = case.pop("since", timedelta(days=1))
    before = ["appeal"] * case.pop("appealed", False) + ["ask_applicant"] * case.pop("asked", 0)
    within = ["remind"] * case.pop("reminded", 0) + ["extend"] * case.pop("extended", False)
    events = [*before, "came", *within]
    latest = {
        "state": state,
        "entered": len(before) + 1,
        "at": format_instant(NOW - since),
        "due_at": format_instant(NOW),
        "clock_used_s": 0,
        "clock_since": None,
        "content": json_text({**CONTENT, **case}),
    }
    rows = [SimpleNamespace(**latest, event=event, revision=number) for number, event in enumerate(events, 1)]
    return Case(SimpleNamespace(id="0190b5a4-0000-7000-8000-000000000000", control_number="ABCDEFGHJ"), rows)


def taken(state: str, event: str, party: str, *, spoilt: dict[str, Any] | None = None, **case: Any) -> dict[str, Any]:
    """The revision that a step makes; ``spoilt`` replaces parts of the step, keywords parts of the case."""
    brought = {"corrections": [{"version": 1, "applied": None}]} if event == "order_correction" else {}
    step = Step(event, party, ME, NOW, content=brought, detail={**DETAIL, **(spoilt or {})})
    return dict(plan(standing(state, **{**OPEN.get((state, event), {}), **case}), step)[0].values)


def test_the_procedure_has_the_ways_of_the_specification_and_no_others() -> None:
    ways = {
        (state, event, way.to, way.by)
        for (state, event), first in load_procedure().transitions.items()
        for way in first.ways()
        if way.to is not None
    }
    moves = {(state, event, to, frozenset(by)) for state, event, to, by in SPECIFIED}
    moves |= {(state, event, to, frozenset(by)) for state, event, to, by, _ in OTHERWISE if to != state}
    assert ways == moves
    assert set(load_procedure().states) == STATES
    assert load_procedure().terminal == {"closed", "withdrawn", "out_of_scope"}


def test_it_enters_what_the_table_says_and_nothing_else() -> None:
    entered = {
        (state, event, way.by)
        for (state, event), first in load_procedure().transitions.items()
        for way in first.ways()
        if way.to is None
    }
    listed = {(state, event, frozenset(by)) for event, states, by in ENTRIES for state in states}
    assert entered == listed | {("appealed", "deemed_outcome", frozenset({"clock"}))}


@pytest.mark.parametrize(
    ("state", "event", "to", "party"), [(state, event, to, party) for state, event, to, by in SPECIFIED for party in by]
)
def test_who_may_act_does(state: str, event: str, to: str, party: str) -> None:
    made, before = taken(state, event, party), standing(state, **OPEN.get((state, event), {})).latest
    assert (made["state"], made["party"], made["revision"]) == (to, party, before.revision + 1)
    assert made["entered"] == made["revision"]


@pytest.mark.parametrize(
    ("state", "event", "to", "party", "case"),
    [(state, event, to, party, case) for state, event, to, by, case in OTHERWISE for party in by],
)
def test_an_event_leads_elsewhere_where_the_case_is_otherwise(
    state: str, event: str, to: str, party: str, case: dict[str, Any]
) -> None:
    assert taken(state, event, party, **case)["state"] == to


@pytest.mark.parametrize(
    ("state", "event", "party"),
    [(state, event, party) for event, states, by in ENTRIES for state in sorted(states) for party in by],
)
def test_an_entry_stays_where_the_case_is(state: str, event: str, party: str) -> None:
    made, before = taken(state, event, party), standing(state, **OPEN.get((state, event), {})).latest
    assert (made["state"], made["entered"], made["due_at"]) == (state, before.entered, before.due_at)


ALLOWED = {(state, event): set(by) for state, event, _, by in SPECIFIED}
for listed, states, parties in ENTRIES:
    ALLOWED |= {(state, listed): ALLOWED.get((state, listed), set()) | set(parties) for state in states}
EVENTS = sorted({event for _, event in ALLOWED})


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("state", sorted(STATES))
def test_nobody_else_may_and_no_step_is_taken_where_it_has_no_place(state: str, event: str) -> None:
    allowed = ALLOWED.get((state, event))
    for party in sorted(set(EVERYBODY) - (allowed or set())):
        with pytest.raises(NotYourStep if allowed else IllegalStep):
            taken(state, event, party)


@pytest.mark.parametrize("why", UNMET)
def test_what_a_step_needs_is_needed(why: str) -> None:
    state, event, party, spoilt, case = UNMET[why]
    with pytest.raises(StepNotReady) as raised:
        taken(state, event, party, spoilt=spoilt, **case)
    assert raised.value.texts is not None
    assert set(raised.value.texts) == {"en", "fr", "es"}


def test_each_requirement_is_refused_somewhere() -> None:
    """A requirement that leads elsewhere is tested there; those of a draft are those of the decision."""
    guarded = {each for each, first in load_procedure().transitions.items() if first.requires and not first.otherwise}
    tried = {(state, event) for state, event, *_ in UNMET.values()}
    alike = {(state, event) for state, event in guarded if event in ("draft_decision", "assign", "grant_consent")}
    assert guarded - tried - alike == {
        ("decided", "notate"),  # as in watch
        ("correction_verified", "accept_late_reason"),  # as in decided
        ("watch", "accept_late_reason"),
        ("decided", "request_late_appeal"),  # as in watch
        ("correction_verified", "request_late_appeal"),
    }


@pytest.mark.parametrize("party", ["applicant", "representative"])
def test_an_appeal_is_in_time_until_the_window_closes(party: str) -> None:
    last = format_instant(NOW + timedelta(microseconds=1))
    assert taken("decided", "appeal", party, appeal_until=last)["state"] == "appealed"
    late = {"appeal_until": format_instant(NOW - 90 * DAY), "late_reason_accepted": True}
    assert taken("decided", "appeal", party, **late)["state"] == "appealed"


@pytest.mark.parametrize("party", ["applicant", "representative"])
def test_a_check_that_passes_does_not_cut_the_time_to_appeal_short(party: str) -> None:
    in_part = {"decision": {"outcome": "granted_in_part", "root_cause": "RC1"}, "late_reason_accepted": False}
    last = format_instant(NOW + timedelta(microseconds=1))
    assert taken("watch", "appeal", party, **in_part, appeal_until=last)["state"] == "appealed"
    with pytest.raises(StepNotReady):
        taken("watch", "appeal", party, **in_part, appeal_until=format_instant(NOW))


def test_a_case_that_came_back_may_be_appealed_and_asked_about_anew() -> None:
    case = standing("decided", appealed=True, asked=2)
    again = SimpleNamespace(**{**vars(case.latest), "event": "recurrence", "revision": 5, "entered": 5})
    came_back = Case(case.opened, [*case.history, again])
    assert plan(came_back, Step("appeal", "applicant", ME, NOW))[0].values["state"] == "appealed"


def entered(state: str, **case: Any) -> list[Any]:
    """The rows of a step that leads to a state."""
    came = next(each for each in SPECIFIED if each[2] == state) if state != "documents_needed" else None
    if came is None:
        return plan(standing("abandoned", **case), Step("reopen", "applicant", ME, NOW))
    step = Step(came[1], came[3][0], ME, NOW, detail=DETAIL)
    return plan(standing(came[0], **{**OPEN.get(came[:2], {}), **case}), step)


@pytest.mark.parametrize(("state", "lasts", "event"), [(state, *each) for state, each in DEADLINES.items()])
def test_a_deadline_is_kept_as_a_job_of_the_step(state: str, lasts: timedelta, event: str) -> None:
    rows = entered(state)
    due = format_instant(NOW + lasts)
    assert rows[0].values["due_at"] == due
    jobs = {json.loads(row.values["payload"])["event"]: row.values for row in rows if row.table == "jobs"}
    assert (jobs[event]["due_at"], jobs[event]["kind"]) == (due, "deadline")


@pytest.mark.parametrize("priority", sorted(URGENT))
def test_the_clocks_of_urgent_cases_end_in_their_time(priority: str) -> None:
    look, whole = URGENT[priority]
    rows = {state: entered(state, priority=priority)[0].values for state in ("accepted", "routed", "adjudication")}
    assert rows["accepted"]["due_at"] == format_instant(NOW + look)
    lasting = [datetime.fromisoformat(row["due_at"]) - NOW for row in rows.values()]
    assert sum(lasting, timedelta()) == whole


def test_the_day_of_the_deemed_outcome_is_counted_from_acceptance() -> None:
    day = format_instant(NOW + 120 * DAY)
    rows = entered("accepted")
    assert json.loads(rows[0].values["content"])["deemed_at"] == day
    assert day in [row.values["due_at"] for row in rows if row.table == "jobs"]


def test_the_clock_stands_still_while_a_question_waits() -> None:
    running = {name: entered(name)[0].values["clock_since"] for name in DEADLINES}
    assert {name for name, since in running.items() if since} == {"accepted", "routed", "adjudication"}
