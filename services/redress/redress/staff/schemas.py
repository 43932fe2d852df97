"""Bodies of the staff list."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Duty = Literal["case_officer", "component_reviewer", "independent_adjudicator", "appeal_panel"]
Subject = Annotated[str, Field(min_length=1, max_length=96, pattern=r"^[!-.0-~]+$")]


class StaffIn(BaseModel):
    """What somebody does in redress."""

    model_config = ConfigDict(extra="forbid", strict=True)

    unit: str = Field(
        min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$", description="where they work"
    )
    reports_to: Subject | None = Field(default=None, description="subject of whoever they report to")
    duties: list[Duty] = Field(max_length=4, description="what they may do; none: they left")


class StaffOut(BaseModel):
    """An entry of the staff list."""

    subject: str
    version: int
    unit: str
    reports_to: str | None
    duties: list[Duty]


class StaffList(BaseModel):
    """A page of the staff list, by subject."""

    staff: list[StaffOut]
    next: str | None
