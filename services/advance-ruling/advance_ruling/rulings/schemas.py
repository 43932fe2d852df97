"""Bodies of what is done with a ruling."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from crossing.desk.case import RequirementId
from crossing.rulings.procedure import load_procedure
from crossing.wire.day import Day

_STRICT = ConfigDict(extra="forbid")
Ground = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{2,64}$")]
LongText = Annotated[str, StringConstraints(min_length=3, max_length=4_000, strip_whitespace=True)]
if TYPE_CHECKING:
    Word = str
else:
    Word = Literal[tuple(dict.fromkeys([*load_procedure().content["verify"]["states"].values(), "unknown"]))]


class ReasonIn(BaseModel):
    """A reason and the requirement that it is about."""

    model_config = _STRICT

    requirement: RequirementId
    text: LongText


class ModificationIn(BaseModel):
    """What a new version of a ruling holds otherwise than the one before."""

    model_config = _STRICT

    valid_until: Day | None = Field(default=None, description="another last day")
    no_longer_settled: list[RequirementId] = Field(default_factory=list, max_length=100)
    conditions: list[LongText] = Field(default_factory=list, max_length=20, description="what is added, in words")


class ProposalIn(BaseModel):
    """A change proposed by the authority of the country that is entered; its holder may comment."""

    model_config = _STRICT

    ground: Ground
    action: Literal["modify", "revoke"]
    text: LongText = Field(description="what the ruling would say")
    reasons: list[ReasonIn] = Field(min_length=1, max_length=50)
    modification: ModificationIn | None = Field(default=None, description="what a modification changes")


class CommentIn(BaseModel):
    """What the holder says to a proposal."""

    model_config = _STRICT

    text: LongText


class AdoptionIn(BaseModel):
    """The proposal is adopted; the comments are answered."""

    model_config = _STRICT

    answer_to_comments: LongText


class DropIn(BaseModel):
    """The proposal is dropped."""

    model_config = _STRICT

    reason: LongText


class ShortChangeIn(BaseModel):
    """A change of a young ruling by letter to its holder."""

    model_config = _STRICT

    letter_sent_on: Day
    modification: ModificationIn
    reasons: list[ReasonIn] = Field(min_length=1, max_length=50)


class PostponementIn(BaseModel):
    """A later effect for a holder who relied on the ruling in good faith."""

    model_config = _STRICT

    reliance: LongText
    until: AwareDatetime


class SuspensionIn(BaseModel):
    """A suspension on one of the grounds that the procedure lists."""

    model_config = _STRICT

    ground: Ground
    reference: LongText = Field(description="the order, by its number and date")


class ResumptionIn(BaseModel):
    """The ground of a suspension is gone."""

    model_config = _STRICT

    reason: LongText


class RevocationIn(BaseModel):
    """A revocation because false or misleading information was given."""

    model_config = _STRICT

    document: LongText = Field(description="the document that shows the falsehood")
    heard_on: Day = Field(description="the day on which the holder was heard")
    reasons: list[ReasonIn] = Field(min_length=1, max_length=50)
    from_the_beginning: bool = Field(default=False, description="as if it had never been issued")


class StepOut(BaseModel):
    """A step in the life of a ruling. ``by`` is the part that whoever took it has in the file."""

    revision: int
    at: str
    event: str
    by: str
    state: str
    detail: dict[str, Any]


class VersionOut(BaseModel):
    """A version of a ruling."""

    version: int
    effective_from: str
    valid_from: str
    valid_until: str
    settled: list[str]
    facts: dict[str, Any]
    conditions: list[str]
    reasons: list[dict[str, Any]]
    fingerprint: str
    pack_version: str
    pack_digest: str


class RulingOut(BaseModel):
    """A ruling as its holder and the adjudicators see it."""

    number: str
    application: str
    into: str
    class_: str = Field(alias="class")
    state: str
    status: Word
    binds: bool
    due_at: str | None
    current: VersionOut
    coming: VersionOut | None = Field(description="a version that has no effect yet")
    proposal: dict[str, Any] | None
    history: list[StepOut]
    limits: str = Field(description="what the ruling never decides, and what its binding effect rests on")


class StepTaken(BaseModel):
    """A step that was taken, and where the ruling stands then."""

    number: str
    revision: int
    event: str
    state: str
    at: str
    due_at: str | None
    effective_from: str


class UpdateBegun(BaseModel):
    """A draft that was begun from a ruling."""

    application: str
    replaces: str


class AffectedOut(BaseModel):
    """A ruling that new law would decide otherwise."""

    number: str
    pack_digest: str
    found_at: str
    outcome: str
    changed: list[str]
    ends_at: str | None = Field(
        description="when the law itself ends the binding effect; none where a change is needed"
    )


class ListOfAffected(BaseModel):
    """A page of them."""

    rulings: list[AffectedOut]
    next: str | None
