"""Bodies of worked examples."""

from typing import Any

from pydantic import BaseModel, Field


class WorkedExampleOut(BaseModel):
    """A worked example as pack files have them, without anything personal."""

    id: str
    title: str
    source: str
    into: str
    on: str
    seeking: list[str]
    overlays: list[str]
    facts: dict[str, Any] = Field(description="nested by the fact dictionary")
    findings: dict[str, str]
    expect: dict[str, Any] = Field(description="requirements that must come out as redress decided")


class ListOfWorkedExamples(BaseModel):
    """A page of worked examples, by id."""

    examples: list[WorkedExampleOut]
    next: str | None
