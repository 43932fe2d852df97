"""Bodies of the steps of an application: by the applicant, and by those who decide."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from advance_ruling.applications.schemas import IdentityIn, Language, LongText, RequestIn, RulingNumber
from crossing.desk.case import Facts, RequirementId

_STRICT = ConfigDict(extra="forbid")


class SubmissionIn(BaseModel):
    """The statement that the application is true and complete."""

    model_config = _STRICT

    statement_of_truth: bool
    language: Language | None = None


class AnswerIn(BaseModel):
    """An answer to one question."""

    model_config = _STRICT

    question: Annotated[int, Field(strict=True, ge=1, le=1_000)]
    text: LongText


class AnswersIn(BaseModel):
    """What the applicant says when asked: missing items, answers to questions, or to a proposed denial."""

    model_config = _STRICT

    answers: list[AnswerIn] = Field(default_factory=list, max_length=50)
    text: LongText | None = None
    identity: IdentityIn = Field(default_factory=IdentityIn)
    facts: Facts = Field(default_factory=Facts)
    request: RequestIn = Field(default_factory=RequestIn)


class ReasonIn(BaseModel):
    """A reason in the caller's own words."""

    model_config = _STRICT

    reason: LongText


class DeclinationIn(BaseModel):
    """A ground of the closed list on which an application is not taken up, and why."""

    model_config = _STRICT

    ground: Annotated[str, StringConstraints(pattern=r"^[a-z_]{3,40}$")]
    reason: LongText


class FindingIn(BaseModel):
    """What an adjudicator finds of a requirement that only a person can judge; ``null`` takes a finding back."""

    model_config = _STRICT

    finding: Literal["met", "not_met"]
    reason: LongText


class FindingsIn(BaseModel):
    """Findings by requirement, laid over those recorded."""

    model_config = _STRICT

    findings: dict[RequirementId, FindingIn | None] = Field(min_length=1, max_length=100)


class CitedIn(BaseModel):
    """A text about a requirement."""

    model_config = _STRICT

    requirement: RequirementId
    text: LongText


class QuestionsIn(BaseModel):
    """Questions to the applicant; each cites the requirement that it tests."""

    model_config = _STRICT

    questions: list[CitedIn] = Field(min_length=1, max_length=20)


class DeficiencyIn(BaseModel):
    """What an adjudicator finds missing; each item cites the requirement that asks for it, and says what cures it."""

    model_config = _STRICT

    items: list[CitedIn] = Field(min_length=1, max_length=50)


class DenialProposalIn(BaseModel):
    """Reasons for a denial, and what would change the result."""

    model_config = _STRICT

    reasons: list[CitedIn] = Field(min_length=1, max_length=50)
    would_change: LongText


class SecondReadingIn(BaseModel):
    """What the second reader thinks of the proposed denial."""

    model_config = _STRICT

    agrees: bool
    reason: LongText


class PrecedentIn(BaseModel):
    """A ruling on an equal pattern: followed, or held to be another case, and why."""

    model_config = _STRICT

    number: RulingNumber
    how: Literal["cited", "distinguished"]
    reason: LongText


class PrecedentsIn(BaseModel):
    """What the adjudicator says of the precedents."""

    model_config = _STRICT

    precedents: list[PrecedentIn] = Field(min_length=1, max_length=100)


class AssignmentIn(BaseModel):
    """Who is to decide: the caller, or another adjudicator by subject."""

    model_config = _STRICT

    to: Annotated[str, StringConstraints(min_length=1, max_length=128)] | None = None
