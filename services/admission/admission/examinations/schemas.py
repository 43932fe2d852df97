"""Bodies of examinations."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from admission.examinations.states import Kind, State
from admission.rulings.schemas import Reason, RulingDepartureOut, RulingInDecisionOut, RulingOut, Token
from admission.subjects.schemas import SubjectOut
from crossing.desk.case import CaseIn, ClassId, DeterminationOut, Facts, RequirementId
from crossing.packs.load import load_dictionary
from crossing.redress.remedies import ControlNumber
from crossing.wire.countries import Country
from crossing.wire.day import Day

Line = Annotated[str, StringConstraints(max_length=60)]
PersonName = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
if TYPE_CHECKING:
    DocumentKind = str
else:
    DocumentKind = Literal[tuple(load_dictionary()["facts"]["travel_document.kind"]["options"])]
DocumentNumber = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9\- ]{1,30}$")]
RemedyId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]
_STRICT = ConfigDict(extra="forbid")


class FieldsIn(BaseModel):
    """What is printed on the document, entered by hand. A person with one name has no given names."""

    model_config = _STRICT

    document_kind: DocumentKind = "passport"
    issued_by: Country
    document_number: DocumentNumber
    surname: PersonName
    given_names: Annotated[str, StringConstraints(max_length=120, strip_whitespace=True)] = ""
    nationality: Country
    born_on: Day
    expires_on: Day | None = None


class ScanIn(BaseModel):
    """A document as the terminal read it: its machine readable zone, or fields entered by hand."""

    model_config = _STRICT

    mrz: list[Line] | None = Field(default=None, min_length=2, max_length=3)
    fields: FieldsIn | None = None

    @model_validator(mode="after")
    def _one_of_the_two(self) -> "ScanIn":
        if (self.mrz is None) == (self.fields is None):
            raise ValueError("give mrz or fields, one of the two")
        return self


class ExaminationIn(CaseIn):
    """An examination to open: the document's scan and what the traveller declared."""

    scan: ScanIn
    language: Literal["en", "fr", "es"] = Field(default="en", description="the traveller's language, for notices")
    rulings: list[Token] = Field(default_factory=list, max_length=3, description="tokens of the rulings presented")
    reattested: bool = Field(
        default=False, description="the holder declares that nothing a ruling rests on has changed"
    )
    redress_control_number: ControlNumber | None = Field(
        default=None, description="the number of a redress case, where the traveller gives one"
    )


class FactsIn(BaseModel):
    """Facts and findings to add. They are laid over what is known; a fact given as null is taken back."""

    model_config = _STRICT

    facts: Facts = Field(default_factory=Facts)
    findings: dict[RequirementId, Literal["met", "not_met"] | None] = Field(default_factory=dict, max_length=100)
    seeking: list[ClassId] | None = Field(default=None, max_length=20)
    reattested: bool = Field(
        default=False, description="the holder declares that nothing a ruling rests on has changed"
    )


class ReferralIn(BaseModel):
    """A referral to secondary."""

    model_config = _STRICT

    reason: Reason


class DepartureIn(BaseModel):
    """A requirement that the officer sees otherwise than the determination, and why."""

    model_config = _STRICT

    requirement: RequirementId
    reason: Reason


class DecisionIn(BaseModel):
    """An officer's decision."""

    model_config = _STRICT

    action: Literal["admit", "refuse"]
    class_: ClassId | None = Field(default=None, alias="class", description="the class of admission, when admitting")
    until: Day | None = Field(default=None, description="last day of the stay; the grant's own when left out")
    reason: Reason
    departures: list[DepartureIn] = Field(default_factory=list, max_length=100)
    notations_read: list[RemedyId] = Field(
        default_factory=list, max_length=50, description="statements beside records, read before these were used"
    )


class SupersessionIn(BaseModel):
    """A decision that takes the place of the one that stands, and why."""

    model_config = _STRICT

    reason: Reason
    decision: DecisionIn


class WithdrawalIn(BaseModel):
    """A withdrawal of application: the traveller's own, recorded by the officer."""

    model_config = _STRICT

    reason: Reason


class TravellerOut(BaseModel):
    """The traveller as the document names him or her."""

    surname: str
    given_names: str
    born_on: str | None
    nationality: str | None
    issued_by: str | None
    document_kind: str | None
    document_number: str
    expires_on: str | None
    read_from: Literal["mrz", "fields"]


class AnnulledOut(BaseModel):
    """Under which Redress Control Number a refusal was annulled, and when."""

    remedy: str
    control_number: str
    on: Day


class AmendedOut(AnnulledOut):
    """What an admission is by redress: its class and its last day, by which version of the rules."""

    class_: str = Field(alias="class")
    until: Day
    rule_version: str


class DecisionOut(BaseModel):
    """A decision as it stands. A refusal that was annulled is on record and no longer adverse."""

    action: Literal["admit", "refuse"]
    class_: str | None = Field(alias="class")
    until: str | None
    reason: str
    departs: bool
    departures: list[DepartureIn]
    rulings: list[RulingInDecisionOut]
    notations_read: list[str]
    by: str
    at: str
    adverse: bool
    annulled: AnnulledOut | None
    amended: AmendedOut | None


class ExaminationOut(BaseModel):
    """An examination as it stands."""

    id: str
    port_id: str
    terminal_id: str | None
    state: State
    revision: int
    opened_at: str
    opened_by: str
    language: str
    traveller: TravellerOut
    facts: dict[str, Any]
    findings: dict[str, str]
    determination: DeterminationOut
    referral: dict[str, Any] | None
    decision: DecisionOut | None
    withdrawal: dict[str, Any] | None
    subject: SubjectOut | None
    look_closer: bool
    rulings: list[RulingOut]
    ruling_departures: list[RulingDepartureOut]


class RevisionOut(BaseModel):
    """One step of an examination."""

    revision: int
    kind: Kind
    state: State
    at: str
    by: str
    determination_digest: str
    pack_digest: str
    detail: dict[str, Any]


class ListOfRevisions(BaseModel):
    """Every step of an examination; nothing is ever overwritten."""

    revisions: list[RevisionOut]


class ExaminationSummary(BaseModel):
    """An examination in a list."""

    id: str
    port_id: str
    opened_at: str
    state: State
    seeking: list[str]
    action: str | None
    class_: str | None = Field(alias="class")
    adverse: bool = Field(description="a refusal that stands; one that was annulled is none")
    annulled: AnnulledOut | None
    amended: AmendedOut | None


class ListOfExaminations(BaseModel):
    """A page of examinations, newest first."""

    examinations: list[ExaminationSummary]
    next: str | None
    unreadable: list[str] = Field(
        default=[], description="ids of those on the page whose record is damaged so that nothing can be told of them"
    )
