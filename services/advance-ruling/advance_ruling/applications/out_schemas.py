"""What files and applications answer."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from advance_ruling.applications.schemas import ContactIn, PetitionerIn, Publication, RepresentativeIn
from crossing.desk.case import ClassStatus, DeterminationOut, JudgementOut, QuestionOut


class DraftOut(BaseModel):
    """An application of a file, in short."""

    id: str
    state: str
    revision: int
    identity: dict[str, Any]


class FileOut(BaseModel):
    """A file with its applications."""

    id: str
    into: str
    class_: str = Field(alias="class")
    language: str
    publication: Publication
    track: str
    filed_by: str
    petitioner: PetitionerIn | None
    representative: RepresentativeIn | None
    contact: ContactIn
    created_at: str
    version: int
    applications: list[DraftOut]


class FileSummary(BaseModel):
    """A file in a list."""

    id: str
    into: str
    class_: str = Field(alias="class")
    created_at: str


class ListOfFiles(BaseModel):
    """A page of files, newest first."""

    files: list[FileSummary]
    next: str | None


class ItemOut(BaseModel):
    """Something that is missing: which requirement asks for it, and what cures the lack."""

    requirement: str
    text: str
    cure: str
    fields: list[str] = Field(description="JSON Pointers to what is to be filled in")
    documents: list[str] = Field(description="kinds of documents of which one is to be sent")


class CompletenessOut(BaseModel):
    """Whether anything is missing."""

    complete: bool
    items: list[ItemOut]


class EligibilityOut(BaseModel):
    """What a ruling may decide of the case, as it stands; admissibility is never ruled."""

    outcome: ClassStatus
    judgements: list[JudgementOut]
    next_questions: list[QuestionOut]
    never_ruled: list[str]
    never_ruled_text: str


class DocumentOut(BaseModel):
    """A document."""

    number: int
    kind: str
    kind_text: str
    name: str
    media_type: str
    size: int
    sha256: str
    requirements: list[str]
    added_at: str


class ListOfDocuments(BaseModel):
    """The documents of an application."""

    documents: list[DocumentOut]


class EventOut(BaseModel):
    """Something that happened; an applicant reads who did it by role only."""

    revision: int
    event: str
    state: str
    state_text: str
    at: str
    by: str
    actor: str | None


class PossibleOut(BaseModel):
    """Something the applicant can do now."""

    step: str
    text: str


class StandingOut(BaseModel):
    """Where an application stands, in words."""

    state: str
    state_text: str
    who_acts: str
    due_at: str | None
    late: bool


class ApplicationOut(StandingOut):
    """An application told in full."""

    id: str
    file: str
    into: str
    class_: str = Field(alias="class")
    number: str | None = Field(description="the ruling's, once it is issued")
    revision: int
    track: str
    publication: Publication
    language: str
    now: str
    late_text: str | None
    you_can: list[PossibleOut]
    identity: dict[str, Any]
    facts: dict[str, Any]
    request: dict[str, Any]
    consent: dict[str, Any] | None
    completeness: CompletenessOut
    determination: DeterminationOut
    eligibility: EligibilityOut
    findings: dict[str, Any]
    documents: list[DocumentOut]
    questions: list[dict[str, Any]]
    answers: list[dict[str, Any]]
    denial: dict[str, Any] | None
    declination: dict[str, Any] | None
    history: list[EventOut]
    binding_note: str
    desk: dict[str, Any] | None = Field(description="for those who decide only")


class ApplicationSummary(StandingOut):
    """An application in a list."""

    id: str
    file: str
    into: str
    class_: str = Field(alias="class")
    track: str


class ListOfApplications(BaseModel):
    """A page of applications, newest first."""

    applications: list[ApplicationSummary]
    next: str | None


class PrecedentOut(BaseModel):
    """A ruling on an equal pattern of facts, with what the adjudicator said of it."""

    number: str
    class_: str = Field(alias="class")
    state: str
    issued_at: str
    how: Literal["cited", "distinguished"] | None
    reason: str | None


class ListOfPrecedents(BaseModel):
    """The precedents of an application."""

    precedents: list[PrecedentOut]


class LateOut(BaseModel):
    """How many applications of a class passed the law's last day."""

    into: str
    class_: str = Field(alias="class")
    count: int


class LateStatistics(BaseModel):
    """Breaches of the law's last day, by class and direction only."""

    late: list[LateOut]
