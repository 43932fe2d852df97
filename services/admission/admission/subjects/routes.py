"""Routes by which redress asks what a port sees of a subject, and what is on record. Every look leaves an entry."""

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from admission.covered import SUBJECTS
from admission.examinations.traveller import Traveller, person_key
from admission.subjects.check import SubjectChecks
from admission.subjects.entries import MemberNumber
from admission.subjects.reading import NoAnswer
from admission.subjects.records import Sought, examinations_of, with_editors
from admission.subjects.schemas import SubjectOut
from admission.subjects.tell import tell_subject
from crossing.kit.clock import now_of
from crossing.kit.database import reading
from crossing.kit.identity import Caller, Role, caller_with
from crossing.kit.json_text import JsonAnswer
from crossing.kit.languages import language_of
from crossing.kit.ledger import AuditEntry, content_digest
from crossing.kit.problems import Unavailable
from crossing.kit.strict_json import StrictRoute
from crossing.redress.remedies import ControlNumber, DocumentIn
from crossing.wire.countries import Country
from crossing.wire.day import Day

router = APIRouter(prefix="/v1", tags=["subjects"], route_class=StrictRoute)
Service = Annotated[Caller, Depends(caller_with(Role.SERVICE))]
Reading = Annotated[AsyncConnection, Depends(reading)]
Name = Annotated[str, StringConstraints(max_length=120, strip_whitespace=True)]
#: Whoever asks in a case must know, and waits longer than a traveller at the booth.
_SECONDS = 1.0


class SubjectCheckIn(BaseModel):
    """Of whom is asked what a port sees. A person with one name has no given names."""

    model_config = ConfigDict(extra="forbid")

    surname: Annotated[Name, StringConstraints(min_length=1)]
    given_names: Name = ""
    born_on: Day | None = None
    document: DocumentIn | None = None
    membership: MemberNumber | None = None
    control_number: ControlNumber | None = None
    case_id: UUID | None = Field(default=None, description="the case for which it is asked")

    def traveller(self) -> Traveller:
        """The subject as somebody who shows the document."""
        issued_by, number = (self.document.issued_by, self.document.number) if self.document else (None, "")
        named = (self.surname, self.given_names, self.born_on)
        return Traveller(*named, issued_by, issued_by, None, number, None, "fields")


class SubjectRecordsIn(SubjectCheckIn):
    """Of whom a case asks everything that is on record. Citizenships find examinations with other documents."""

    case_id: UUID
    citizenships: list[Country] = Field(default_factory=list, max_length=10)
    examination_id: UUID | None = None


class SubjectRecordsOut(BaseModel):
    """What is on record of a subject."""

    examinations: list[dict[str, Any]]
    lookouts: list[dict[str, Any]]
    member: dict[str, Any] | None


@router.post("/subject-checks", response_model=SubjectOut)
async def post_subject_check(request: Request, caller: Service, asked: SubjectCheckIn) -> Response:
    """What a port would see of somebody now; answers 503 where the lists do not, since who asks must know."""
    check = await _check(request, caller, asked)
    return JsonAnswer(tell_subject(check, language_of(request)))


@router.post("/subject-records", response_model=SubjectRecordsOut)
async def post_subject_records(
    request: Request, caller: Service, connection: Reading, asked: SubjectRecordsIn
) -> Response:
    """Examinations, matching entries of lookout lists and the membership of a subject, for a case."""
    check = await _check(request, caller, asked)
    state = request.app.state
    checks: SubjectChecks = state.subjects
    traveller = asked.traveller()
    nations = {*asked.citizenships, *([asked.document.issued_by] if asked.document else [])}
    keys = [person_key(replace(traveller, nationality=nation), checks.secret) for nation in sorted(nations)]
    examination_id = str(asked.examination_id) if asked.examination_id else None
    sought = Sought(checks.keys_of(traveller), keys, examination_id)
    told = tell_subject(check, language_of(request))
    return JsonAnswer(
        {
            "examinations": await examinations_of(connection, state.lawbook, checks, sought),
            "lookouts": await with_editors(connection, told["lookouts"]),
            "member": told["member"],
        }
    )


async def _check(request: Request, caller: Caller, asked: SubjectCheckIn) -> dict[str, Any]:
    """The check, once its audit entry stands; raises ``Unavailable``."""
    state, at = request.app.state, now_of(request)
    subject = f"cases/{asked.case_id}" if asked.case_id else "subject-checks"
    entry = AuditEntry(SUBJECTS, at, "records.read", caller.subject, subject, content_digest([]))
    await state.ledger.append([], entry)
    checks: SubjectChecks = state.subjects
    try:
        return await checks.asked(
            checks.keys_of(asked.traveller()), at[:10], asked.control_number, asked.membership, _SECONDS
        )
    except NoAnswer:
        raise Unavailable(headers={"Retry-After": "1"}) from None
