"""Section 6 of the specification of advance rulings as tables: states, ways, grounds, deadlines and guards."""

from datetime import UTC, datetime, timedelta
from typing import Any

from crossing.kit.database import format_instant

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
    # The system proposes when a like case was decided otherwise (section 9.4).
    ("in_force", "propose_change", "change_proposed", (*AUTHORITY, *SYSTEM)),
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
        "different_result",
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
