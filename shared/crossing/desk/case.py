"""Bodies of determinations. The facts' schema is made from the fact dictionary."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from crossing.facts.statement import statement_model
from crossing.packs import COUNTRIES_WITH_PACKS
from crossing.packs.load import load_dictionary
from crossing.wire.day import Day

Facts: Any = statement_model(load_dictionary()["facts"])
ClassId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.]{2,64}$")]
OverlayId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_.\-]{2,64}$")]
RequirementId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.\-]{2,40}$")]
if TYPE_CHECKING:
    CountryOfAdmission = str
else:
    CountryOfAdmission = Literal[tuple(COUNTRIES_WITH_PACKS)]
Word = Literal["met", "not_met", "unknown", "judgement"]
ClassStatus = Literal["qualifies", "does_not_qualify", "needs_facts", "needs_judgement"]


class CaseIn(BaseModel):
    """A case: what is sought, on which facts."""

    model_config = ConfigDict(extra="forbid")

    seeking: list[ClassId] = Field(default_factory=list, max_length=20, description="classes; empty tries every class")
    overlays: list[OverlayId] = Field(default_factory=list, max_length=5)
    facts: Facts = Field(default_factory=Facts, description="nested by the fact dictionary")
    findings: dict[RequirementId, Literal["met", "not_met"]] = Field(
        default_factory=dict,
        max_length=100,
        description="what a person found of a requirement's judgement; for anyone else, a supposition",
    )


class DeterminationIn(CaseIn):
    """A case for a country of admission and a day of application."""

    into: CountryOfAdmission
    on: Day


class EvidenceOut(BaseModel):
    """A document that shows something."""

    id: str
    text: str


class RequirementOut(BaseModel):
    """One requirement and what it came to."""

    id: str
    kind: Literal["bright_line", "judgement", "mixed"]
    status: Word
    text: str
    citation: str
    verified: bool
    reason: str
    facts: dict[str, Any]
    evidence: list[EvidenceOut]


class JudgementOut(BaseModel):
    """A finding that only an officer may make."""

    requirement: str
    text: str


class FeeOut(BaseModel):
    """A fee that is due."""

    id: str
    text: str
    amount: str
    currency: str
    payer: str
    citation: str
    verified: bool


class CeilingOut(BaseModel):
    """A date beyond which the stay cannot go, and why."""

    until: str
    because: str


class GrantsOut(BaseModel):
    """What admission in a class gives; empty where the class is out of the question."""

    class_: str | None = Field(default=None, alias="class")
    until: str | None = None
    ceilings: list[CeilingOut] = []
    depends_on: list[str] = []
    fees: list[FeeOut] = []
    status_document: str | None = None


class ClassOut(BaseModel):
    """A class of admission tried."""

    class_: str = Field(alias="class")
    code: str
    title: str
    status: ClassStatus
    because: str = Field(description="one sentence that says why the class came out so")
    in_full: bool = Field(description="false: only the requirement that decides is told; seek the class to read it all")
    requirements: list[RequirementOut]
    missing_facts: list[str]
    judgements: list[JudgementOut]
    grants: GrantsOut


class OptionOut(BaseModel):
    """An answer a question allows."""

    value: str
    text: str


class AskedOut(BaseModel):
    """A question that asks for a fact."""

    fact: str
    question: str
    type: str
    of: str | None = None
    unit: str | None = None
    options: list[OptionOut] | None = None


class QuestionOut(AskedOut):
    """A question that would settle something."""

    decides: list[str]


class PackOut(BaseModel):
    """The rule pack that decided."""

    id: str
    version: str
    digest: str


class OverlayOut(BaseModel):
    """An overlay laid over the pack. A proposal is no law, and a drill admits nobody."""

    id: str
    kind: str
    proposal: bool
    drill: bool
    digest: str


class RecommendedOut(BaseModel):
    """What the engine advises."""

    action: Literal["admit", "refer", "refuse"]
    class_: str = Field(alias="class")
    until: str | None


class DeterminationOut(BaseModel):
    """A determination: advice by the engine, with its reasons."""

    into: str
    on: str
    pack: PackOut
    overlays: list[OverlayOut]
    outcome: ClassStatus
    recommended: RecommendedOut
    classes: list[ClassOut]
    next_questions: list[QuestionOut]
    documents: list[EvidenceOut]
    digest: str
