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
from admission.subjects.records import Sought, examinations_of, traveller_of, with_editors
from admission.subjects.redress_alone import Redress
from admission.subjects.schemas import SubjectOut
from admission.subjects.tell import tell_subject
from crossing.kit.clock import now_of
from crossing.kit.database import reading
from crossing.kit.identity import Caller
from crossing.kit.json_text import JsonAnswer
from crossing.kit.languages import language_of
from crossing.kit.ledger import AuditEntry, content_digest
from crossing.kit.problems import Unavailable
from crossing.kit.strict_json import StrictRoute
from crossing.redress.remedies import ControlNumber, DocumentIn
from crossing.wire.countries import Country
from crossing.wire.day import Day

router = APIRouter(prefix="/v1", tags=["subjects"], route_class=StrictRoute)
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


class ExaminationSubjectIn(BaseModel):
    """Of which examination is asked whom it was about, and for which case."""

    model_config = ConfigDict(extra="forbid")

    examination_id: UUID
    case_id: UUID


class ExaminationSubjectOut(BaseModel):
    """Whom an examination was about, as the document said that was shown."""

    surname: str
    given_names: str
    born_on: str | None
    nationality: str | None
    issued_by: str | None
    document_kind: str | None
    document_number: str
    expires_on: str | None


class SubjectRecordsOut(BaseModel):
    """What is on record of a subject."""

    examinations: list[dict[str, Any]]
    lookouts: list[dict[str, Any]]
    member: dict[str, Any] | None


@router.post("/subject-checks", response_model=SubjectOut)
async def post_subject_check(request: Request, caller: Redress, asked: SubjectCheckIn) -> Response:
    """What a port would see of somebody now; answers 503 where the lists do not, since who asks must know."""
    check = await _check(request, caller, asked)
    return JsonAnswer(tell_subject(check, language_of(request)))


@router.post("/subject-records", response_model=SubjectRecordsOut)
async def post_subject_records(
    request: Request, caller: Redress, connection: Reading, asked: SubjectRecordsIn
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


@router.post("/examination-subjects", response_model=ExaminationSubjectOut)
async def post_examination_subject(
    request: Request, caller: Redress, connection: Reading, asked: ExaminationSubjectIn
) -> Response:
    """Whom an examination was about, for a case that it opened by itself and that nobody filed."""
    await _enter_look(request, caller, asked.case_id)
    traveller = await traveller_of(connection, str(asked.examination_id))
    return JsonAnswer({name: getattr(traveller, name) for name in ExaminationSubjectOut.model_fields})


async def _check(request: Request, caller: Caller, asked: SubjectCheckIn) -> dict[str, Any]:
    """The check, once its audit entry stands; raises ``Unavailable``."""
    day = (await _enter_look(request, caller, asked.case_id))[:10]
    checks: SubjectChecks = request.app.state.subjects
    keys = checks.keys_of(asked.traveller())
    try:
        return await checks.asked(keys, day, asked.control_number, asked.membership, _SECONDS)
    except NoAnswer:
        raise Unavailable(headers={"Retry-After": "1"}) from None


async def _enter_look(request: Request, caller: Caller, case_id: UUID | None) -> str:
    """Enter in the audit chain that somebody looks, and for which case; the instant of it."""
    at, subject = now_of(request), f"cases/{case_id}" if case_id else "subject-checks"
    entry = AuditEntry(SUBJECTS, at, "records.read", caller.subject, subject, content_digest([]))
    await request.app.state.ledger.append([], entry)
    return at
