"""What caseworkers read."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class HeadOut(BaseModel):
    """A case in the queue, without the name of its traveller."""

    id: str
    control_number: str = Field(description="Redress Control Number")
    kind: str
    state: str
    state_text: str
    priority: str
    unit: str | None
    unit_text: str | None
    assigned_to: str | None
    examination_id: str | None
    ruling: str | None
    opened_at: str
    due_at: str | None
    late: bool


class ListOfCases(BaseModel):
    """A page of cases, those first that are due first."""

    cases: list[HeadOut]
    next: str | None


class CaseOut(BaseModel):
    """A case in full, as the desk reads it."""

    model_config = ConfigDict(extra="allow")

    id: str
    control_number: str = Field(description="Redress Control Number")
    state: str
    revision: int
    desk: dict[str, Any] = Field(description="the case file: what was sent, answered, drafted and decided")
