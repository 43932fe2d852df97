"""Cases as they stand once they were accepted, and what caseworkers send, for tests to change."""

from datetime import UTC, datetime
from typing import Any, Final

import httpx
from fastapi import FastAPI
from uuid_utils.compat import uuid7

from crossing.kit.database import format_instant
from crossing.kit.json_text import json_text
from crossing.kit.ledger import Insert
from redress.cases.open_case import new_control_number
from redress.casework.record import record
from redress.casework.steps import open_case

START: Final = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
CASES: Final = "/redress/v1/cases"
EXAMINATION: Final = "0198c1f0-0000-7000-8000-000000000001"
#: Who acted at the port, in the records that admission tells.
OFFICER, SUPERVISOR, EDITOR = "officer-11", "supervisor-12", "editor-13"
STAFF: Final[dict[str, dict[str, Any]]] = {
    "clerk": {"unit": "redress", "reports_to": "head", "duties": ["case_officer"]},
    "ada": {"unit": "redress", "reports_to": "head", "duties": ["independent_adjudicator"]},
    "mover": {"unit": "redress", "reports_to": "head", "duties": ["independent_adjudicator"]},
    "bea": {"unit": "redress", "reports_to": "head", "duties": ["independent_adjudicator"]},
    "reviewer": {"unit": "cbp", "reports_to": None, "duties": ["component_reviewer"]},
    "other-reviewer": {"unit": "tsa", "reports_to": None, "duties": ["component_reviewer"]},
    "panel-1": {"unit": "panel", "reports_to": None, "duties": ["appeal_panel"]},
    "panel-2": {"unit": "panel", "reports_to": None, "duties": ["appeal_panel"]},
    "panel-3": {"unit": "panel", "reports_to": None, "duties": ["appeal_panel"]},
    OFFICER: {"unit": "US-DETROIT", "reports_to": "chief", "duties": ["independent_adjudicator", "appeal_panel"]},
    "colleague": {"unit": "US-DETROIT", "reports_to": None, "duties": ["independent_adjudicator"]},
    "chief": {"unit": "headquarters", "reports_to": "director", "duties": ["independent_adjudicator"]},
    "director": {"unit": "capital", "reports_to": None, "duties": ["independent_adjudicator"]},
    SUPERVISOR: {"unit": "somewhere", "reports_to": None, "duties": ["independent_adjudicator"]},
    EDITOR: {"unit": "elsewhere", "reports_to": None, "duties": ["independent_adjudicator"]},
    "owner": {"unit": "cbp", "reports_to": None, "duties": ["independent_adjudicator"]},
    "list-keeper": {"unit": "far-away", "reports_to": None, "duties": ["independent_adjudicator"]},
    "lister": {"unit": "list-office", "reports_to": None, "duties": ["independent_adjudicator"]},
}
#: What admission answers of the traveller.
RECORDS: Final[dict[str, Any]] = {
    "examinations": [
        {
            "id": EXAMINATION,
            "revision": 4,
            "opened_at": "2026-11-18T12:00:00.000000Z",
            "port_id": "US-DETROIT",
            "state": "decided",
            "decision": {"action": "refuse", "class": None, "requirements": ["US-TN-03"]},
            "seeking": ["us.tn"],
            "facts": {},
            "involved": [OFFICER, SUPERVISOR, EDITOR],
            "annulled": False,
        }
    ],
    "lookouts": [
        {
            "id": "L-7",
            "version": 2,
            "list": "screening",
            "owner": "list-office",
            "match": "name",
            "involved": ["list-keeper"],
        }
    ],
    "member": None,
}
CONTENT: Final[dict[str, Any]] = {
    "country": "US",
    "language": "en",
    "identity": {"surname": "Côté", "given_names": "Éloïse", "born_on": "1988-04-12"},
    "documents": [{"kind": "passport", "number": "GA302922", "issued_by": "CA", "expires_on": "2032-05-31"}],
    "contact": {"email": "eloise@example.org"},
    "experiences": ["EXP-DETAIN"],
    "narrative": "They took me for somebody else.",
    "journey": {},
    "examination_id": EXAMINATION,
    "priority": "P2",
    "unit": "cbp",
    "items": [],
}
FACTS: Final = {"facts": ["A name alike, another birth date."], "sources": ["The list"], "secrecy_basis": None}
LETTER: Final[dict[str, Any]] = {
    "decision": "Your claim is granted: the port now knows that you are not the person on the list.",
    "rules": [
        {
            "id": "49 U.S.C. 44926",
            "effective_from": "2007-08-03",
            "text": "A person who was taken for someone else can have the record put right.",
        }
    ],
    "facts": [{"text": "You were born in another year than the person on the list.", "source": "Your passport"}],
    "evidence": [{"number": 1, "why": None}],
    "changes": [],
    "secrecy": [],
    "badge": "4412",
}
DISAMBIGUATED: Final[dict[str, Any]] = {
    "kind": "identity_disambiguated",
    "record": {"kind": "lookout", "id": "L-7", "version": 2},
    "content": {"match": "name"},
}
GRANT: Final[dict[str, Any]] = {
    "category": "misidentified_fixed",
    "outcome": "granted",
    "root_cause": "RC1",
    "letter": LETTER,
    "remedies": [DISAMBIGUATED],
}
UPHELD: Final[dict[str, Any]] = {
    "category": "not_correctable_here",
    "outcome": "upheld",
    "root_cause": "RC0",
    "letter": {**LETTER, "decision": "The record is right and it stays as it is."},
    "recourse": {"outcome": "US-OUT-06", "in_person": True, "inside_country": True, "class": "us.tn"},
}
CLOSED: Final[dict[str, Any]] = {"category": "no_link_found", "outcome": "upheld", "root_cause": "RC0"}
SECRET: Final[dict[str, Any]] = {
    "category": "neither_confirm_nor_deny",
    "outcome": "neither_confirm_nor_deny",
    "root_cause": "RC9",
    "letter": {"secrecy": ["49 U.S.C. 114(r)"], "badge": "17"},
}


async def accepted(service: FastAPI, *, state: str = "accepted", **changes: Any) -> str:
    """A case with one document that has just come to a state, with changes to its file; its id."""
    clock, case_id = service.state.clock, str(uuid7())
    values = {
        "id": case_id,
        "control_number": new_control_number(),
        "priority": "P2",
        "kind": "inquiry",
        "opened_at": format_instant(clock()),
        "examination_id": None,
        "ruling": None,
        "detail": json_text({}),
    }
    rows, case = open_case(
        values, actor="test-intake", party="intake", content={**CONTENT, **changes}, event="open", state=state
    )
    document = {
        "case_id": case_id,
        "number": 1,
        "revision": 1,
        "kind": "passport",
        "name": "passport.pdf",
        "media_type": "application/pdf",
        "size": 3,
        "sha256": "0" * 64,
        "added_at": values["opened_at"],
        "added_by": "test-intake",
    }
    await record(service.state, None, case, [*rows, Insert("evidence", document)])
    return case_id


async def in_adjudication(service: FastAPI, clerk: httpx.AsyncClient, to: str = "ada", **changes: Any) -> str:
    """A case whose records were read, with an adjudicator who may decide it; its id."""
    case_id = await accepted(service, state="adjudication", **changes)
    await took(clerk, case_id, "records", {})
    await took(clerk, case_id, "assignment", {"to": to})
    return case_id


async def decided(
    service: FastAPI, clerk: httpx.AsyncClient, ada: httpx.AsyncClient, draft: dict[str, Any], **changes: Any
) -> str:
    """A case that was decided as drafted; its id."""
    case_id = await in_adjudication(service, clerk, **changes)
    await took(ada, case_id, "draft", draft, method="PUT")
    told = await took(ada, case_id, "decision")
    assert told["state"] == "decided"
    return case_id


async def read(client: httpx.AsyncClient, case_id: str) -> dict[str, Any]:
    """A case as a caseworker reads it."""
    answer = await client.get(f"{CASES}/{case_id}")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def step(
    client: httpx.AsyncClient, case_id: str, verb: str, body: Any = None, *, method: str = "POST"
) -> httpx.Response:
    """A step on the latest version of a case."""
    headers = {"If-Match": f'"{(await read(client, case_id))["revision"]}"', "Idempotency-Key": str(uuid7())}
    return await client.request(method, f"{CASES}/{case_id}/{verb}", json=body, headers=headers)


async def took(
    client: httpx.AsyncClient, case_id: str, verb: str, body: Any = None, *, method: str = "POST"
) -> dict[str, Any]:
    """The case after a step that was accepted."""
    answer = await step(client, case_id, verb, body, method=method)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def refused(answer: httpx.Response) -> tuple[int, str, list[str]]:
    """Status, type and pointers of a problem."""
    document = answer.json()
    pointers = [each["pointer"] for each in document.get("errors", ())]
    return answer.status_code, document["type"].removeprefix("/problems/"), pointers
