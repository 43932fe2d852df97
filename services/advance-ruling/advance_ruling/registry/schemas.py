"""Bodies of the registry."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

LongText = Annotated[str, StringConstraints(min_length=3, max_length=4_000, strip_whitespace=True)]
SentenceId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.\-]{2,80}$")]


class ObjectionIn(BaseModel):
    """An objection to one fact or sentence of a draft."""

    model_config = ConfigDict(extra="forbid")

    sentence: SentenceId = Field(description="a fact's path or a sentence's id")
    reason: LongText


class ObjectionAnswerIn(BaseModel):
    """A second reader's answer to an objection."""

    model_config = ConfigDict(extra="forbid")

    sentence: SentenceId
    upheld: bool = Field(description="true: what was objected to is left out")
    answer: LongText


class PublicReason(BaseModel):
    """A sentence of the reasons."""

    id: str
    requirement: str
    text: str


class PublicFact(BaseModel):
    """A fact as people read it."""

    label: str
    value: str


class HistoryOut(BaseModel):
    """A step that changed how a ruling stands."""

    at: str
    event: str
    state: str


class DigestOut(BaseModel):
    """The public digest of a decision."""

    number: str
    version: int
    kind: str
    decided_on: str
    into: str
    class_: str = Field(alias="class")
    question: str
    facts: dict[str, Any]
    facts_in_words: list[PublicFact]
    requirements: list[str]
    pack: dict[str, str]
    holding: str
    reasons: list[PublicReason]
    status: str
    withdrawn_on: str | None = Field(description="the day from which the text stands as a tombstone")


class PublishedOut(DigestOut):
    """A digest with what became of the decision."""

    status_history: list[HistoryOut]
    replaced_by: str | None


class ListOfDigests(BaseModel):
    """A page of digests."""

    digests: list[DigestOut]
    next: str | None


class DraftOut(BaseModel):
    """A draft as its holder sees it before it is published."""

    number: str
    version: int
    made_at: str
    published_not_before: str
    published_at: str | None
    digest: dict[str, Any]
    objections: list[dict[str, Any]]


class ObjectionTaken(BaseModel):
    """An objection made or answered."""

    number: str
    sentence: str
    upheld: bool | None
