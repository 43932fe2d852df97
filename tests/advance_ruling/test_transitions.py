"""Every way from one state to another, as section 6 of the specification has them: allowed, and refused.

The table is written from the specification; the procedure's data file is held against it.
"""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from advance_ruling.problems import GroundNotListed, IllegalStep, NotYourStep, StepNotReady
from advance_ruling.steps import Application, Step, plan
from crossing.kit.database import format_instant
from crossing.kit.json_text import json_text
from crossing.rulings.procedure import load_procedure

APPLICANTS = ("applicant", "petitioner", "agent")
ADJUDICATOR, SYSTEM, CLOCK, AUTHORITY = ("adjudicator",), ("system",), ("clock",), ("destination_authority",)
EVERYBODY = (*APPLICANTS, "adjudicator", "second_reader", "destination_authority", "clock", "system")

# from, event, to, by
SPECIFIED: list[tuple[str, str, str, tuple[str, ...]]] = [
    ("draft", "submit", "submitted", APPLICANTS),
    ("submitted", "check_ok", "complete", (*SYSTEM, *CLOCK)),  # the clock deems complete: on_expiry of submitted
    ("submitted", "check_missing", "deficient", ("system", "adjudicator")),
    ("submitted", "decline", "declined", ADJUDICATOR),
    ("deficient", "supply", "submitted", APPLICANTS),
    ("deficient", "expire", "declined", CLOCK),
    ("complete", "assign", "under_review", SYSTEM),
    ("under_review", "ask", "evidence_requested", ADJUDICATOR),
    ("evidence_requested", "answer", "under_review", APPLICANTS),
    ("evidence_requested", "expire", "under_review", CLOCK),
    ("under_review", "issue", "issued", ADJUDICATOR),
    ("under_review", "propose_denial", "proposed_denial", ADJUDICATOR),
    ("proposed_denial", "answer", "under_review", APPLICANTS),
    ("proposed_denial", "confirm", "denied", (*ADJUDICATOR, *CLOCK)),
    ("issued", "effective", "in_force", CLOCK),
    ("issued", "review_request", "under_review", APPLICANTS),
    ("denied", "review_request", "under_review", APPLICANTS),
    ("in_force", "propose_change", "change_proposed", AUTHORITY),
    ("in_force", "short_change", "modified", AUTHORITY),
    ("change_proposed", "adopt_modify", "modified", AUTHORITY),
    ("change_proposed", "adopt_revoke", "revoked", AUTHORITY),
    ("change_proposed", "drop", "in_force", (*AUTHORITY, *CLOCK)),
    ("modified", "effective", "in_force", CLOCK),
    ("in_force", "revoke_false", "revoked", AUTHORITY),
    ("in_force", "suspend", "suspended", AUTHORITY),
    # The system resumes when redress restores a ruling (section 10: ruling.restored).
    ("suspended", "resume", "in_force", (*AUTHORITY, *CLOCK, *SYSTEM)),
    ("suspended", "revoke_false", "revoked", AUTHORITY),
    ("in_force", "holder_update", "superseded", SYSTEM),
    ("in_force", "expire", "expired", CLOCK),
    *(
        (state, "withdraw", "withdrawn", APPLICANTS)
        for state in (
            "draft",
            "submitted",
            "deficient",
            "complete",
            "under_review",
            "evidence_requested",
            "proposed_denial",
        )
    ),
]
STATES = {
    *("draft", "submitted", "deficient", "complete", "under_review", "evidence_requested", "proposed_denial"),
    *("issued", "denied", "in_force", "change_proposed", "modified", "revoked", "suspended", "superseded", "expired"),
    *("withdrawn", "declined"),
}
GROUNDS = {
    "decline": [
        "pending_in_court",
        "already_decided",
        "hypothetical",
        "travel_sooner_than_possible",
        "outside_class_scope",
    ],
    "propose_change": [
        "error_of_fact",
        "error_of_law",
        "court_decision",
        "law_change",
        "agreed_interpretation",
        "changed_material_fact",
    ],
    "suspend": ["order_under_irpa_87_302", "irpa_20_01", "court_order", "fraud_investigation_open"],
}
# How long a state is stayed in at most, and what follows then.
DEADLINES = {
    "submitted": (2, "check_ok"),
    "deficient": (30, "expire"),
    "evidence_requested": (30, "expire"),
    "proposed_denial": (14, "confirm"),
    "suspended": (30, "resume"),
}

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
ME = "somebody"
CITED = [{"requirement": "US-TN-13", "text": "why"}]


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
    return Application(SimpleNamespace(), opened, [SimpleNamespace(**{**latest, "revision": 1}), *asks])  # type: ignore[arg-type]


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


# Each guard of the specification, with what is wrong when it does not hold.
UNMET: dict[str, tuple[str, str, str, dict[str, Any], dict[str, Any]]] = {
    "no statement of truth": ("draft", "submit", "applicant", {"statement_of_truth": False}, {}),
    "a representative without consent": ("draft", "submit", "agent", {}, {"consent": None}),
    "an item that cites no rule": ("submitted", "check_missing", "system", {"items": [{"text": "x"}]}, {"": ""}),
    "no item at all": ("submitted", "check_missing", "adjudicator", {"items": []}, {"": ""}),
    "another class": (
        "complete",
        "assign",
        "system",
        {"adjudicator": {"subject": ME, "classes": ["us.e1"]}},
        {},
    ),
    "a conflict of interest": (
        "complete",
        "assign",
        "system",
        {"adjudicator": {"subject": "owner", "classes": ["us.tn"]}},
        {},
    ),
    "a question that cites nothing": ("under_review", "ask", "adjudicator", {"questions": [{"text": "x"}]}, {"": ""}),
    "asked before": ("under_review", "ask", "adjudicator", {}, {"questions": CITED}),
    "asked twice already": ("under_review", "ask", "adjudicator", {}, {"asked": 2}),
    "asked by another": ("under_review", "ask", "adjudicator", {}, {"actor": "another"}),
    "issued by another": ("under_review", "issue", "adjudicator", {}, {"actor": "another"}),
    "it does not qualify": ("under_review", "issue", "adjudicator", {"outcome": "does_not_qualify"}, {}),
    "judgement is open": ("under_review", "issue", "adjudicator", {"outcome": "needs_judgement"}, {}),
    "precedents not searched": ("under_review", "issue", "adjudicator", {"precedents": None}, {}),
    "a precedent not answered": ("under_review", "issue", "adjudicator", {"precedents": ["US-TN-2026-000009"]}, {}),
    "nobody read it again": ("under_review", "propose_denial", "adjudicator", {}, {"second_reading": None}),
    "the second reader disagrees": (
        "under_review",
        "propose_denial",
        "adjudicator",
        {},
        {"second_reading": {"by": "other", "agrees": False}},
    ),
    "the second reader is the first": (
        "under_review",
        "propose_denial",
        "adjudicator",
        {},
        {"second_reading": {"by": ME, "agrees": True}},
    ),
    "a reason that cites no rule": (
        "under_review",
        "propose_denial",
        "adjudicator",
        {"reasons": [{"text": "I would rather not."}]},
        {"": ""},
    ),
    "the second answer": ("proposed_denial", "answer", "applicant", {}, {"answered_denials": 1}),
    "the right to answer not used": ("proposed_denial", "confirm", "adjudicator", {}, {"answered": False}),
    "before its day": (
        "issued",
        "effective",
        "clock",
        {},
        {"effective_from": format_instant(NOW + timedelta(seconds=1))},
    ),
    "a review after 90 days": ("denied", "review_request", "agent", {}, {"since": timedelta(days=90, seconds=1)}),
    "a review of what was issued 91 days ago": (
        "issued",
        "review_request",
        "applicant",
        {},
        {"since": timedelta(days=91)},
    ),
    "60 days old": (
        "in_force",
        "short_change",
        "destination_authority",
        {},
        {"issued_at": format_instant(NOW - timedelta(days=60))},
    ),
    "no letter sent": ("in_force", "short_change", "destination_authority", {"letter_sent_on": None}, {}),
    "comments still open": (
        "change_proposed",
        "adopt_modify",
        "destination_authority",
        {},
        {"since": timedelta(days=30) - timedelta(seconds=1)},
    ),
    "comments open on a revocation": (
        "change_proposed",
        "adopt_revoke",
        "destination_authority",
        {},
        {"since": timedelta(days=1)},
    ),
    "no document shows it": ("in_force", "revoke_false", "destination_authority", {"document": None}, {}),
    "the holder was not heard": ("suspended", "revoke_false", "destination_authority", {"heard_on": None}, {}),
    "no new ruling": ("in_force", "holder_update", "system", {"replaced_by": None}, {}),
    "still valid": ("in_force", "expire", "clock", {}, {"valid_until": "2026-11-22"}),
}


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
