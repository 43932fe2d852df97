"""Section 7 of the specification of redress as tables: states, ways, entries, deadlines and guards."""

from datetime import UTC, datetime, timedelta
from typing import Any

from crossing.kit.database import format_instant

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ME = "somebody"

TRAVELLER = ("applicant", "representative")
INTAKE, OFFICER, REVIEWER, CLOCK, ADMISSION = (
    ("intake",),
    ("case_officer",),
    ("component_reviewer",),
    ("clock",),
    ("admission",),
)
ADJUDICATOR, PANEL = ("independent_adjudicator",), ("appeal_panel",)
DESK = ("case_officer", "component_reviewer", "independent_adjudicator", "appeal_panel")
EVERYBODY = (*TRAVELLER, "intake", *DESK, "admission", "clock")

TO_DECIDE = ("accepted", "routed", "evidence_requested", "adjudication")
WITHDRAWABLE = ("draft", "submitted", "documents_needed", *TO_DECIDE)
STATES = {
    *WITHDRAWABLE,
    *("decided", "correction_pending", "correction_verified", "appealed", "watch", "closed", "withdrawn"),
    *("abandoned", "out_of_scope"),
}
LIVING = STATES - {"closed", "withdrawn", "out_of_scope"}

#: from, event, to, by; where an event leads two ways, the second is in OTHERWISE.
SPECIFIED: list[tuple[str, str, str, tuple[str, ...]]] = [
    ("draft", "submit", "submitted", TRAVELLER),
    # The clock does so on expiry (auto_acknowledge).
    ("submitted", "acknowledge", "accepted", (*INTAKE, *CLOCK)),
    ("submitted", "refer_out", "out_of_scope", OFFICER),
    ("documents_needed", "documents_received", "accepted", INTAKE),
    ("documents_needed", "expire", "abandoned", CLOCK),
    ("accepted", "route", "routed", OFFICER),
    ("accepted", "fast_fix", "decided", ADJUDICATOR),
    ("routed", "component_answer", "adjudication", REVIEWER),
    ("routed", "expire", "adjudication", CLOCK),
    ("adjudication", "ask_applicant", "evidence_requested", ADJUDICATOR),
    ("evidence_requested", "answer", "adjudication", TRAVELLER),
    ("evidence_requested", "expire", "adjudication", CLOCK),
    ("adjudication", "decide", "decided", ADJUDICATOR),
    # The deemed outcome orders its correction by itself, and no order waits longer than an hour.
    ("decided", "order_correction", "correction_pending", (*ADJUDICATOR, *CLOCK)),
    ("decided", "no_correction", "watch", CLOCK),
    ("decided", "appeal", "appealed", TRAVELLER),
    ("correction_pending", "applied", "correction_verified", ADMISSION),
    ("correction_verified", "probe_passed", "watch", INTAKE),
    ("correction_verified", "probe_failed", "correction_pending", INTAKE),
    ("correction_verified", "appeal", "appealed", TRAVELLER),
    ("appealed", "appeal_decided", "decided", PANEL),
    ("watch", "recurrence", "accepted", ADMISSION),
    ("watch", "expire", "closed", CLOCK),
    # A late reason accepted once the case is watched; or what was not granted, still in time.
    ("watch", "appeal", "appealed", TRAVELLER),
    ("abandoned", "reopen", "documents_needed", TRAVELLER),
    *((state, "withdraw", "withdrawn", TRAVELLER) for state in WITHDRAWABLE),
    # Day 120: as if granted, or to the panel where the source is secret.
    *((state, "deemed_outcome", "decided", CLOCK) for state in (*TO_DECIDE, "appealed")),
]
OTHERWISE: list[tuple[str, str, str, tuple[str, ...], dict[str, Any]]] = [
    ("submitted", "acknowledge", "documents_needed", (*INTAKE, *CLOCK), {"items": [{"kind": "passport"}]}),
    *((state, "deemed_outcome", "appealed", CLOCK, {"security_sourced": True}) for state in TO_DECIDE),
    ("appealed", "deemed_outcome", "appealed", CLOCK, {"security_sourced": True}),
]

#: What is entered without moving: event, states, by.
ENTRIES: list[tuple[str, set[str], tuple[str, ...]]] = [
    ("save", {"draft"}, TRAVELLER),
    ("correct", set(WITHDRAWABLE) - {"draft"}, TRAVELLER),
    ("add_evidence", {*WITHDRAWABLE, "appealed"}, TRAVELLER),
    ("extend", {"documents_needed"}, TRAVELLER),
    ("extend", {"routed"}, REVIEWER),
    ("grant_consent", LIVING, ("applicant",)),
    ("revoke_consent", LIVING, ("applicant",)),
    ("request_late_appeal", {"decided", "correction_verified", "watch"}, TRAVELLER),
    ("remind", {"documents_needed"}, CLOCK),
    ("assign", {*TO_DECIDE, "decided", "correction_pending"}, OFFICER),
    ("read_records", {*TO_DECIDE, "decided", "correction_pending", "appealed"}, (*OFFICER, *ADJUDICATOR, *PANEL)),
    ("note", LIVING - {"draft"}, DESK),
    ("draft_decision", {"accepted", "adjudication", "correction_pending"}, ADJUDICATOR),
    ("draft_decision", {"appealed"}, PANEL),
    ("seat_panel", {"appealed"}, OFFICER),
    ("accept_late_reason", {"decided", "correction_verified", "watch"}, OFFICER),
    ("escalate", {"accepted", "adjudication"}, CLOCK),
    ("page_on_call", {"correction_pending", "correction_verified"}, CLOCK),
    ("notate", {"decided", "watch"}, (*TRAVELLER, *OFFICER, *ADJUDICATOR)),
    ("remedy_applied", {"correction_pending", "decided", "watch"}, ADMISSION),
    ("remedy_refused", {"correction_pending", "decided", "watch"}, ADMISSION),
    ("reorder_correction", {"correction_pending"}, ADJUDICATOR),
    # Where the clock granted and nothing had been drafted.
    ("order_correction", {"correction_pending"}, ADJUDICATOR),
]

#: How long a state is stayed in at most, by priority P2, and what follows then.
DEADLINES: dict[str, tuple[timedelta, str]] = {
    "submitted": (DAY, "acknowledge"),
    "documents_needed": (30 * DAY, "expire"),
    "accepted": (2 * DAY, "escalate"),
    "routed": (20 * DAY, "expire"),
    "evidence_requested": (30 * DAY, "expire"),
    "adjudication": (15 * DAY, "escalate"),
    "correction_pending": (DAY, "page_on_call"),
    "correction_verified": (7 * DAY, "page_on_call"),
    "appealed": (60 * DAY, "deemed_outcome"),
    "watch": (datetime(2028, 11, 21, 15, 0, tzinfo=UTC) - NOW, "expire"),
}
#: A first look in four hours and a decision within 24; a decision within five days.
URGENT: dict[str, tuple[timedelta, timedelta]] = {
    "P0": (4 * HOUR, 24 * HOUR),
    "P1": (DAY, 5 * DAY),
}

PEOPLE = [{"subject": name, "unit": "panel"} for name in (ME, "second", "third")]
WHOLE = {"facts": ["The exit was recorded."], "sources": ["exits"], "secrecy_basis": None}
SECOND = timedelta(seconds=1)

#: Each guard of the specification: state, event, party, what is spoilt in the step, what is wrong in the case.
UNMET: dict[str, tuple[str, str, str, dict[str, Any], dict[str, Any]]] = {
    "no name": ("draft", "submit", "applicant", {}, {"identity": {"surname": "", "given_names": "A"}}),
    "no birth date": ("draft", "submit", "applicant", {}, {"identity": {"surname": "B", "given_names": "A"}}),
    "no statement of truth": ("draft", "submit", "applicant", {"statement_of_truth": False}, {}),
    "a representative without consent": ("draft", "submit", "representative", {}, {"representative": {"name": "x"}}),
    "a consent that covers nothing": (
        *("draft", "submit", "representative", {}),
        {"representative": {"consent": {"scope": [], "given_on": "2026-11-01"}}},
    ),
    "a consent that was revoked": (
        *("draft", "submit", "representative", {}),
        {"representative": {"consent": {"scope": ["status"], "given_on": "2026-11-01", "revoked_on": "2026-11-02"}}},
    ),
    "no experience": ("draft", "submit", "applicant", {}, {"experiences": []}),
    "papers are missing": ("documents_needed", "documents_received", "intake", {}, {"items": [{"kind": "passport"}]}),
    "something is in scope": ("submitted", "refer_out", "case_officer", {"in_scope": ["EXP-DATA"]}, {}),
    "nobody looked whether it is in scope": ("submitted", "refer_out", "case_officer", {"in_scope": None}, {}),
    "no body named": ("submitted", "refer_out", "case_officer", {"body": None}, {}),
    "one reminder only": ("documents_needed", "expire", "clock", {}, {"reminded": 1}),
    "a reviewer of another unit": (
        *("accepted", "route", "case_officer"),
        *({"reviewer": {"subject": "r", "unit": "US-CBP-OTHER"}}, {}),
    ),
    "no owner known": ("accepted", "route", "case_officer", {"reviewer": {"subject": "r"}}, {"record_owner": None}),
    "no document proves it": ("accepted", "fast_fix", "independent_adjudicator", {"document": None}, {}),
    "fixed by another": ("accepted", "fast_fix", "independent_adjudicator", {}, {"adjudicator": "another"}),
    "fixed by whoever erred": (
        *("accepted", "fast_fix", "independent_adjudicator", {}),
        {"conflicts": [{"who": ME, "why": "involved"}]},
    ),
    "an answer without facts": (
        *("routed", "component_answer", "component_reviewer"),
        *({"answer": {**WHOLE, "facts": []}}, {}),
    ),
    "an answer without sources": (
        *("routed", "component_answer", "component_reviewer"),
        *({"answer": {**WHOLE, "sources": []}}, {}),
    ),
    "silent on secrecy": (
        *("routed", "component_answer", "component_reviewer"),
        *({"answer": {"facts": ["x"], "sources": ["y"]}}, {}),
    ),
    "asked by another": ("adjudication", "ask_applicant", "independent_adjudicator", {}, {"adjudicator": "another"}),
    "no question": ("adjudication", "ask_applicant", "independent_adjudicator", {"questions": []}, {}),
    "asked twice already": ("adjudication", "ask_applicant", "independent_adjudicator", {}, {"asked": 2}),
    "decided by another": ("adjudication", "decide", "independent_adjudicator", {}, {"adjudicator": "another"}),
    "decided by whoever decided before": (
        *("adjudication", "decide", "independent_adjudicator", {}),
        {"conflicts": [{"who": ME, "why": "involved"}]},
    ),
    "decided by the unit of the record": (
        *("adjudication", "decide", "independent_adjudicator", {}),
        {"conflicts": [{"unit": "panel", "why": "owner"}]},
    ),
    "decided in another's name": (
        *("adjudication", "decide", "independent_adjudicator"),
        *({"adjudicator": {"subject": "second", "unit": "elsewhere"}}, {}),
    ),
    "the letter fails a check": ("adjudication", "decide", "independent_adjudicator", {"lint": [{"check": 6}]}, {}),
    "the letter was not checked": ("adjudication", "decide", "independent_adjudicator", {"lint": None}, {}),
    "no root cause": (
        *("adjudication", "decide", "independent_adjudicator", {}),
        {"decision": {"outcome": "upheld"}},
    ),
    "a root cause nobody listed": (
        *("adjudication", "decide", "independent_adjudicator", {}),
        {"decision": {"outcome": "upheld", "root_cause": "RC10"}},
    ),
    "an outcome nobody listed": (
        *("adjudication", "decide", "independent_adjudicator", {}),
        {"decision": {"outcome": "perhaps", "root_cause": "RC1"}},
    ),
    "nothing granted": (
        *("decided", "order_correction", "independent_adjudicator", {}),
        {"decision": {"outcome": "upheld", "root_cause": "RC0"}},
    ),
    "the window is open": (
        *("decided", "no_correction", "clock", {}),
        {"appeal_until": format_instant(NOW + SECOND)},
    ),
    "a correction is granted": (
        *("decided", "no_correction", "clock", {}),
        {"decision": {"outcome": "granted", "root_cause": "RC1"}},
    ),
    "31 days after notice": ("decided", "appeal", "applicant", {}, {"appeal_until": format_instant(NOW)}),
    "appealed before": ("decided", "appeal", "applicant", {}, {"appealed": True}),
    "not every correction applied": (
        *("correction_pending", "applied", "admission", {}),
        {"corrections": [{"version": 2, "applied": {"version": 2}}, {"version": 1, "applied": None}]},
    ),
    "an older version applied": (
        *("correction_pending", "applied", "admission", {}),
        {"corrections": [{"version": 2, "applied": {"version": 1}}]},
    ),
    "no correction at all": ("correction_pending", "applied", "admission", {}, {"corrections": []}),
    "granted in full": (
        *("correction_verified", "appeal", "applicant", {}),
        {"decision": {"outcome": "granted", "root_cause": "RC1"}},
    ),
    "granted in part, too late": (
        *("correction_verified", "appeal", "representative", {}),
        {"appeal_until": format_instant(NOW)},
    ),
    "not of the panel": ("appealed", "appeal_decided", "appeal_panel", {}, {"panel": ["a", "b", "c"]}),
    "another panel than the one seated": (
        *("appealed", "appeal_decided", "appeal_panel"),
        *({"panel": PEOPLE[:2]}, {}),
    ),
    "a member took part": (
        *("appealed", "appeal_decided", "appeal_panel", {}),
        {"conflicts": [{"who": "third", "why": "reports_to"}]},
    ),
    "a member decided before": ("appealed", "appeal_decided", "appeal_panel", {}, {"adjudicator": "second"}),
    "the panel's letter fails": ("appealed", "appeal_decided", "appeal_panel", {"lint": [{"check": 1}]}, {}),
    "another person": ("watch", "recurrence", "admission", {"same_subject": False}, {}),
    "another cause": ("watch", "recurrence", "admission", {"cause": "RC2"}, {}),
    "late without a reason accepted": ("watch", "appeal", "applicant", {}, {"late_reason_accepted": False}),
    "late for the second time": ("watch", "request_late_appeal", "applicant", {}, {"appealed": True}),
    "after 180 days": ("abandoned", "reopen", "applicant", {}, {"since": 180 * DAY + SECOND}),
    "extended before": ("documents_needed", "extend", "applicant", {}, {"extended": True}),
    "the component extended before": ("routed", "extend", "component_reviewer", {}, {"extended": True}),
    "assigned to whoever decided": (
        *("accepted", "assign", "case_officer", {}),
        {"conflicts": [{"who": ME, "why": "involved"}]},
    ),
    "assigned to the unit of the record": (
        *("accepted", "assign", "case_officer", {}),
        {"conflicts": [{"unit": "panel", "why": "owner"}]},
    ),
    "assigned to nobody": ("accepted", "assign", "case_officer", {"adjudicator": {}}, {}),
    "a panel of two": ("appealed", "seat_panel", "case_officer", {"panel": PEOPLE[:2]}, {"panel": [ME, "second"]}),
    "the same member twice": (
        *("appealed", "seat_panel", "case_officer"),
        *({"panel": [*PEOPLE[:2], PEOPLE[0]]}, {"panel": [ME, "second", ME]}),
    ),
    "no reason for lateness": ("decided", "accept_late_reason", "case_officer", {"reason": ""}, {}),
    "a notation beside a full correction": (
        *("watch", "notate", "applicant", {}),
        {"decision": {"outcome": "granted", "root_cause": "RC1"}},
    ),
    "ordered beside what was ordered": (
        *("correction_pending", "order_correction", "independent_adjudicator", {}),
        {"corrections": [{"version": 1, "applied": None}]},
    ),
    "ordered again without a fresh look": (
        *("correction_pending", "reorder_correction", "independent_adjudicator"),
        *({"looked_at": None}, {}),
    ),
    "a consent without a day": (
        *("watch", "grant_consent", "applicant", {}),
        {"representative": {"consent": {"scope": ["status"]}}},
    ),
}
