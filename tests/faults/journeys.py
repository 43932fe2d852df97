"""What callers do at each service, step by step, each step under a key of its own."""

from collections.abc import Mapping
from typing import Final

from tests.admission.cases import admit, engineer
from tests.advance_ruling.cases import file_in
from tests.faults.load import Caller, Journey
from tests.redress.inquiries.cases import inquiry, person

from crossing.kit.identity import Role


async def examine(caller: Caller) -> None:
    """An officer opens an examination, adds facts and admits the traveller."""
    number = f"GA{caller.chance.randrange(10**6):06}"
    opened = await caller.ask("POST", "/v1/examinations", engineer(scan__fields__document_number=number))
    address = f"/v1/examinations/{opened.json()['id']}"
    added = {"facts": {"support_letter": {"states_pay": True}}}
    after = await caller.ask("PATCH", f"{address}/facts", added, if_match=opened.etag or "")
    await caller.ask("POST", f"{address}/decision", admit(), if_match=after.etag or "")


async def file_inquiry(caller: Caller) -> None:
    """A traveller files an inquiry with redress, from an address of their own."""
    address = ".".join(["198", "18", *(str(caller.chance.randrange(1, 255)) for _ in range(2))])
    body = inquiry(contact={}, identity=person(caller.number))
    await caller.ask("POST", "/v1/inquiries", body, x_forwarded_for=address)


async def apply_for_ruling(caller: Caller) -> None:
    """An applicant opens a file for an advance ruling and saves a draft of its application."""
    opened = await caller.ask("POST", "/v1/files", file_in())
    application = opened.json()["applications"][0]
    address = f"/v1/applications/{application['id']}"
    draft = {"request": {"duties": "Checks the structure of three bridges."}}
    await caller.ask("PATCH", address, draft, if_match=f'"{application["revision"]}"')


#: By service: who calls, the journey, and the statement that counts what the answers to keys stand for.
JOURNEYS: Final[Mapping[str, tuple[Role, Journey, str]]] = {
    "admission": (Role.OFFICER, examine, "SELECT count(*) FROM revisions"),
    "advance-ruling": (Role.APPLICANT, apply_for_ruling, "SELECT count(*) FROM revisions"),
    "redress": (Role.APPLICANT, file_inquiry, "SELECT count(*) FROM cases"),
}
