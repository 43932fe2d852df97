"""What others tell that opens a case."""

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
