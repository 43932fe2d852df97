"""Entries of lists about the travellers of the cases, and how they are brought."""

from typing import Any

from tests.admission.cases import PASSPORT
from tests.conftest import Desk

from crossing.kit.identity import Role


def named(scan: dict[str, Any] = PASSPORT) -> dict[str, Any]:
    """A person as a list names one: without the document."""
    return {name: scan[name] for name in ("surname", "given_names", "born_on")}


def document_of(scan: dict[str, Any] = PASSPORT) -> dict[str, Any]:
    """A document as a list names one."""
    return {"issued_by": scan["issued_by"], "number": scan["document_number"]}


def lookout(identifier: str = "L-1", **changes: Any) -> dict[str, Any]:
    """An entry of a lookout list, found by name."""
    entry = {
        "id": identifier,
        "list": "border-alerts",
        "owner_unit": "cbp",
        "kind": "person",
        "reason": "customs",
        **named(),
    }
    return entry | changes


def member(number: str = "98765432", **changes: Any) -> dict[str, Any]:
    """A membership of the passport's holder."""
    entry = {
        "number": number,
        "programme": "nexus",
        "state": "active",
        "valid_until": "2029-04-12",
        "classes": ["us.tn"],
        "endorsements": ["XPT"],
        **named(),
        "document": document_of(),
    }
    return entry | changes


async def bring(desk: Desk, name: str, *entries: dict[str, Any]) -> dict[str, Any]:
    """The answer to entries that a supervisor brings into a list."""
    async with desk.client(Role.SUPERVISOR) as supervisor:
        answer = await supervisor.post(f"/admission/v1/{name}", json={"entries": list(entries)})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told
