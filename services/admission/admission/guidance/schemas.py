"""Bodies of the guidance: the law as data, read-only."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from crossing.desk.case import EvidenceOut, OptionOut, PackOut


class ProvisionOut(BaseModel):
    """A rule that binds the officer or explains; it is not tested."""

    id: str
    text: str
    citation: str
    verified: bool


class GuidanceRequirementOut(BaseModel):
    """A requirement as it stands on a day."""

    id: str
    kind: Literal["bright_line", "judgement", "mixed", "provision"]
    text: str
    citation: str
    in_force: dict[str, str]
    verified: bool
    unverified_note: str | None
    source: list[str]
    evidence: list[EvidenceOut]
    cure: str | None
    on_fail: str | None
    classes: list[str]


class GuidanceClassOut(BaseModel):
    """A class of admission in force."""

    class_: str = Field(alias="class")
    code: str
    title: str
    requirements: list[str]
    provisions: list[str]
    status_documents: list[str]


class GuidancePackOut(PackOut):
    """The rule pack, and what its texts are in each language: original, official terms or our translation."""

    languages: dict[str, str]


class ListOfClasses(BaseModel):
    """Classes of a country on a day."""

    into: str
    on: str
    pack: GuidancePackOut
    classes: list[GuidanceClassOut]


class ListOfRequirements(BaseModel):
    """Requirements of a country on a day, a page of them."""

    into: str
    on: str
    pack: GuidancePackOut
    requirements: list[GuidanceRequirementOut]
    next: str | None


class FactOut(BaseModel):
    """A fact that may be stated."""

    path: str
    type: str
    of: str | None
    unit: str | None
    label: str
    question: str
    options: list[OptionOut]
    material: bool
    personal: bool
    proved_by: list[EvidenceOut]


class ListOfFacts(BaseModel):
    """The fact dictionary."""

    facts: list[FactOut]


class TableOut(BaseModel):
    """A table of the law on a day; ``rows`` have the columns the law gives them."""

    into: str
    on: str
    id: str
    rows: list[dict[str, Any]]


class ListOfTables(BaseModel):
    """Names of the tables of a country."""

    into: str
    tables: list[str]
