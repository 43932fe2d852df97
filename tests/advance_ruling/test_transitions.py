"""Every way from one state to another, as section 6 of the specification has them: allowed, and refused.

The table is written from the specification; the procedure's data file is held against it.
"""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tests.advance_ruling.specified import CITED, DEADLINES, EVERYBODY, GROUNDS, ME, NOW, SPECIFIED, STATES, UNMET

from advance_ruling.steps import Application, plan
from crossing.casework.problems import GroundNotListed, IllegalStep, NotYourStep, StepNotReady
from crossing.casework.steps import Step
from crossing.kit.database import format_instant
from crossing.kit.json_text import json_text
from crossing.rulings.procedure import load_procedure


def standing(state: str, **case: Any) -> Application:
    """An application that came to a state a day ago; keywords replace parts of its case file."""
    content = {
        "class_id": "us.tn",
        "track": "standard",
        "consent": {"given_on": "2026-11-01", "scope": ["application"]},
        "adjudicator": ME,
        "conflicts": ["owner"],
        "questions": [],
        "second_reading": {"by": "other", "agrees": True},
        "precedents_answered": [{"number": "US-TN-2026-000001"}],
        "answered_denials": 1 if state == "proposed_denial" and case.pop("answered", False) else 0,
        "effective_from": format_instant(NOW),
        "issued_at": format_instant(NOW - timedelta(days=59)),
        "valid_until": "2026-11-19",
    }
    asked = case.pop("asked", 0)
    since = case.pop("since", timedelta(days=1))
    latest = {
        "revision": 1 + asked,
        "state": state,
        "entered": 1,
        "at": format_instant(NOW - since),
        "due_at": None,
        "clock_used_s": 0,
        "clock_since": None,
        "event": "begin",
        "content": json_text({**content, **case}),
    }
    asks = [SimpleNamespace(**{**latest, "event": "ask", "revision": 1 + each}) for each in range(1, asked + 1)]
    opened = SimpleNamespace(id="0190b5a4-0000-7000-8000-000000000000", into="US", class_id="us.tn")
    return Application(opened, [SimpleNamespace(**{**latest, "revision": 1}), *asks], SimpleNamespace())  # type: ignore[arg-type]


def ready(state: str, event: str, party: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The case file and the step's own content with which everything that the step needs is there."""
    case: dict[str, Any] = {}
    if (state, event, party) == ("proposed_denial", "confirm", "adjudicator"):
        case = {"answered": True}
    if state == "change_proposed":
        case = {"since": timedelta(days=30)}
    detail = {
        "statement_of_truth": True,
        "items": CITED,
        "questions": CITED,
        "reasons": CITED,
        "adjudicator": {"subject": ME, "classes": ["us.tn"]},
        "outcome": "qualifies",
        "precedents": ["US-TN-2026-000001"],
        "letter_sent_on": "2026-11-20",
        "document": "customs entry 1",
        "heard_on": "2026-11-19",
        "replaced_by": "US-TN-2026-000002",
    }
    return case, detail


def taken(state: str, event: str, party: str, *, spoilt: dict[str, Any] | None = None, **case: Any) -> dict[str, Any]:
    """The revision that a step makes; ``spoilt`` replaces parts of the step, keywords parts of the case."""
    own, detail = ready(state, event, party)
    ground = GROUNDS.get(event, [None])[0]
    actor = case.pop("actor", ME)
    step = Step(event, party, actor, NOW, detail={**detail, **(spoilt or {})}, ground=case.pop("ground", ground))
    rows = plan(standing(state, **{**own, **case}), step)
    return dict(rows[0].values)


def test_the_procedure_has_the_ways_of_the_specification_and_no_others() -> None:
    moves = {
        (state, event, each.to, each.by)
        for (state, event), each in load_procedure().transitions.items()
        if each.to is not None
    }
    assert moves == {(state, event, to, frozenset(by)) for state, event, to, by in SPECIFIED}
    assert set(load_procedure().states) == STATES
    assert load_procedure().terminal == {"withdrawn", "declined", "expired", "revoked", "superseded"}


@pytest.mark.parametrize(
    ("state", "event", "to", "party"), [(state, event, to, party) for state, event, to, by in SPECIFIED for party in by]
)
def test_who_may_act_does(state: str, event: str, to: str, party: str) -> None:
    made = taken(state, event, party)
    assert (made["state"], made["party"], made["revision"], made["entered"]) == (to, party, 2, 2)


@pytest.mark.parametrize(
    ("state", "event", "party"),
    [(state, event, party) for state, event, _, by in SPECIFIED for party in EVERYBODY if party not in by],
)
def test_nobody_else_may(state: str, event: str, party: str) -> None:
    with pytest.raises(NotYourStep):
        taken(state, event, party)


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (state, event)
        for state in sorted(STATES)
        for event in sorted({event for _, event, _, _ in SPECIFIED})
        if (state, event) not in {(each[0], each[1]) for each in SPECIFIED}
    ],
)
def test_every_other_step_is_illegal_where_it_has_no_place(state: str, event: str) -> None:
    for party in EVERYBODY:
        with pytest.raises(IllegalStep):
            taken(state, event, party)


@pytest.mark.parametrize(
    ("state", "event", "party", "ground"),
    [
        (state, event, by[0], ground)
        for state, event, _, by in SPECIFIED
        if event in GROUNDS
        for ground in GROUNDS[event]
    ],
)
def test_each_ground_of_a_closed_list_is_allowed(state: str, event: str, party: str, ground: str) -> None:
    assert f'"ground":"{ground}"' in taken(state, event, party, ground=ground)["detail"]


@pytest.mark.parametrize(
    ("state", "event", "party"), [(state, event, by[0]) for state, event, _, by in SPECIFIED if event in GROUNDS]
)
@pytest.mark.parametrize("ground", [None, "i_disagree"])
def test_no_other_ground_is(state: str, event: str, party: str, ground: str | None) -> None:
    with pytest.raises(GroundNotListed):
        taken(state, event, party, ground=ground)


@pytest.mark.parametrize("why", UNMET)
def test_what_a_step_needs_is_needed(why: str) -> None:
    state, event, party, spoilt, case = UNMET[why]
    if case == {"": ""}:  # every list that may cite a rule is left out but the one at fault
        case, spoilt = {}, {"items": [], "questions": [], "reasons": []} | spoilt
    with pytest.raises(StepNotReady) as raised:
        taken(state, event, party, spoilt=spoilt, **case)
    assert raised.value.texts is not None
    assert set(raised.value.texts) == {"en", "fr", "es"}


def test_each_requirement_that_the_procedure_names_is_refused_somewhere() -> None:
    """Guards only; what is entered without moving is tested over HTTP."""
    guarded = {
        (state, event) for (state, event), each in load_procedure().transitions.items() if each.to and each.requires
    }
    assert guarded - {(state, event) for state, event, *_ in UNMET.values()} == {
        ("modified", "effective"),  # as issued, effective
        ("in_force", "revoke_false"),
        ("suspended", "revoke_false"),
    } - {(state, event) for state, event, *_ in UNMET.values()}


@pytest.mark.parametrize(("state", "days", "event"), [(state, *each) for state, each in DEADLINES.items()])
def test_a_deadline_is_kept_as_a_job_of_the_step(state: str, days: int, event: str) -> None:
    came = next((each for each in SPECIFIED if each[2] == state), None)
    assert came is not None
    own, detail = ready(came[0], came[1], came[3][0])
    step = Step(came[1], came[3][0], ME, NOW, detail=detail, ground=GROUNDS.get(came[1], [None])[0])
    rows = plan(standing(came[0], **own), step)
    due = format_instant(NOW + timedelta(days=days))
    assert rows[0].values["due_at"] == due
    [job] = [row.values for row in rows if row.table == "jobs"]
    assert (job["due_at"], job["kind"]) == (due, "deadline")
    assert f'"event":"{event}"' in job["payload"]
