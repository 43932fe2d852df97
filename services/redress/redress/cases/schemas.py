"""Bodies of cases."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class DepartureIn(BaseModel):
    """What admission tells of a departure from a ruling. It may tell more, which is let pass unread."""

    model_config = ConfigDict(extra="ignore")

    number: str = Field(min_length=1, max_length=64)
    version: int = Field(ge=1)
    ground: str = Field(min_length=1, max_length=64)
    reason: str = Field(min_length=1, max_length=4_000)
    document: str | None = Field(default=None, max_length=200)
    proposed_by: str = Field(min_length=1, max_length=128)
    confirmed_by: str = Field(min_length=1, max_length=128)
    examination: str = Field(min_length=1, max_length=36)
    port: str = Field(min_length=1, max_length=16)
    language: Literal["en", "fr", "es"]


class CaseOut(BaseModel):
    """A case."""

    id: str
    control_number: str = Field(description="Redress Control Number")
    priority: Literal["P0", "P1", "P2", "P3"]
    kind: Literal["ruling_departed"]
    opened_at: str
    examination_id: str
    ruling: str | None
    detail: DepartureIn


class ListOfCases(BaseModel):
    """A page of cases, newest first."""

    cases: list[CaseOut]
    next: str | None
