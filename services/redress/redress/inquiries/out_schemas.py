"""What an inquiry's owner is told."""

from typing import Literal

from pydantic import BaseModel, Field

from redress.inquiries.schemas import ConsentIn, ContactIn, DocumentIn, GuardianIn, IdentityIn, JourneyIn


class Named(BaseModel):
    """A code with its name."""

    code: str
    text: str


class CanDo(BaseModel):
    """A step that the reader can take now."""

    step: str
    text: str


class KindOfDocument(BaseModel):
    """A kind of document that would do."""

    kind: str
    text: str


class Missing(BaseModel):
    """Documents of which one is still needed."""

    group: str
    text: str
    one_of: list[KindOfDocument]


class Document(BaseModel):
    """A document that was sent."""

    number: int
    kind: str
    kind_text: str
    name: str
    media_type: str
    size: int = Field(description="bytes")
    sha256: str
    added_at: str


class Question(BaseModel):
    """A question, with its answer; texts are null where they are not for the reader."""

    id: int
    text: str | None
    answer: str | None
    asked_at: str | None
    answered_at: str | None


class Decision(BaseModel):
    """The outcome; the reasons are in the letter."""

    outcome: str
    notice_on: str | None
    appeal_until: str | None


class Representative(BaseModel):
    """Who acts for the traveller."""

    name: str
    kind: str
    kind_text: str
    paid: bool
    consent: "ConsentOut"


class ConsentOut(ConsentIn):
    """A consent, and the day on which it was taken back."""

    revoked_on: str | None = None


class Event(BaseModel):
    """A step, by whom as far as the traveller is told."""

    revision: int
    state: str
    state_text: str
    at: str
    by: str


class InquiryOut(BaseModel):
    """An inquiry in words. Parts that are not for the reader are null."""

    control_number: str = Field(description="Redress Control Number")
    revision: int
    country: str
    language: str
    reader: Literal["applicant", "representative"]
    state: str
    state_text: str
    now: str = Field(description="what happens now")
    who_acts: str
    due_at: str | None
    you_can: list[CanDo]
    identity: IdentityIn | None
    documents: list[DocumentIn] | None
    contact: ContactIn | None
    experiences: list[Named] | None
    narrative: str | None
    journey: JourneyIn | None
    examination_id: str | None
    ruling: str | None
    guardian: GuardianIn | None
    representative: Representative | None
    missing: list[Missing] | None
    evidence: list[Document] | None
    questions: list[Question] | None
    decision: Decision | None
    history: list[Event]


class FiledOut(InquiryOut):
    """An inquiry that was filed, and its secret where no e-mail address takes it."""

    secret_by_mail: bool
    secret: str | None = Field(description="told once; keep it with the number")


class RecoveryOut(BaseModel):
    """The answer to everybody who asks for the way back."""

    text: str


Representative.model_rebuild()
