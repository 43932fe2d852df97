"""Bodies of what caseworkers do."""

from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from crossing.desk.case import ClassId, RequirementId
from crossing.redress.remedies import Kind, RecordIn
from crossing.wire.day import Day
from redress.letters.letter import letter_data
from redress.procedure import load_procedure
from redress.units import load_units

_STRICT = ConfigDict(extra="forbid")
Subject = Annotated[str, StringConstraints(min_length=1, max_length=128)]
UnitId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_\-]{1,64}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=1_000, strip_whitespace=True)]
LongText = Annotated[str, StringConstraints(min_length=1, max_length=4_000, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
DocumentNumber = Annotated[int, Field(strict=True, ge=1, le=1_000)]
if TYPE_CHECKING:
    Category = str
    Outcome = str
    RootCause = str
    Body = str
else:
    Category = Literal[tuple(name for name, each in letter_data()["categories"].items() if each["outcomes"])]
    Outcome = Literal[tuple(load_procedure().content["outcomes"])]
    RootCause = Literal[tuple(load_procedure().content["root_causes"])]
    Body = Literal[tuple(load_units()["referral"])]


class RoutingIn(BaseModel):
    """The body that owns the record, and who of it says what the record holds."""

    model_config = _STRICT

    record_owner: UnitId
    reviewer: Subject


class FactIn(BaseModel):
    """A fact, and where it is seen."""

    model_config = _STRICT

    text: LongText
    source: Name


class ComponentAnswerIn(BaseModel):
    """What the owner of a record says it holds: facts with sources, and the ground of secrecy, if there is one."""

    model_config = _STRICT

    facts: list[LongText] = Field(min_length=1, max_length=50)
    sources: list[Name] = Field(min_length=1, max_length=50)
    secrecy_basis: Text | None = Field(description="statute under which part of it may not be told; null for none")


class ReasonIn(BaseModel):
    """Why, in the caller's own words."""

    model_config = _STRICT

    reason: LongText


class NoteIn(BaseModel):
    """What somebody at the desk writes down for the others; the traveller does not read it."""

    model_config = _STRICT

    text: LongText


class ReviewIn(BaseModel):
    """A remedy that was looked at again, and why it goes on to hold."""

    model_config = _STRICT

    remedy: UUID
    reason: LongText


class AssignmentIn(BaseModel):
    """Who is to decide: the caller, or another one by subject."""

    model_config = _STRICT

    to: Subject | None = None


class QuestionIn(BaseModel):
    """A question to the traveller. An employer who represents never reads one that is ``about`` something."""

    model_config = _STRICT

    text: LongText
    requirement: RequirementId | None = None
    about: Literal["criminal", "medical", "security"] | None = None


class QuestionsIn(BaseModel):
    """Questions to the traveller, asked at once."""

    model_config = _STRICT

    questions: list[QuestionIn] = Field(min_length=1, max_length=20)


class RuleIn(BaseModel):
    """A rule that the decision rests on, with the day from which it has effect."""

    model_config = _STRICT

    id: Name
    effective_from: Day
    text: LongText


class EvidenceIn(BaseModel):
    """A document of the case by its number; ``why`` says why it is not accepted."""

    model_config = _STRICT

    number: DocumentNumber
    why: LongText | None = None


class ChangeIn(BaseModel):
    """What was changed beside the remedies, in which system."""

    model_config = _STRICT

    system: Name
    text: LongText


class LetterIn(BaseModel):
    """The parts of a letter that its adjudicator writes. What is missing is found by the checks, not refused here."""

    model_config = _STRICT

    decision: Annotated[str, StringConstraints(max_length=1_000)] = ""
    rules: list[RuleIn] = Field(default_factory=list, max_length=50)
    facts: list[FactIn] = Field(default_factory=list, max_length=50)
    evidence: list[EvidenceIn] = Field(default_factory=list, max_length=100)
    changes: list[ChangeIn] = Field(default_factory=list, max_length=50)
    secrecy: list[Text] = Field(default_factory=list, max_length=20)
    badge: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9\-]{1,16}$")] | None = None


class RemedyIn(BaseModel):
    """A remedy to order; the record is named in the version that was read."""

    model_config = _STRICT

    kind: Kind
    record: RecordIn | None = None
    content: dict[str, Any] = Field(default_factory=dict, max_length=20)


class RecourseIn(BaseModel):
    """What the person may turn against: an outcome or a situation of the recourse map, and how it came about."""

    model_config = _STRICT

    outcome: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9\-]{3,40}$")]
    in_person: bool = False
    inside_country: bool = False
    class_id: ClassId | None = Field(default=None, alias="class")


class DraftIn(BaseModel):
    """A decision as it would be: by which category it is told, its outcome, root cause, letter and remedies."""

    model_config = _STRICT

    category: Category
    outcome: Outcome
    root_cause: RootCause
    requirement: RequirementId | None = Field(default=None, description="the rule in which the root cause lies")
    letter: LetterIn = Field(default_factory=LetterIn)
    remedies: list[RemedyIn] = Field(default_factory=list, max_length=20)
    recourse: RecourseIn | None = None
    body: Body | None = Field(default=None, description="the body that it is referred to")


class FastFixIn(DraftIn):
    """A decision on a clerical error, with the number of the document that proves it."""

    document: DocumentNumber


class ReferralIn(BaseModel):
    """The body that an inquiry outside redress is for."""

    model_config = _STRICT

    body: Body
    reason: LongText


class NotationIn(BaseModel):
    """The statement that stands beside a record whose correction was refused."""

    model_config = _STRICT

    record: RecordIn
    text: Text


class PanelIn(BaseModel):
    """Who hears the appeal."""

    model_config = _STRICT

    members: list[Subject] = Field(min_length=1, max_length=9)


class RecordsIn(BaseModel):
    """An examination that the case is about, where the traveller could not name it."""

    model_config = _STRICT

    examination_id: UUID | None = None


class AnewIn(BaseModel):
    """A correction to order anew, by its number, on the record as it is now."""

    model_config = _STRICT

    number: Annotated[int, Field(strict=True, ge=1, le=1_000)]
    record: RecordIn | None = None
    content: dict[str, Any] = Field(default_factory=dict, max_length=20)


class CorrectionIn(BaseModel):
    """Nothing, to order what the decision grants; the corrections to order anew, where a record had changed."""

    model_config = _STRICT

    corrections: list[AnewIn] = Field(default_factory=list, max_length=20)
