"""Remedies as redress sends them, for travellers of the cases."""

from typing import Any

import httpx
from tests.admission.cases import PASSPORT
from tests.conftest import Desk
from uuid_utils.compat import uuid7

from crossing.kit.identity import Role

REMEDIES = "/admission/v1/remedies"
NUMBER = "23456789A"
CASE = "01a20203-589b-755d-8f73-8fa02fc3653f"


def subject_of(scan: dict[str, Any] = PASSPORT) -> dict[str, Any]:
    """Whom a scan shows, as a remedy names a person."""
    return {
        "surname": scan["surname"],
        "given_names": scan["given_names"],
        "born_on": scan["born_on"],
        "document": {"issued_by": scan["issued_by"], "number": scan["document_number"]},
    }


def remedy(kind: str, content: dict[str, Any] | None = None, record: Any = None, **changes: Any) -> dict[str, Any]:
    """The body of a remedy; ``record`` is kind, id and version."""
    body = {
        "kind": kind,
        "case_id": CASE,
        "control_number": NUMBER,
        "subject": subject_of(),
        "content": content or {},
        "record": dict(zip(("kind", "id", "version"), record, strict=True)) if record else None,
    }
    return body | changes


async def send(
    desk: Desk,
    body: dict[str, Any],
    identifier: str | None = None,
    *,
    role: Role = Role.SERVICE,
    subject: str = "redress",
    **headers: str,
) -> httpx.Response:
    """The answer to a remedy."""
    async with desk.client(role, subject=subject) as redress:
        return await redress.put(f"{REMEDIES}/{identifier or uuid7()}", json=body, headers=headers)


async def applied(
    desk: Desk, kind: str, content: dict[str, Any] | None = None, record: Any = None, **changes: Any
) -> str:
    """The id of a remedy that was applied."""
    answer = await send(desk, remedy(kind, content, record, **changes))
    assert answer.status_code == 201, answer.text
    identifier: str = answer.json()["id"]
    return identifier
